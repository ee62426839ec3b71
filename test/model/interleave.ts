/** Runs processes at the same time, one call at a time: the generator says whose call comes next. */
import type { Process } from './process.ts';

/** Lets everything run that does not wait for a turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Each process stops before each of its calls. One of those that wait is let go on until its call has returned and it
 * waits again, or is over: so a race is lost exactly where the story says.
 *
 * @param turns which of the waiting processes goes on, modulo how many they are; 0 when they are used up
 */
export async function interleave(
  processes: readonly Process[],
  bodies: readonly (() => Promise<void>)[],
  turns: readonly number[],
): Promise<void> {
  const held = new Map<Process, (() => void)[]>(processes.map((process) => [process, []]));
  for (const process of processes) {
    process.turn = () => new Promise((resolve) => held.get(process)?.push(resolve));
  }
  const over = Promise.all(bodies.map((body) => body()));
  // What fails is told by `over`, at the end.
  over.catch(() => undefined);
  for (let turn = 0; ; turn += 1) {
    await settled();
    const waiting = processes.filter((process) => (held.get(process)?.length ?? 0) > 0);
    const next = waiting[(turns[turn] ?? 0) % Math.max(1, waiting.length)];
    if (!next) break;
    held.get(next)?.shift()?.();
    await settled();
    await next.quiet();
  }
  for (const process of processes) process.turn = () => Promise.resolve();
  await over;
}
