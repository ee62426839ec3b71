/** One command, ready to run: as a process of its own, which may crash and may run beside others. */
import type { Process } from '../process.ts';
import type { World } from '../world.ts';

export interface Act {
  readonly process: Process;
  /** @returns what happened, as a sentence */
  readonly run: () => Promise<string>;
}

/** Runs a process to whatever end, and says what became of it. */
export async function told<Result>(
  world: World,
  process: Process,
  body: () => Promise<Result>,
  answered: (result: Result) => string,
): Promise<string> {
  const ending = await process.run(body);
  world.instances.release(process);
  if (process.wrotePlace && (process.crashed !== undefined || ending.ended !== 'answered'))
    doubtPlace(world, process);
  if (process.crashed !== undefined) world.tally.count(`crash: ${process.crashed}`);
  if (ending.ended === 'died') return `${process.crashed}`;
  if (ending.ended === 'failed') {
    world.judge(() => world.enterError(process, ending.error));
    const { name, message } = ending.error;
    return process.crashed ?? `${name}: ${message}`;
  }
  world.settle(process);
  const said = answered(ending.result);
  return process.crashed ? `${said}, although ${process.crashed}` : said;
}

/** What it has written there last, nobody puts right before the next delivery. */
function doubtPlace(world: World, { task }: Process): void {
  const book = world.ledger.key(String(task.keyId));
  if (!book) return;
  book.mustBePlaced = undefined;
  book.placeDoubted = world.ledger.moment();
}

/** One of a list by any number; undefined if the list is empty. */
export const pick = <Item>(items: readonly Item[], which: number): Item | undefined =>
  items[which % Math.max(1, items.length)];
