/** Random scenarios. What is early in a list is what a counterexample shrinks to. */
import fc from 'fast-check';
import { type Command, type Crash, ORDERS, type OrderName, POLICIES, type Round, type Scenario } from './commands.ts';

const some = fc.nat(7);
const key = fc.constantFrom(0, 0, 0, 0, 1, 2);

const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({
    write: fc.constantFrom(0, 0, 1),
    when: fc.constantFrom('before' as const, 'after' as const),
    how: fc.constantFrom('fails' as const, 'dies' as const),
  }),
  { nil: undefined, freq: 10 },
);

const a = <const Do extends Command['do']>(name: Do) => fc.constant(name);
const order = fc.constantFrom(...(Object.keys(ORDERS) as OrderName[]));
const seconds = fc.constantFrom(1, 4, 6, 16, 60, 1_800, 3_600, 86_400, 15 * 86_400);

const weighed: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [30, fc.record({ do: a('step'), execution: fc.constantFrom(0, 0, 0, 1, 2), crash })],
  [12, fc.record({ do: a('use'), key, version: fc.constantFrom(0, 0, 1, 1, 2), environment: some, crash })],
  [8, fc.record({ do: a('wait for machine') })],
  [5, fc.record({ do: a('rotate'), key, order, crash })],
  [5, fc.record({ do: a('wait'), seconds })],
  [5, fc.record({ do: a('claim'), key, crash })],
  [3, fc.record({ do: a('repeat'), execution: some, which: some, crash })],
  [2, fc.record({ do: a('rollback'), key, crash })],
  [2, fc.record({ do: a('give up'), execution: some, crash })],
  [2, fc.record({ do: a('sweep'), crash })],
  [2, fc.record({ do: a('enable'), key, crash })],
  [1, fc.record({ do: a('disable'), key, crash })],
  [1, fc.record({ do: a('issue'), policy: fc.constantFrom(...POLICIES), crash })],
  [1, fc.record({ do: a('start again'), execution: some, crash })],
  [1, fc.record({ do: a('abort'), execution: some })],
  [1, fc.record({ do: a('end environment'), environment: some, flushes: fc.boolean(), crash })],
  [1, fc.record({ do: a('doubt'), objects: fc.boolean() })],
  [1, fc.record({ do: a('exempt'), key, crash })],
  [1, fc.record({ do: a('end exemption'), key, crash })],
  [1, fc.record({ do: a('forget'), execution: some })],
];

const command = fc.oneof(
  ...weighed.map(([weight, arbitrary]) => ({ weight: weight * 4, arbitrary })),
  // A story in which a key is revoked early has little left to tell.
  { weight: 1, arbitrary: fc.record({ do: a('revoke'), key, crash }) },
);

/** Alone: a process has the policies that were deployed when it began. */
const deploy = fc.record({ do: a('deploy'), policies: fc.nat(1) });

const together = fc.record({
  together: fc.array(command, { minLength: 2, maxLength: 3, size: 'max' }),
  turns: fc.array(fc.nat(2), { maxLength: 24, size: 'max' }),
});

const round: fc.Arbitrary<Round> = fc.oneof(
  { weight: 30, arbitrary: command },
  { weight: 10, arbitrary: together },
  { weight: 1, arbitrary: deploy },
);

const settings = fc.constantFrom(
  { memorySeconds: 5, flushSeconds: 10 },
  { memorySeconds: 0, flushSeconds: 0 },
  { memorySeconds: 60, flushSeconds: 30 },
);

/** @param mostRounds in one story */
export const scenarios = (mostRounds: number): fc.Arbitrary<Scenario> =>
  fc.record({
    settings,
    policy: fc.constantFrom(...POLICIES),
    rounds: fc.array(round, { minLength: Math.ceil(mostRounds / 2), maxLength: mostRounds, size: 'max' }),
  });
