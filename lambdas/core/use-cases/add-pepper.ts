/** A new pepper lies beside the others, and nobody hashes under it yet. */
import { waitingPepper } from '../domain/pepper-events.ts';
import { newPepperName } from '../domain/pepper-name.ts';
import { newPepperSecret, withPepper } from '../domain/pepper-rotation.ts';
import { READERS_KNOW_AFTER_MS } from '../domain/pepper-timing.ts';
import { changePeppers } from './change-peppers.ts';
import type { PepperDeps, PepperRun, PepperStepResult } from './pepper-deps.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Repeated or run twice at once, it leaves one new pepper: one that was added and not used yet is taken up. An order that
 * names a pepper is about that one, which lies there already.
 */
export async function addPepper(deps: PepperDeps, run: PepperRun): Promise<PepperStepResult> {
  const waitFor = (name: string): PepperStepResult => ({
    next: 'wait',
    pepperVersion: name,
    waitUntil: waitUntil(deps.clock() + READERS_KNOW_AFTER_MS),
  });
  if (run.order.pepperVersion !== undefined) return waitFor(run.order.pepperVersion);
  return changePeppers(deps, run, ({ set }, events) => {
    const waiting = waitingPepper(events, set);
    const name = waiting ?? newPepperName(set.current, deps.clock(), deps.randomBytes);
    const result = () => waitFor(name);
    if (waiting) return { result };
    const changed = withPepper(set, name, newPepperSecret(deps.randomBytes));
    return { result, change: { set: changed, action: 'pepper.adding', pepperVersions: [name] } };
  });
}
