/** A new pepper lies beside the others, and nobody hashes under it yet. */
import type { AuditEvent } from '../domain/audit-event.ts';
import { madeCurrentAtMs, wasAdded } from '../domain/pepper-events.ts';
import { newPepperName } from '../domain/pepper-name.ts';
import { newPepperSecret, stagedPeppers, withPepper } from '../domain/pepper-rotation.ts';
import { READERS_KNOW_AFTER_MS } from '../domain/pepper-timing.ts';
import type { PepperSet } from '../domain/peppers.ts';
import { changePeppers } from './change-peppers.ts';
import type { PepperDeps, PepperRun, PepperStepResult } from './pepper-deps.ts';
import { waitUntil } from './wait-until.ts';

/** Repeated or run twice at once, it leaves one new pepper: one that was added and not used yet is taken up. */
export function addPepper(deps: PepperDeps, run: PepperRun): Promise<PepperStepResult> {
  return changePeppers(deps, run, ({ set }, events) => {
    const waiting = findWaiting(set, events);
    const name = waiting ?? newPepperName(set.current, deps.clock(), deps.randomBytes);
    const result = (): PepperStepResult => ({
      next: 'wait',
      pepperVersion: name,
      waitUntil: waitUntil(deps.clock() + READERS_KNOW_AFTER_MS),
    });
    if (waiting) return { result };
    const changed = withPepper(set, name, newPepperSecret(deps.randomBytes));
    return { result, change: { set: changed, action: 'pepper.adding', pepperVersions: [name] } };
  });
}

/** One that was the current one before, or that no rotation has put there, is nobody's to take up. */
const findWaiting = (set: PepperSet, events: readonly AuditEvent[]): string | undefined =>
  stagedPeppers(set).find(
    (name) => wasAdded(events, set, name) && madeCurrentAtMs(events, name) === undefined,
  );
