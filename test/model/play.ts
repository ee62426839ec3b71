/** Plays one scenario on the product, from the issue of a key to the proof that it still rotates. */

import type { ManualClock } from '../support/manual-clock.ts';
import type { Scenario } from './commands.ts';
import { listenTo } from './listen.ts';
import type { Parts } from './parts.ts';
import { perform } from './perform.ts';
import { recover } from './recover.ts';
import { checkStored } from './stored.ts';
import type { Story } from './story.ts';
import { Tally } from './tally.ts';
import { World } from './world.ts';

/** The product on a fresh table. The clock is the one that its parts read. */
export interface Stage {
  readonly parts: Parts;
  readonly clock: ManualClock;
}

export interface Played {
  /** How many were carried out; of the others there was nothing to act on. */
  readonly commands: number;
  readonly tally: Tally;
  /** What happened, as it is told. */
  readonly rounds: readonly (readonly string[])[];
  /** Undefined if every invariant held. */
  readonly story: Story | undefined;
}

export async function play({ parts, clock }: Stage, scenario: Scenario): Promise<Played> {
  const { settings, policy, delivery } = scenario;
  const world = new World(parts, settings, clock);
  const { tally } = world;
  const rounds: (readonly string[])[] = [];
  let commands = 0;
  const stopListening = listenTo((text) => world.judge(() => world.secrets.search('in a log line', text)));
  try {
    for (const round of [{ do: 'issue', policy, delivery } as const, ...scenario.rounds]) {
      const { commands: carriedOut, told } = await perform(world, round);
      commands += carriedOut;
      if (carriedOut > 0) rounds.push(told);
      if (world.violation) break;
    }
    // What comes now is the same for every story, and says nothing of what they try.
    world.tally = new Tally();
    if (!world.violation) rounds.push(...(await recover(world)));
    if (!world.violation) await world.judging(() => checkStored(world));
  } finally {
    stopListening();
  }
  const { violation } = world;
  return { commands, tally, rounds, story: violation && { settings, rounds, violation } };
}
