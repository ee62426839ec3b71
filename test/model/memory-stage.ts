/** The product on a table in memory. */
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryClaimTries } from '../support/memory-claim-tries.ts';
import { MemoryDueKeys } from '../support/memory-due-keys.ts';
import { MemoryKeyReader } from '../support/memory-key-reader.ts';
import { MemoryKeyStore } from '../support/memory-key-store.ts';
import { MemoryKeyWalk } from '../support/memory-key-walk.ts';
import { MemoryPepperRecord } from '../support/memory-pepper-record.ts';
import { MemoryPepperSecret } from '../support/memory-pepper-secret.ts';
import { MemoryLinks } from '../support/memory-place.ts';
import { MemoryRuns } from '../support/memory-runs.ts';
import { MemorySealer } from '../support/memory-sealer.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { MemoryUses } from '../support/memory-uses.ts';
import { ModelPlace } from './model-place.ts';
import { type Backend, PRODUCT } from './parts.ts';
import type { Stage } from './play.ts';

/** For a key that was just issued to be found by its index. */
const INDEX_LAG_MS = 20_000;

export function memoryBackend(clock: ManualClock): Backend {
  const table = new MemoryTable();
  const uses = new MemoryUses(table);
  const runs = new MemoryRuns();
  const pepperRecord = new MemoryPepperRecord();
  const keys = new MemoryKeyWalk(table, clock.read);
  keys.lagMs = INDEX_LAG_MS;
  return {
    store: new MemoryKeyStore(table),
    uses,
    writer: uses,
    reader: new MemoryKeyReader(table),
    due: new MemoryDueKeys(table),
    runs,
    pepperRecord,
    keys,
    dump: async () => [
      table.keys,
      table.events,
      table.rotations,
      table.seals,
      table.uses,
      runs,
      await pepperRecord.events(),
    ],
  };
}

/** Everything that is not the table is in memory anyway. */
export const stageOn = (backend: Backend, clock: ManualClock): Stage => ({
  clock,
  parts: {
    ...PRODUCT,
    ...backend,
    pepperSecret: new MemoryPepperSecret(clock.read),
    sealer: new MemorySealer(),
    tries: new MemoryClaimTries(),
    links: new MemoryLinks(),
    place: new ModelPlace(),
  },
});

export function memoryStage(): Stage {
  const clock = new ManualClock();
  return stageOn(memoryBackend(clock), clock);
}
