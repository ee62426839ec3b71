/** What every store of emergencies of many keys must do, whatever it is made of. The fake and the table both pass it. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmergencyRun, RunKey } from '../../lambdas/core/domain/emergency-run.ts';
import { type RecordedRun, recorded } from '../../lambdas/core/domain/run-events.ts';
import type { EmergencyRuns } from '../../lambdas/core/ports/emergency-runs.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';

const freshId = freshIds('Emergent');

export const sampleRun = (changes: Partial<EmergencyRun> = {}): EmergencyRun => ({
  runId: randomUUID(),
  target: { kind: 'owner', owner: 'team@example.com' },
  reason: 'a laptop was stolen',
  immediate: true,
  startedAtMs: START_MS,
  orders: [{ initiatedBy: 'ops', via: 'cli', atMs: START_MS }],
  revision: 1,
  ...changes,
});

/** The run with an event of it, as both are written. */
export const sampleRecorded = (run: EmergencyRun): RecordedRun =>
  recorded(run, {
    action: run.revision === 1 ? 'emergency.started' : 'emergency.resumed',
    actor: { principal: 'ops', via: 'cli' },
    atMs: START_MS,
    detail: {},
  });

const sampleRunKey = (changes: Partial<RunKey> = {}): RunKey => ({
  keyId: freshId(),
  outcome: 'planned',
  attempt: 1,
  revision: 1,
  ...changes,
});

export function runsContract(name: string, makeRuns: () => Promise<EmergencyRuns>): void {
  describe(`${name} keeps the contract of emergencies of many keys`, () => {
    let runs: EmergencyRuns;
    beforeAll(async () => {
      runs = await makeRuns();
    });

    it('gives back a run that was inserted, and nothing for an id that was not', async () => {
      const run = sampleRun({ target: { kind: 'all' }, immediate: false, gracePeriod: 'PT10M' });
      const written = sampleRecorded(run);
      expect(await runs.insert(written)).toBe('inserted');

      expect(await runs.find(run.runId)).toEqual(written.run);
      expect(await runs.find(randomUUID())).toBeUndefined();
    });

    it('never overwrites a run by a second insert of its id', async () => {
      const run = sampleRun();
      const first = sampleRecorded(run);
      await runs.insert(first);

      const again = (changes: Partial<EmergencyRun>) => runs.insert(sampleRecorded({ ...run, ...changes }));
      expect(await again({ reason: 'another' })).toBe('exists');
      expect(await again({ reason: 'another', startedAtMs: START_MS + 1 })).toBe('exists');
      expect(await runs.find(run.runId)).toEqual(first.run);
    });

    it('saves a run on the revision before, and nothing on an older one', async () => {
      const run = sampleRun();
      const first = sampleRecorded(run);
      await runs.insert(first);
      const orders = [...run.orders, ...run.orders];
      const resumed = sampleRecorded({ ...first.run, orders, revision: 2 });

      expect(await runs.save(resumed)).toBe('saved');
      expect(await runs.save(sampleRecorded({ ...first.run, reason: 'late', revision: 2 }))).toBe('stale');
      expect(await runs.save(sampleRecorded({ ...sampleRun(), revision: 2 }))).toBe('stale');
      expect(await runs.find(run.runId)).toEqual(resumed.run);
    });

    it('lists the latest runs first, as many as are asked for', async () => {
      const later = [5, 9, 7].map((days) => sampleRun({ startedAtMs: START_MS + days * 86_400_000 }));
      for (const run of later) await runs.insert(sampleRecorded(run));

      const [five, nine, seven] = later.map(({ runId }) => runId);
      expect((await runs.latest(3)).map(({ runId }) => runId)).toEqual([nine, seven, five]);
      expect(await runs.latest(1)).toHaveLength(1);
    });

    it('puts a key on record once, and changes it on the revision before', async () => {
      const { runId } = sampleRun();
      const key = sampleRunKey();
      const ordered: RunKey = { ...key, outcome: 'ordered', rotationId: 'r', orderedAtMs: 5, revision: 2 };

      expect(await runs.saveKey(runId, key)).toBe('saved');
      expect(await runs.saveKey(runId, { ...key, outcome: 'failed' })).toBe('stale');
      expect(await runs.saveKey(runId, ordered)).toBe('saved');
      expect(await runs.saveKey(runId, { ...key, outcome: 'failed', revision: 2 })).toBe('stale');
      expect(await runs.saveKey(runId, sampleRunKey({ revision: 2 }))).toBe('stale');
      expect(await runs.findKeys(runId, [key.keyId])).toEqual(new Map([[key.keyId, ordered]]));
    });

    it('lets exactly one of many changes of a key at once win', async () => {
      const { runId } = sampleRun();
      const key = sampleRunKey();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => runs.saveKey(runId, { ...key, why: String(index) })),
      );

      expect(outcomes.filter((outcome) => outcome === 'saved')).toHaveLength(1);
      const found = (await runs.findKeys(runId, [key.keyId])).get(key.keyId);
      expect(found?.why).toBe(String(outcomes.indexOf('saved')));
    });

    it('finds the keys that a run knows, of those that are asked for, and none of another run', async () => {
      const [one, other] = [sampleRun().runId, sampleRun().runId];
      const keys = Array.from({ length: 3 }, () => sampleRunKey());
      for (const key of keys) await runs.saveKey(one, key);
      const [first, , third] = keys as [RunKey, RunKey, RunKey];

      const found = await runs.findKeys(one, [first.keyId, third.keyId, freshId()]);
      expect([...found.keys()].sort()).toEqual([first.keyId, third.keyId].sort());
      expect(await runs.findKeys(other, [first.keyId])).toEqual(new Map());
      expect(await runs.findKeys(one, [])).toEqual(new Map());
    });

    it('gives all keys of a run page by page, each once, and not the run itself', async () => {
      const run = sampleRun();
      await runs.insert(sampleRecorded(run));
      const keys = Array.from({ length: 120 }, () => sampleRunKey({ why: 'x'.repeat(300) }));
      await Promise.all(keys.map((key) => runs.saveKey(run.runId, key)));

      const found: RunKey[] = [];
      let nextToken: string | undefined;
      do {
        const page = await runs.keys(run.runId, nextToken);
        if (page === 'bad-token') throw new Error('The store does not know its own token.');
        found.push(...page.keys);
        nextToken = page.nextToken ?? undefined;
      } while (nextToken !== undefined);
      expect(found.map(({ keyId }) => keyId)).toEqual(keys.map(({ keyId }) => keyId).sort());
      expect(found).toEqual(expect.arrayContaining(keys));
    });

    it.each(['', 'nonsense', 'KEY#'])(
      'answers a token that is not its own (%j) with bad-token',
      async (token) => {
        expect(await runs.keys(sampleRun().runId, token)).toBe('bad-token');
      },
    );
  });
}
