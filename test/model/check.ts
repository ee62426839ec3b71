/** Plays random scenarios until enough commands were carried out, or one breaks an invariant. */
import fc from 'fast-check';
import { scenarios } from './arbitraries.ts';
import type { DeliveryName, Scenario } from './commands.ts';
import type { Weights } from './generators.ts';
import { type Played, play, type Stage } from './play.ts';
import { shorten } from './shorten.ts';
import { tell } from './story.ts';
import { Tally } from './tally.ts';
import type { Invariant, Violation } from './violation.ts';

export interface Search {
  readonly stage: () => Stage | Promise<Stage>;
  /** Told of each scenario that was played. */
  readonly onPlayed?: (scenario: Scenario, played: Played) => Promise<void>;
  readonly seed: number;
  /** Ends once this many were carried out. */
  readonly commands: number;
  /** No story begins after this; by the machine's clock. Undefined: as long as it takes. */
  readonly endsAtMs?: number;
  /** In one story. */
  readonly mostRounds: number;
  /** What happens more often than in life, to find something sooner. */
  readonly more?: Weights | undefined;
  /** Of the first key of each story; undefined: any. */
  readonly delivery?: DeliveryName | undefined;
  /** Most rounds are several commands at the same time. */
  readonly inRaces?: boolean | undefined;
  /** Looks for these alone. */
  readonly only?: readonly Invariant[] | undefined;
  /** Plays this one scenario of the seed. */
  readonly path?: string | undefined;
}

export interface Finding {
  readonly violation: Violation;
  readonly seed: number;
  readonly path: string;
  readonly scenario: Scenario;
}

export interface Checked {
  readonly commands: number;
  readonly scenarios: number;
  readonly tally: Tally;
  readonly finding: Finding | undefined;
}

/** Scenarios that are drawn with one seed; the next ones have the next. */
const BATCH = 10;

export async function check(search: Search): Promise<Checked> {
  const tally = new Tally();
  const done = { commands: 0, scenarios: 0 };
  let finding: Finding | undefined;
  const { commands, endsAtMs = Number.POSITIVE_INFINITY } = search;
  const goesOn = () => !finding && done.commands < commands && performance.now() < endsAtMs;
  for (let seed = search.seed; goesOn(); seed += 1) {
    finding = await checkBatch(search, seed, (played) => {
      done.commands += played.commands;
      done.scenarios += 1;
      tally.add(played.tally);
    });
    if (search.path !== undefined) break;
  }
  return { ...done, tally, finding };
}

async function checkBatch(
  search: Search,
  seed: number,
  onPlayed: (played: Played) => void,
): Promise<Finding | undefined> {
  const { stage, mostRounds, only, path } = search;
  const property = fc.asyncProperty(scenarios(mostRounds, search), async (scenario) => {
    const played = await play(await stage(), scenario);
    onPlayed(played);
    await search.onPlayed?.(scenario, played);
    const violation = played.story?.violation;
    if (violation && (only?.includes(violation.invariant) ?? true)) throw violation;
  });
  const parameters = { seed, numRuns: BATCH, endOnFailure: true, ...(path === undefined ? {} : { path }) };
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, parameters);
  if (!failed) return undefined;
  const violation = errorInstance as Violation;
  // A defect of the model itself.
  if (violation.name !== 'Violation') throw errorInstance;
  const [scenario] = counterexample as [Scenario];
  return { violation, seed, path: String(counterexamplePath), scenario };
}

/** The shortest story that breaks the same invariant. */
export async function shortestStory(
  stage: Search['stage'],
  { violation, scenario }: Finding,
): Promise<string> {
  const breaksAsWell = async (candidate: Scenario) =>
    (await play(await stage(), candidate)).story?.violation.invariant === violation.invariant;
  const { story } = await play(await stage(), await shorten(scenario, breaksAsWell));
  return story ? tell(story) : `It does not happen again: ${violation.message}`;
}
