/** Peppers that no version needs any more leave the secret. */
import { missingPeppers, unneededPeppers, withoutPeppers } from '../domain/pepper-rotation.ts';
import { changePeppers } from './change-peppers.ts';
import {
  type PepperCount,
  type PepperDeps,
  type PepperRun,
  type PepperStepResult,
  waitForWriters,
} from './pepper-deps.ts';

/**
 * Drops nothing on a count of another secret: if it was written since, another pepper may have been the current one
 * meanwhile, and versions may have been hashed under it that were not counted.
 */
export async function dropPeppers(
  deps: PepperDeps,
  run: PepperRun,
  count: PepperCount,
): Promise<PepperStepResult> {
  const countedAtMs = deps.clock();
  const dropped = await changePeppers<PepperStepResult>(deps, run, ({ set, revision }) => {
    if (revision !== count.secretRevision) return { result: () => waitForWriters(deps, revision) };
    const names = unneededPeppers(set, count.needs);
    const missing = missingPeppers(set, count.needs);
    const result = (): PepperStepResult => ({ next: 'done', dropped: names, missing, count });
    if (names.length === 0) return { result };
    return {
      result,
      change: { set: withoutPeppers(set, names), action: 'pepper.dropping', pepperVersions: names },
    };
  });
  if (dropped.next === 'done') await deps.record.saveCount({ countedAtMs, needs: count.needs });
  return dropped;
}
