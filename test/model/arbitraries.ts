/** Random scenarios. What is early in a list is what a counterexample shrinks to. */
import fc from 'fast-check';
import { type Command, type Crash, type OrderName, POLICIES, type Round, type Scenario } from './commands.ts';

const some = fc.nat(7);
const key = fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2);

const crash: fc.Arbitrary<Crash | undefined> = fc.oneof(
  { weight: 7, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      write: fc.constantFrom(0, 0, 1),
      when: fc.constantFrom('before' as const, 'after' as const),
      how: fc.constantFrom('fails' as const, 'dies' as const),
    }),
  },
);

const a = <const Do extends Command['do']>(name: Do) => fc.constant(name);
const order: fc.Arbitrary<OrderName> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('scheduled', 'manual', 'manual, an hour') },
  { weight: 1, arbitrary: fc.constantFrom('emergency', 'emergency, a minute', 'emergency at once') },
);
const seconds = fc.constantFrom(1, 4, 6, 11, 16, 60, 1_800, 3_600, 7_200, 86_400, 15 * 86_400);

type Weighed = { readonly weight: number; readonly arbitrary: fc.Arbitrary<Command> };
const often = (weight: number, arbitrary: fc.Arbitrary<Command>): Weighed => ({ weight, arbitrary });

const step = fc.record({ do: a('step'), execution: fc.constantFrom(0, 0, 0, 1, 2), crash });
const use = fc.record({
  do: a('use'),
  key,
  version: fc.constantFrom(0, 0, 1, 1, 2),
  environment: some,
  crash,
});
const repeat = fc.record({ do: a('repeat'), execution: fc.constantFrom(0, 0, 1, 2), which: some, crash });
const claim = fc.record({ do: a('claim'), key, crash });
const rotate = fc.record({ do: a('rotate'), key, order, crash });
const sweep = fc.record({ do: a('sweep'), crash });
const enable = fc.record({ do: a('enable'), key, crash });
type OnKey = 'rollback' | 'disable' | 'revoke' | 'exempt' | 'end exemption' | 'wait for due date';
const onKey = <const Do extends OnKey>(name: Do) => fc.record({ do: a(name), key, crash });

const command = fc.oneof(
  often(240, step),
  often(50, use),
  often(120, fc.record({ do: a('wait for machine') })),
  often(36, rotate),
  often(12, fc.record({ do: a('wait'), seconds })),
  often(20, claim),
  often(8, repeat),
  often(3, onKey('rollback')),
  often(5, fc.record({ do: a('give up'), execution: some, crash })),
  often(8, sweep),
  often(8, onKey('wait for due date')),
  often(16, enable),
  often(3, onKey('disable')),
  often(2, fc.record({ do: a('issue'), policy: fc.constantFrom(...POLICIES), crash })),
  often(3, fc.record({ do: a('start again'), execution: some, crash })),
  often(3, fc.record({ do: a('abort'), execution: some })),
  often(4, fc.record({ do: a('end environment'), environment: some, flushes: fc.boolean(), crash })),
  often(4, fc.record({ do: a('doubt'), objects: fc.constantFrom(true, false, false) })),
  often(2, onKey('exempt')),
  often(2, onKey('end exemption')),
  often(3, fc.record({ do: a('forget'), execution: some })),
  // A story in which its key is revoked has little left to tell.
  often(1, onKey('revoke')),
);

/** What meets in a race: most of it writes. */
const racing = fc.oneof(
  often(120, step),
  often(40, repeat),
  often(30, claim),
  often(24, use),
  often(6, onKey('rollback')),
  often(6, onKey('exempt')),
  often(10, sweep),
  often(16, rotate),
  often(3, onKey('disable')),
  often(20, enable),
  often(12, fc.record({ do: a('wait'), seconds: fc.constantFrom(1, 4, 20) })),
  often(5, fc.record({ do: a('give up'), execution: some, crash })),
  often(3, fc.record({ do: a('abort'), execution: some })),
  often(1, onKey('revoke')),
);

/** Alone: a process has the policies that were deployed when it began. */
const deploy = fc.record({ do: a('deploy'), policies: fc.nat(1) });

const together = fc.record({
  together: fc.array(racing, { minLength: 2, maxLength: 3, size: 'max' }),
  turns: fc.array(fc.nat(2), { minLength: 8, maxLength: 24, size: 'max' }),
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
