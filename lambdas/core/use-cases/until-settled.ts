/** Writes on what was read: where somebody was faster, what to write is decided again from what stands then. */
import { WriteContention } from '../domain/errors.ts';

/** What an attempt answers whose write came too late. */
export const AGAIN: unique symbol = Symbol('again');

/** Lost races in a row after which something else is wrong. */
const ATTEMPTS = 6;

/** A chain that many functions write to is lost more often than what operators change. */
export const CHAIN_ATTEMPTS = 12;

/**
 * `attempt` runs until it answers anything else than `AGAIN`, so it must have no effect that repeating would harm.
 *
 * @param contention what the `WriteContention` says that is thrown where it never did
 */
export async function untilSettled<Result>(
  attempt: () => Promise<Result | typeof AGAIN>,
  contention: (attempts: number) => string,
  attempts: number = ATTEMPTS,
): Promise<Result> {
  for (let made = 0; made < attempts; made += 1) {
    const answer = await attempt();
    if (answer !== AGAIN) return answer;
  }
  throw new WriteContention(contention(attempts));
}
