/** Moves the labels of a key's secret to where they belong. */
import { SecretUnsettled } from '../domain/errors.ts';
import { nextMove, type StageGoal } from '../domain/secret-stages.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';

export interface SettleDeps {
  readonly secrets: Pick<SecretVersions, 'describe' | 'move'>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const ATTEMPTS = 15;
const PAUSE_MS = 200;

/**
 * Repeated, or at the same time as another, it comes to the same end: each move names where the label is taken from, and
 * is refused where it is not any more. What was just moved may not be seen at once, so a refused move is decided anew.
 */
export async function settleStages(
  { secrets, sleep }: SettleDeps,
  secretId: string,
  goal: StageGoal,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = await secrets.describe(secretId);
    const move = state ? nextMove(state.versions, goal) : 'missing';
    if (move === undefined) return;
    const moved = move === 'missing' ? 'stale' : await secrets.move(secretId, move);
    if (moved === 'stale') await sleep(PAUSE_MS);
  }
  throw new SecretUnsettled(
    `The labels of the secret ${secretId} did not come to version ${goal.version} of key ${goal.keyId} in ${ATTEMPTS} calls.`,
  );
}
