/** What Secrets Manager calls to rotate a key's secret, or the pepper: the four steps of its contract. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { DynamoPepperFaults } from '../../adapters/dynamodb/dynamo-pepper-faults.ts';
import { DynamoPepperRecord } from '../../adapters/dynamodb/pepper-record.ts';
import { AuthorizerVerifier } from '../../adapters/lambda/authorizer-verifier.ts';
import { KeySecretVersions } from '../../adapters/secrets-manager/key-secret-versions.ts';
import { SecretsManagerPepperSecret } from '../../adapters/secrets-manager/pepper-secret.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import { SecretRotationRefused } from '../../core/domain/errors.ts';
import { setSecretVersion, testSecretVersion } from '../../core/use-cases/check-secret-version.ts';
import { createSecretVersion } from '../../core/use-cases/create-secret-version.ts';
import type { SecretCall } from '../../core/use-cases/find-secret-turn.ts';
import { finishPepper } from '../../core/use-cases/finish-pepper.ts';
import { finishSecretVersion } from '../../core/use-cases/finish-secret-version.ts';
import { type NotePepperFailureDeps, withFailureNoted } from '../../core/use-cases/note-pepper-failure.ts';
import { PepperFaultMeter } from '../../core/use-cases/pepper-fault-meter.ts';
import type { PepperTurnDeps } from '../../core/use-cases/pepper-turn.ts';
import type { SecretRotationDeps, SecretStep } from '../../core/use-cases/secret-rotation-deps.ts';
import { setPepper, stagePepper, testPepper } from '../../core/use-cases/stage-pepper.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import { connectSealer } from '../sealer.ts';
import type { SecretRotationEnv } from './env.ts';

/** As Secrets Manager sends it. */
export interface SecretRotationEvent {
  readonly Step: string;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** By their names in the contract. */
type Steps = ReadonlyMap<string, (call: SecretCall) => Promise<SecretStep>>;

const logger = new Logger({ serviceName: 'keyturn-secret-rotation' });
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'ROTATION_MACHINE_ARN',
  'PEPPER_SECRET_ID',
  'PEPPER_MACHINE_ARN',
  'AUTHORIZER_FUNCTIONS',
  'ENDPOINT',
] as const satisfies readonly (keyof SecretRotationEnv)[]);
const documents = documentClient();
const store = new DynamoKeyStore(documents, env.TABLE_NAME);
const client = new SecretsManagerClient({});
const secrets = new KeySecretVersions(client);
const stepFunctions = new SFNClient({});
const deps: SecretRotationDeps = {
  secrets,
  store,
  sealer: connectSealer(env.SEAL_KEY_ID, store, logger),
  machine: new StateMachine(stepFunctions, env.ROTATION_MACHINE_ARN),
  executions: new MachineExecutions(stepFunctions),
  verifier: new AuthorizerVerifier(
    new LambdaClient({}),
    env.AUTHORIZER_FUNCTIONS.split(',').filter((arn) => arn !== ''),
  ),
  ...(env.ENDPOINT === '' ? {} : { endpoint: env.ENDPOINT }),
  clock: Date.now,
  sleep,
};

const pepperDeps: PepperTurnDeps = {
  secrets,
  peppers: new SecretsManagerPepperSecret(client, env.PEPPER_SECRET_ID),
  record: new DynamoPepperRecord(documents, env.TABLE_NAME),
  machine: new StateMachine(stepFunctions, env.PEPPER_MACHINE_ARN),
  clock: Date.now,
  randomBytes,
  sleep,
};

const failureDeps: NotePepperFailureDeps = {
  ...pepperDeps,
  onUnnoted: (error) => logger.error('A failure could not be put on record', faultOf(error)),
};
const faults = new PepperFaultMeter(new DynamoPepperFaults(documents, env.TABLE_NAME), 'secret-rotation', 0);

const OF_A_KEY: Steps = new Map([
  ['createSecret', (call) => createSecretVersion(deps, call)],
  ['setSecret', (call) => setSecretVersion(deps, call)],
  ['testSecret', (call) => testSecretVersion(deps, call)],
  ['finishSecret', (call) => finishSecretVersion(deps, call)],
]);
const OF_THE_PEPPER: Steps = new Map(
  Object.entries({
    createSecret: stagePepper,
    setSecret: setPepper,
    testSecret: testPepper,
    finishSecret: finishPepper,
  }).map(([step, run]) => [
    step,
    (call) => withFailureNoted(failureDeps, step, call, () => run(pepperDeps, call)),
  ]),
);

/** Throws where the step was not done: Secrets Manager begins again then, with the same token. */
export async function handler(event: SecretRotationEvent): Promise<void> {
  const { Step: step, SecretId: secretId, ClientRequestToken: token } = event;
  const about = { step, secretId, token };
  try {
    const run = (isPepper(secretId) ? OF_THE_PEPPER : OF_A_KEY).get(step);
    if (!run) throw new SecretRotationRefused(`The step '${String(step)}' is not known.`);
    const answer = await run({ secretId, token });
    if (answer.outcome === 'refused') throw new SecretRotationRefused(answer.reason);
    logger.info('step', about);
  } catch (error) {
    const { name, message } = error as Error;
    const metrics = pepperFaultMetrics(error, Date.now());
    logger.error('The step was not done', { ...about, fault: name, cause: message, ...metrics });
    await faults.note(error, Date.now());
    throw error;
  }
}

/** Secrets Manager names a secret by its ARN, which ends in a dash and six letters behind the name. */
const isPepper = (secretId: string): boolean =>
  [secretId, /:secret:(.+)-[^-]{6}$/.exec(secretId)?.[1]].includes(env.PEPPER_SECRET_ID);
