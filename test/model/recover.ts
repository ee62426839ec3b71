/** After the story: whatever happened, a new rotation of an enabled key comes to its end. */

import type { KeyBook } from './books.ts';
import type { Command } from './commands.ts';
import { perform } from './perform.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const MOST_STEPS = 16;

/** @returns what was done, for the story */
export async function recover(world: World): Promise<(readonly string[])[]> {
  const rounds: (readonly string[])[] = [];
  const act = async (command: Command) => {
    const { told } = await perform(world, command);
    if (told.length > 0) rounds.push(told);
  };
  await act({ do: 'doubt', objects: false });
  await act({ do: 'place', isOut: false });
  while (world.machine.executions.some(({ state }) => state !== undefined)) {
    await act({ do: 'abort', execution: 0 });
  }
  while (world.peppers.executions.some(({ state }) => state !== undefined)) {
    await act({ do: 'abort pepper', run: 0 });
  }
  if (!world.violation) await rotatePepperToEnd(world, act);
  for (const [key, book] of world.ledger.keys.entries()) {
    if (book.refusal || world.violation) continue;
    await rotateToEnd(world, book, key, act);
  }
  return rounds;
}

/** The next rotation of the pepper puts on record what those before it have done. */
async function rotatePepperToEnd(world: World, act: (command: Command) => Promise<void>): Promise<void> {
  await act({ do: 'rotate pepper', cleansUp: false });
  for (let count = 0; count < MOST_STEPS && !world.violation; count += 1) {
    if (world.peppers.executions.at(-1)?.state === undefined) return;
    // Reads of the secret may lag: what is tried again is tried later.
    await act({ do: 'wait', seconds: 11 });
    await act({ do: 'wait for machine' });
    await act({ do: 'pepper step', run: 0 });
  }
  world.judge(() => {
    throw new Violation(0, 'The last rotation of the pepper did not come to its end.');
  });
}

async function rotateToEnd(
  world: World,
  book: KeyBook,
  key: number,
  act: (command: Command) => Promise<void>,
): Promise<void> {
  await act({ do: 'rotate', key, order: 'manual' });
  for (let count = 0; count < MOST_STEPS && !world.violation; count += 1) {
    if (world.machine.executions.at(-1)?.state === undefined) break;
    await act({ do: 'claim', key });
    await act({ do: 'renew', key });
    await act({ do: 'deliver', key });
    await act({ do: 'open link', key, link: 0 });
    await act({ do: 'wait for machine' });
    await act({ do: 'use', key, version: 0, environment: count });
    await act({ do: 'step', execution: 0 });
  }
  const accepted = [...book.versions.values()].filter(({ status }) => status !== 'retired');
  const { fresh } = book.rotations.get(world.machine.executions.at(-1)?.rotationId ?? '') ?? {};
  if (!world.violation && (book.rotation || accepted.length !== 1 || accepted[0] !== fresh)) {
    const left = accepted.map(({ version, status }) => `${version} ${status}`).join(', ');
    const seen = `The last rotation of key ${book.name} did not come to its end: version ${left}.`;
    world.judge(() => {
      throw new Violation(0, seen);
    });
  }
}
