/** What an emergency would do, said before it is done. */
import { describe, expect, it } from 'vitest';
import type { KeyRecord } from '../../../lambdas/core/domain/key-record.ts';
import { emergencyVerdict, previewEmergency } from '../../../lambdas/core/use-cases/preview-emergency.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryKeyStore } from '../../support/memory-key-store.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { sampleKey, sampleRotation } from '../../support/sample-records.ts';

const OWNER = { kind: 'owner', owner: 'team@example.com' } as const;
const LIMITS = { shown: 100, longestMs: 1_000 };

function bench() {
  const clock = new ManualClock();
  const table = new MemoryTable();
  const store = new MemoryKeyStore(table);
  const of = (status: KeyRecord['status']) =>
    [...table.keys.values()].filter((record) => record.status === status).length;
  const counts = {
    byStatus: async () => ({ enabled: of('enabled'), disabled: of('disabled'), revoked: of('revoked') }),
  };
  const add = async (count: number, changes: Partial<KeyRecord> = {}) => {
    for (let made = 0; made < count; made += 1) {
      const { record, event } = sampleKey(`P${String(table.keys.size).padStart(11, '0')}`, changes);
      await store.insert(record, event);
    }
  };
  return { clock, store, deps: { store, counts, clock: clock.read }, add };
}

describe('what becomes of a key', () => {
  const withRotation = (changes: Parameters<typeof sampleRotation>[0]) =>
    sampleKey('Preview00000', { rotation: sampleRotation(changes) }).record;

  it.each([
    ['a key in peace', sampleKey('Preview00000').record, 'rotate', 'rotate'],
    ['a rotation that runs', withRotation({}), 'take-over', 'take-over'],
    [
      'an emergency with grace',
      withRotation({ purpose: 'emergency', immediate: false }),
      'in-emergency',
      'take-over',
    ],
    [
      'an immediate emergency',
      withRotation({ purpose: 'emergency', immediate: true }),
      'in-emergency',
      'in-emergency',
    ],
    ['a disabled key', { ...withRotation({}), status: 'disabled' }, 'disabled', 'disabled'],
    ['a revoked key', { ...withRotation({}), status: 'revoked' }, 'revoked', 'revoked'],
  ] as const)('%s: with grace %s, at once %s', (_what, record, withGrace, atOnce) => {
    expect(emergencyVerdict(record, false)).toBe(withGrace);
    expect(emergencyVerdict(record, true)).toBe(atOnce);
  });
});

describe('a preview', () => {
  it('of an owner names keys and counts them all', async () => {
    const { deps, add } = bench();
    await add(230);
    await add(3, { status: 'disabled' });
    await add(2, { status: 'revoked' });
    await add(4, { owner: 'other@example.com' });

    const preview = await previewEmergency(deps, OWNER, true, { ...LIMITS, shown: 40 });
    expect(preview.keys).toHaveLength(40);
    expect(preview).toMatchObject({ enabled: 230, total: 235, counted: true });
  });

  it('of an owner of more keys than there is time for says that it has not counted all', async () => {
    const { clock, deps, store, add } = bench();
    await add(350);
    const list: typeof store.list = async (query) => {
      clock.nowMs += 600;
      return store.list(query);
    };

    expect(await previewEmergency({ ...deps, store: { list } }, OWNER, true, LIMITS)).toMatchObject({
      enabled: 300,
      total: 300,
      counted: false,
    });
  });

  it('of all keys names some and takes the counts of the index', async () => {
    const { deps, add } = bench();
    await add(120);
    await add(1, { status: 'disabled', owner: 'other@example.com' });

    const preview = await previewEmergency(deps, { kind: 'all' }, false, LIMITS);
    expect(preview.keys).toHaveLength(100);
    expect(preview).toMatchObject({ enabled: 120, total: 121, counted: true });
  });

  it('of nobody is empty', async () => {
    const { deps } = bench();
    expect(await previewEmergency(deps, OWNER, true, LIMITS)).toEqual({
      keys: [],
      enabled: 0,
      total: 0,
      counted: true,
    });
  });
});
