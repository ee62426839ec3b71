/** Step 2: a new version stands in the record, pending; its key lies sealed until its one delivery. */
import { SEAL_LIFETIME_SECONDS } from '../../../rules/seal-lifetime.ts';
import { newKeyText } from '../domain/key-format.ts';
import { hashKey } from '../domain/key-hash.ts';
import { type KeyRecord, type KeyVersion, newestVersion } from '../domain/key-record.ts';
import { Plaintext } from '../domain/plaintext.ts';
import { generated } from '../domain/rotation-steps.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { Peppers } from '../ports/peppers.ts';
import { changeRunning } from './change-running.ts';
import type { RotationDeps, StepInput, StepResult } from './rotation-deps.ts';

export const SEAL_LIFETIME_MS = SEAL_LIFETIME_SECONDS * 1000;

interface NewVersionDeps {
  readonly peppers: Peppers;
  readonly prefix: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Makes a key for the record's next version, and the version that knows it by its hash. */
export async function makeVersion(
  deps: NewVersionDeps,
  of: Pick<KeyRecord, 'keyId' | 'environment'>,
  version: number,
): Promise<{ readonly key: Plaintext; readonly version: KeyVersion }> {
  const pepper = await deps.peppers.current();
  const key = new Plaintext(
    newKeyText({ prefix: deps.prefix, environment: of.environment, keyId: of.keyId }, deps.randomBytes),
  );
  return {
    key,
    version: {
      version,
      status: 'pending',
      hash: hashKey(key.reveal(), pepper.secret),
      pepperVersion: pepper.version,
      createdAtMs: deps.clock(),
    },
  };
}

/** Repeated or run twice at once, it leaves one pending version: the loser's key was never written and is gone. */
export function generateVersion(deps: RotationDeps, step: StepInput): Promise<StepResult> {
  return changeRunning(deps, step, async (record, rotation) => {
    if (rotation.status !== 'starting') return { result: { ...step, next: 'verify' } };

    const { key, version } = await makeVersion(deps, record, newestVersion(record) + 1);
    const context = {
      keyId: record.keyId,
      version: version.version,
      environment: record.environment,
    };
    const sealed = await deps.sealer.seal(key, context, deps.clock() + SEAL_LIFETIME_MS);
    return {
      result: { ...step, next: 'verify' },
      change: {
        after: generated(record, rotation, version),
        seal: { put: sealed },
        entry: {
          action: 'version.generated',
          atMs: deps.clock(),
          detail: {
            version: version.version,
            pepperVersion: version.pepperVersion,
            delivery: record.delivery,
          },
        },
      },
    };
  });
}
