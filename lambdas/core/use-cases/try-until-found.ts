/** What was just written is not always found at once: asks some times, with a pause after each. */
import type { SecretRotationDeps } from './secret-rotation-deps.ts';

const ATTEMPTS = 5;

/** @returns what `read` found first; undefined when it never did */
export async function tryUntilFound<Found>(
  { sleep }: Pick<SecretRotationDeps, 'sleep'>,
  pauseMs: number,
  read: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await read();
    if (found) return found;
    await sleep(pauseMs);
  }
  return undefined;
}
