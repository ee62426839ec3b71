/** What the four steps of a rotation by Secrets Manager need from outside, and what they answer. */
import type { KeyRecord } from '../domain/key-record.ts';
import type { SecretVersion } from '../domain/secret-versions.ts';
import type { Clock, Executions, KeyVerifier, MachineStarter } from '../ports/ambient.ts';
import type { KeySealer } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { SecretState, SecretVersions } from '../ports/secret-versions.ts';

export interface SecretRotationDeps {
  readonly secrets: SecretVersions;
  /** Read, never written: what happens to the key is the rotation machine's. */
  readonly store: Pick<KeyStore, 'find' | 'findSealed' | 'findRotation'>;
  readonly sealer: Pick<KeySealer, 'open'>;
  readonly machine: MachineStarter;
  readonly executions: Pick<Executions, 'stateOf'>;
  readonly verifier: KeyVerifier;
  readonly endpoint?: string;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** One of the calls that Secrets Manager makes for a rotation, found to be in order. */
export interface SecretTurn {
  readonly secretId: string;
  readonly token: string;
  readonly state: SecretState;
  /** The version of the secret that is under way. */
  readonly pending: SecretVersion;
  readonly record: KeyRecord;
}

/** `refused` is said to Secrets Manager as an error: it begins again, with the same token. */
export type SecretStep = { readonly outcome: 'done' } | Refused;

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: string;
  /** The rotation has come to nothing, and is not tried again. */
  readonly givenUp?: true;
}

/** Of every rotation that Secrets Manager has asked for. */
export const INITIATED_BY = 'secretsmanager.amazonaws.com';

export const DONE: SecretStep = { outcome: 'done' };
export const refuse = (reason: string): Refused => ({ outcome: 'refused', reason });

/**
 * A rotation that cannot come to a good end any more loses its label, or Secrets Manager would try it for ever and
 * start no other.
 */
export async function giveUp(
  { secrets }: Pick<SecretRotationDeps, 'secrets'>,
  { secretId, token }: Pick<SecretTurn, 'secretId' | 'token'>,
  reason: string,
): Promise<Refused> {
  await secrets.move(secretId, { stage: 'AWSPENDING', from: token });
  return { ...refuse(`${reason} It is given up; another can be started.`), givenUp: true };
}
