/** Leaves a version to the rotation by Secrets Manager that it was made for, for a while. */

import { tokenOf } from '../../core/domain/secret-token.ts';
import { CURRENT, holds, PENDING, staged } from '../../core/domain/secret-versions.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { PlacedVersion } from '../../core/ports/key-place.ts';
import type { SecretVersions } from '../../core/ports/secret-versions.ts';

/** The four steps take some seconds; half of the time that the function may run is left. */
const LONGEST_MS = 15_000;
const PAUSE_MS = 1_000;

/**
 * The rotation function puts the new key under the token that Secrets Manager has given it, tests it and makes it the
 * current one. Only if that does not come about in time does whoever waits here do it.
 */
export async function awaitOwnRotation(
  { secrets, clock, sleep }: AwaitDeps,
  secretId: string,
  { version, rotationId }: PlacedVersion,
): Promise<void> {
  const token = tokenOf(rotationId);
  const deadlineMs = clock() + LONGEST_MS;
  while (token !== undefined && clock() < deadlineMs) {
    const versions = (await secrets.describe(secretId))?.versions ?? [];
    const current = staged(versions, CURRENT);
    if (current && holds(current, version)) return;
    if (staged(versions, PENDING)?.id !== token) return;
    await sleep(PAUSE_MS);
  }
}

export interface AwaitDeps {
  readonly secrets: Pick<SecretVersions, 'describe'>;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
}
