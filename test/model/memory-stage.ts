/** The product on a table in memory. */
import { KeyMemory } from '../../lambdas/core/use-cases/key-memory.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { MemoryDueKeys } from '../support/memory-due-keys.ts';
import { MemoryKeyReader } from '../support/memory-key-reader.ts';
import { MemoryKeyStore } from '../support/memory-key-store.ts';
import { MemoryPeppers } from '../support/memory-peppers.ts';
import { MemoryRuns } from '../support/memory-runs.ts';
import { MemorySealer } from '../support/memory-sealer.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { MemoryUses } from '../support/memory-uses.ts';
import { RULES } from '../support/memory-world.ts';
import { RuleVerifier } from '../support/rule-verifier.ts';
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
  const peppers = new MemoryPeppers();
  const memory = new KeyMemory(backend.reader, 0);
  return {
    clock: new ManualClock(),
    parts: {
      ...PRODUCT,
      ...backend,
      peppers,
      sealer: new MemorySealer(),
      verifier: new RuleVerifier({ memory, peppers }, RULES),
    },
  };
}
