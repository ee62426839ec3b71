/** Which peppers are still needed: counted over all keys, a piece at a time. */
import { addNeeds } from '../domain/pepper-rotation.ts';
import { type PepperCount, type PepperDeps, type PepperStepResult, waitForWriters } from './pepper-deps.ts';

/** Half of the time that the function may run. */
const COUNT_FOR_MS = 15_000;

/** Writes nothing. Goes on where the count stands, and says how far it has come. */
export async function countPepperNeeds(deps: PepperDeps, count: PepperCount): Promise<PepperStepResult> {
  const endsAtMs = deps.clock() + COUNT_FOR_MS;
  const { revision } = await deps.secret.read();
  if (revision !== count.secretRevision) return waitForWriters(deps, revision);
  let { after, needs } = count;
  for await (const { records, next } of deps.keys.from(after || undefined)) {
    needs = addNeeds(needs, records);
    after = next ?? '';
    if (next !== undefined && deps.clock() >= endsAtMs) {
      return { next: 'count', count: { ...count, after, needs } };
    }
  }
  return { next: 'drop', count: { ...count, after, needs } };
}
