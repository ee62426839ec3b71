/** What Secrets Manager calls to rotate a key's secret: the four steps of its contract. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { AuthorizerVerifier } from '../../adapters/lambda/authorizer-verifier.ts';
import { KeySecretVersions } from '../../adapters/secrets-manager/key-secret-versions.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { RotationMachine } from '../../adapters/step-functions/rotation-machine.ts';
import { SecretRotationRefused } from '../../core/domain/errors.ts';
import { setSecretVersion, testSecretVersion } from '../../core/use-cases/check-secret-version.ts';
import { createSecretVersion } from '../../core/use-cases/create-secret-version.ts';
import type { SecretCall } from '../../core/use-cases/find-secret-turn.ts';
import { finishSecretVersion } from '../../core/use-cases/finish-secret-version.ts';
import type { SecretRotationDeps, SecretStep } from '../../core/use-cases/secret-rotation-deps.ts';
import { readEnvironment } from '../environment.ts';
import { connectSealer } from '../sealer.ts';
import type { SecretRotationEnv } from './env.ts';

/** As Secrets Manager sends it. */
export interface SecretRotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

const STEPS: ReadonlyMap<string, (deps: SecretRotationDeps, call: SecretCall) => Promise<SecretStep>> =
  new Map([
    ['createSecret', createSecretVersion],
    ['setSecret', setSecretVersion],
    ['testSecret', testSecretVersion],
    ['finishSecret', finishSecretVersion],
  ]);

const logger = new Logger({ serviceName: 'keyturn-secret-rotation' });
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'ROTATION_MACHINE_ARN',
  'AUTHORIZER_FUNCTIONS',
  'ENDPOINT',
] as const satisfies readonly (keyof SecretRotationEnv)[]);
const store = new DynamoKeyStore(DynamoDBDocumentClient.from(new DynamoDBClient({})), env.TABLE_NAME);
const stepFunctions = new SFNClient({});
const deps: SecretRotationDeps = {
  secrets: new KeySecretVersions(new SecretsManagerClient({})),
  store,
  sealer: connectSealer(env.SEAL_KEY_ID, store, logger),
  machine: new RotationMachine(stepFunctions, env.ROTATION_MACHINE_ARN),
  executions: new MachineExecutions(stepFunctions),
  verifier: new AuthorizerVerifier(
    new LambdaClient({}),
    env.AUTHORIZER_FUNCTIONS.split(',').filter((arn) => arn !== ''),
  ),
  ...(env.ENDPOINT === '' ? {} : { endpoint: env.ENDPOINT }),
  clock: Date.now,
  sleep,
};

/** Throws where the step was not done: Secrets Manager begins again then, with the same token. */
export async function handler(event: SecretRotationEvent): Promise<void> {
  const { Step: step, SecretId: secretId, ClientRequestToken: token } = event;
  const about = { step, secretId, token };
  try {
    const run = STEPS.get(step);
    if (!run) throw new SecretRotationRefused(`The step '${String(step)}' is not known.`);
    const answer = await run(deps, { secretId, token });
    if (answer.outcome === 'refused') throw new SecretRotationRefused(answer.reason);
    logger.info('step', about);
  } catch (error) {
    const { name, message } = error as Error;
    logger.error('The step was not done', { ...about, fault: name, cause: message });
    throw error;
  }
}
