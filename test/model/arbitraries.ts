/** Random scenarios: what a story is about decides what happens in it, and how often. */
import fc from 'fast-check';
import { DELIVERIES, type DeliveryName, POLICIES, type Round, type Scenario } from './commands.ts';
import { commandsBy, type Weights } from './generators.ts';

/** Much that is drawn finds nothing to act on and is passed over: steps come first, so that rotations get on. */
const ALONE: Weights = {
  step: 240,
  use: 50,
  'wait for machine': 120,
  rotate: 36,
  wait: 12,
  claim: 20,
  repeat: 8,
  rollback: 3,
  'give up': 5,
  sweep: 8,
  'wait for due date': 8,
  enable: 16,
  disable: 3,
  issue: 2,
  'start again': 3,
  abort: 3,
  'end environment': 4,
  doubt: 4,
  exempt: 2,
  'end exemption': 2,
  forget: 3,
  // A story in which its key is revoked has little left to tell.
  revoke: 1,
};

/** What meets in a race: most of it writes. */
const RACING: Weights = {
  step: 120,
  repeat: 40,
  claim: 30,
  use: 24,
  rollback: 6,
  exempt: 6,
  sweep: 10,
  rotate: 16,
  disable: 3,
  enable: 20,
  wait: 6,
  'give up': 5,
  abort: 3,
  revoke: 1,
};

/** Emergencies of many keys, which run beside everything else. */
export const RUNS: Weights = {
  'run step': 300,
  'emergency of all': 16,
  'resume run': 8,
  'repeat run step': 8,
  'abort run': 3,
};

/** Rotations of the pepper, under everything else. */
export const PEPPERS: Weights = {
  'pepper step': 200,
  'rotate pepper': 16,
  'repeat pepper step': 12,
  'abort pepper': 3,
};

/** Keys on their way to their owners, under everything else. */
export const DELIVERED: Weights = {
  deliver: 30,
  'open link': 40,
  renew: 40,
  place: 20,
  rollback: 10,
};

/** Alone: a process has the policies that were deployed when it began. */
const DEPLOYING: Weights = { deploy: 1 };

/** Of 41 rounds: how many are of one command, and how many of several. */
const SELDOM = { alone: 30, together: 10 };
const OFTEN = { alone: 10, together: 30 };

function rounds(alone: Weights, racing: Weights, shares = SELDOM): fc.Arbitrary<Round> {
  const together = fc.record({
    together: fc.array(commandsBy(racing), { minLength: 2, maxLength: 3, size: 'max' }),
    turns: fc.array(fc.nat(2), { minLength: 8, maxLength: 24, size: 'max' }),
  });
  return fc.oneof(
    { weight: shares.alone, arbitrary: commandsBy(alone) },
    { weight: shares.together, arbitrary: together },
    { weight: 1, arbitrary: commandsBy(DEPLOYING) },
  );
}

type Theme = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Round> };

const THEMES: readonly Theme[] = [
  { weight: 4, arbitrary: rounds(ALONE, RACING) },
  { weight: 1, arbitrary: rounds({ ...ALONE, ...RUNS, rotate: 12, issue: 12 }, { ...RACING, ...RUNS }) },
  { weight: 2, arbitrary: rounds({ ...ALONE, ...DELIVERED, issue: 6 }, { ...RACING, ...DELIVERED }) },
  { weight: 1, arbitrary: rounds({ ...ALONE, ...PEPPERS, issue: 12 }, { ...RACING, ...PEPPERS, issue: 6 }) },
];

/** One theme alone: all that happens anyway, and some of it more often. */
const about = (more: Weights, inRaces = false): readonly Theme[] => [
  { weight: 1, arbitrary: rounds({ ...ALONE, ...more }, { ...RACING, ...more }, inRaces ? OFTEN : SELDOM) },
];

/** What stories are about; without any of it every theme has its own. */
export interface Subject {
  /** What happens more often than in life. */
  readonly more?: Weights | undefined;
  /** Of the first key. */
  readonly delivery?: DeliveryName | undefined;
  readonly inRaces?: boolean | undefined;
}

const settings = fc.tuple(
  fc.constantFrom(
    { memorySeconds: 5, flushSeconds: 10, cacheSeconds: 0 },
    { memorySeconds: 0, flushSeconds: 0, cacheSeconds: 0 },
    { memorySeconds: 60, flushSeconds: 30, cacheSeconds: 0 },
    { memorySeconds: 0, flushSeconds: 10, cacheSeconds: 300 },
  ),
  fc.constantFrom(0, 10),
);

/** @param mostRounds in one story */
export const scenarios = (
  mostRounds: number,
  { more, delivery, inRaces }: Subject = {},
): fc.Arbitrary<Scenario> => {
  const lengths = { minLength: Math.ceil(mostRounds / 2), maxLength: mostRounds, size: 'max' } as const;
  return fc.record({
    settings: settings.map(([ages, secretLagSeconds]) => ({ ...ages, secretLagSeconds })),
    policy: fc.constantFrom(...POLICIES),
    delivery: delivery ? fc.constant(delivery) : fc.constantFrom('operator' as const, ...DELIVERIES),
    rounds: fc.oneof(
      ...(more ? about(more, inRaces) : THEMES).map(({ weight, arbitrary }) => ({
        weight,
        arbitrary: fc.array(arbitrary, lengths),
      })),
    ),
  });
};
