/** The product on a table in memory. */
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryDueKeys } from '../support/memory-due-keys.ts';
import { MemoryKeyReader } from '../support/memory-key-reader.ts';
import { MemoryKeyStore } from '../support/memory-key-store.ts';
import { MemoryRuns } from '../support/memory-runs.ts';
import { MemorySealer } from '../support/memory-sealer.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { MemoryUses } from '../support/memory-uses.ts';
import { type Backend, PRODUCT } from './parts.ts';
import type { Stage } from './play.ts';

export function memoryBackend(): Backend {
  const table = new MemoryTable();
  const uses = new MemoryUses(table);
  const runs = new MemoryRuns();
  return {
    store: new MemoryKeyStore(table),
    uses,
    writer: uses,
    reader: new MemoryKeyReader(table),
    due: new MemoryDueKeys(table),
    runs,
    dump: async () => [table.keys, table.events, table.rotations, table.seals, table.uses, runs],
  };
}

/** Everything that is not the table is in memory anyway. */
export function stageOn(backend: Backend): Stage {
  const text = JSON.stringify({ current: '1', '1': 'first-pepper-'.repeat(4) });
  return {
    clock: new ManualClock(),
    parts: {
      ...PRODUCT,
      ...backend,
      pepperSecret: { readText: async () => text },
      sealer: new MemorySealer(),
    },
  };
}
