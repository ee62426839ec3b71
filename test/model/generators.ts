/** Random commands, by what they do. What is early in a list is what a counterexample is made plainer to. */
import fc from 'fast-check';
import {
  type Command,
  type CommandTo,
  type Crash,
  DELIVERIES,
  type OrderName,
  POLICIES,
} from './commands.ts';

const some = fc.nat(7);
/** Mostly the first key, so that a story is about something. */
const key = fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2);
const newest = fc.constantFrom(0, 0, 0, 1, 2);

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

const order: fc.Arbitrary<OrderName> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('scheduled', 'manual', 'manual, an hour') },
  { weight: 1, arbitrary: fc.constantFrom('emergency', 'emergency, a minute', 'emergency at once') },
);

const seconds = fc.constantFrom(1, 4, 6, 11, 16, 60, 1_800, 3_600, 7_200, 86_400, 15 * 86_400);

type Fields<Do extends Command['do']> = {
  readonly [Field in keyof Omit<CommandTo<Do>, 'do' | 'crash'>]: fc.Arbitrary<CommandTo<Do>[Field]>;
};

/** What each command is drawn from, beside its crash. */
const FIELDS: { readonly [Do in Command['do']]: Fields<Do> } = {
  issue: { policy: fc.constantFrom(...POLICIES), delivery: fc.constantFrom(...DELIVERIES) },
  rotate: { key, order },
  'start again': { execution: some },
  step: { execution: newest },
  repeat: { execution: newest, which: some },
  'give up': { execution: some },
  abort: { execution: some },
  forget: { execution: some },
  sweep: {},
  'emergency of all': { atOnce: fc.boolean() },
  'run step': { run: newest },
  'repeat run step': { run: newest, which: some },
  'resume run': { run: newest },
  'abort run': { run: newest },
  'rotate pepper': { cleansUp: fc.constantFrom(false, false, true) },
  'pepper step': { run: newest },
  'repeat pepper step': { run: newest, which: some },
  'abort pepper': { run: newest },
  use: { key, version: fc.constantFrom(0, 0, 1, 1, 2), environment: some },
  'end environment': { environment: some, flushes: fc.boolean() },
  claim: { key },
  deliver: { key, by: fc.constantFrom(undefined, undefined, ...DELIVERIES) },
  'open link': { key, link: newest },
  renew: { key },
  place: { isOut: fc.constantFrom(true, false, false) },
  rollback: { key },
  disable: { key },
  enable: { key },
  revoke: { key },
  exempt: { key },
  'end exemption': { key },
  deploy: { policies: fc.nat(1) },
  doubt: { objects: fc.constantFrom(true, false, false) },
  wait: { seconds },
  'wait for machine': {},
  'wait for due date': { key },
};

export const COMMANDS = Object.keys(FIELDS) as Command['do'][];

/** How often each is drawn; what is not named is not. */
export type Weights = Readonly<Partial<Record<Command['do'], number>>>;

export const commandsBy = (weights: Weights): fc.Arbitrary<Command> =>
  fc.oneof(
    ...(Object.entries(weights) as [Command['do'], number][]).map(([name, weight]) => ({
      weight,
      arbitrary: fc.record({ do: fc.constant(name), ...FIELDS[name], crash }) as fc.Arbitrary<Command>,
    })),
  );
