/** Secrets Manager, operators and the daily clean-up rotate the pepper at once, in whatever order their calls come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { pepperVersionsIn } from '../../../lambdas/core/domain/pepper-events.ts';
import { isNewer } from '../../../lambdas/core/domain/pepper-name.ts';
import type { PepperSet } from '../../../lambdas/core/domain/peppers.ts';
import { PepperRotationBench } from '../../support/pepper-rotation-bench.ts';
import { TOKENS } from '../../support/secret-rotation-bench.ts';
import { Turns } from '../../support/turns.ts';

const [TOKEN, OTHER] = TOKENS;
const MOST_TRIES = 4;
const ORDERS = {
  operator: { purpose: 'rotation', initiatedBy: 'ops' },
  'clean-up': { purpose: 'clean-up', initiatedBy: 'keyturn:schedule' },
} as const;
type Starter = keyof typeof ORDERS;

/** Secrets Manager, which begins a rotation again that failed; one that is refused as over it begins anew. */
async function service(bench: PepperRotationBench, crash: number | undefined): Promise<void> {
  if (crash !== undefined)
    bench.rotating.crashAt = { write: crash >> 1, when: crash % 2 ? 'after' : 'before' };
  let token = TOKEN;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { outcome } = await bench.rotate(token);
    if (outcome === 'rotated') return;
    if (bench.labels['AWSPENDING'] === undefined) token = OTHER;
  }
}

/** One execution; where a step fails the machine tries it again. */
async function run(bench: PepperRotationBench, name: string, turn: () => Promise<void>): Promise<void> {
  const execution = bench.runs.get(name);
  for (let failures = 0; execution?.next !== undefined && failures < 8; ) {
    bench.clock.nowMs = Math.max(bench.clock.nowMs, execution.waitUntilMs);
    await turn();
    await execution.step().catch(() => {
      failures += 1;
    });
  }
}

interface Trouble {
  readonly crash?: number;
  /** Reads that show the value before. */
  readonly stale?: number;
}

async function play(seed: number, starters: readonly Starter[], { crash, stale = 0 }: Trouble = {}) {
  const bench = new PepperRotationBench();
  bench.rotating.staleValues = stale;
  bench.writing.staleValues = stale;
  const { key } = await bench.issue();
  const turns = new Turns(seed);
  const { turn } = turns;
  bench.rotating.turn = turn;
  bench.writing.turn = turn;
  bench.pepperRecord.turn = turn;
  bench.whileWaiting = turn;
  const actors = starters.map(async (starter, index) => {
    for (let wait = (seed >>> (index * 4)) & 31; wait > 0; wait -= 1) await turn();
    await bench.start(`by-${index}`, ORDERS[starter]);
    await run(bench, `by-${index}`, turn);
  });
  await turns.until(Promise.all([service(bench, crash), ...actors]));
  for (const client of [bench.rotating, bench.writing]) {
    client.turn = async () => undefined;
    client.staleValues = 0;
  }
  bench.pepperRecord.turn = async () => undefined;
  bench.whileWaiting = async () => undefined;
  bench.rotating.crashAt = undefined;
  await bench.drain();
  return { bench, key };
}

const same = (one: PepperSet, other: PepperSet, name: string) =>
  Buffer.from(one.secrets.get(name) ?? []).equals(Buffer.from(other.secrets.get(name) ?? []));

/** What one write may do: add one, go forward to a newer one, drop older ones, or nothing. */
function expectAllowed({ before, after }: { readonly before: PepperSet; readonly after: PepperSet }): void {
  const added = [...after.secrets.keys()].filter((name) => !before.secrets.has(name));
  const dropped = [...before.secrets.keys()].filter((name) => !after.secrets.has(name));
  expect(added.length).toBeLessThanOrEqual(1);
  expect(dropped, 'the pepper of the one key is never dropped').not.toContain('1');
  for (const name of dropped) expect(isNewer(after.current, name)).toBe(true);
  for (const name of after.secrets.keys())
    if (before.secrets.has(name)) expect(same(before, after, name)).toBe(true);
  expect(after.current === before.current || isNewer(after.current, before.current)).toBe(true);
}

async function expectRest(bench: PepperRotationBench, key: string): Promise<void> {
  for (const write of bench.secrets.became) expectAllowed(write);
  const events = await bench.pepperEvents();
  expect(firstBrokenLink(events)).toBeUndefined();
  const outcomes = events.filter(({ detail }) => detail['announcedBy'] !== undefined);
  expect(new Set(outcomes.map(({ detail }) => detail['fromRevision'])).size).toBe(outcomes.length);
  expect(outcomes.length, 'each write is on record once').toBe(bench.secrets.became.length);
  const { AWSPENDING: pending, AWSCURRENT: current } = bench.labels;
  expect(pending === undefined || pending === current, 'nothing blocks the next rotation').toBe(true);
  expect(await bench.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
  const added = events.filter(({ action }) => action === 'pepper.added').flatMap(pepperVersionsIn);
  expect(added).toContain(bench.set.current);
  expect(isNewer(bench.set.current, '1'), 'a new pepper is the current one').toBe(true);
}

/** How many peppers were added, and how many of them for Secrets Manager after another one. */
async function additions(bench: PepperRotationBench) {
  const added = (await bench.pepperEvents()).filter(({ action }) => action === 'pepper.added');
  const byService = bench.secrets.became
    .map(({ before, after, id }) => ({ id, size: after.secrets.size - before.secrets.size, before }))
    .filter(({ id, size }) => [TOKEN, OTHER].includes(id) && size > 0);
  return { added: added.length, second: byService.filter(({ before }) => before.secrets.size > 1).length };
}

const SEED = fc.integer();
const RUNS = { numRuns: 200 };

describe('whatever comes first', () => {
  it('Secrets Manager adds no pepper beside one of an operator, and no write undoes another', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.subarray(['operator', 'clean-up'] as const), async (seed, starters) => {
        const { bench, key } = await play(seed, starters);
        await expectRest(bench, key);
        const { added, second } = await additions(bench);
        expect(second).toBe(0);
        expect(added).toBeLessThanOrEqual(1 + starters.filter((each) => each === 'operator').length);
      }),
      RUNS,
    );
  });

  it('also where the function crashes before or after any of its writes', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.nat(7), fc.boolean(), async (seed, crash, withOperator) => {
        const { bench, key } = await play(seed, withOperator ? ['operator'] : [], { crash });
        await expectRest(bench, key);
        expect((await additions(bench)).second).toBe(0);
      }),
      RUNS,
    );
  });

  it('also where reads of the secret lag behind its writes', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.integer({ min: 1, max: 12 }), async (seed, stale) => {
        const { bench, key } = await play(seed, ['operator'], { stale });
        await expectRest(bench, key);
      }),
      RUNS,
    );
  });
});
