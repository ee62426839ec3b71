/** `npm run local -- rotate-secret`: rotates a secret of the local cloud, which cannot do it by itself. */
import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { LocalError } from '../local-error.ts';
import type { Progress } from '../progress.ts';
import type { LocalCloud } from '../state.ts';
import { deployedSecret } from './deployed-secret.ts';
import { type DriveOutcome, driveRotation, driveTest } from './drive-rotation.ts';
import { secretIdOf } from './pepper-rotation.ts';

export interface RotateSecretOptions {
  /** Of a rotation that has failed, to begin it again. */
  readonly token?: string;
  /** Only what turning rotation on with `RotateImmediately=false` does. */
  readonly test?: boolean;
}

/** @throws LocalError where the rotation was refused or failed, with how to begin it again */
export async function rotateSecret(
  { endpoint, region, outputs }: Pick<LocalCloud, 'endpoint' | 'region' | 'outputs'>,
  secretId: string,
  { token = randomUUID(), test = false }: RotateSecretOptions,
  progress: Pick<Progress, 'say'>,
): Promise<void> {
  const config = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const clients = { secrets: new SecretsManagerClient(config), lambda: new LambdaClient(config) };
  const secret = deployedSecret(clients, secretIdOf({ outputs }, secretId));
  const drive = { token, onStep: (step: string) => progress.say(`  ${step}`) };
  progress.say(`Rotating ${secretId} under the token ${token}, as Secrets Manager does.`);
  const outcome = await (test ? driveTest : driveRotation)(secret, drive).catch(notThere(secretId));
  if (outcome.outcome !== 'rotated') throw new LocalError(failureOf(outcome, secretId));
  for (const { id, stages } of await secret.versions())
    progress.say(`${[...stages].sort().join(' ')}  ${id}`);
}

const notThere =
  (secretId: string) =>
  (error: unknown): never => {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new LocalError(
      `The local cloud has no secret ${secretId}. 'keyturn --local show <keyId>' names the one of a key; 'pepper' stands for the pepper's.`,
    );
  };

const failureOf = (outcome: Exclude<DriveOutcome, { outcome: 'rotated' }>, secretId: string): string =>
  outcome.outcome === 'refused'
    ? outcome.reason
    : `${outcome.step} failed: ${outcome.reason}\nSecrets Manager would begin it again: npm run local -- rotate-secret ${secretId} --token ${outcome.token}`;
