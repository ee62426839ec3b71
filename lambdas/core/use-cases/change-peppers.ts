/** The one way the pepper secret changes: read, decide, say so, write once on what was read, and say that it was done. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { PepperWrite } from '../domain/pepper-events.ts';
import type { PepperSet, StoredPeppers } from '../domain/peppers.ts';
import type { PepperDeps, PepperRun } from './pepper-deps.ts';
import { announce, settleRecord } from './record-pepper.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface PepperDecision<Result> {
  /** @param revision of the secret as it stands afterwards */
  readonly result: (revision: string) => Result;
  /** Absent: nothing changes. */
  readonly change?: {
    readonly set: PepperSet;
  } & Omit<PepperWrite, 'fromRevision'>;
}

type Decide<Result> = (stored: StoredPeppers, events: readonly AuditEvent[]) => PepperDecision<Result>;

/**
 * `decide` runs again from the new state whenever another write came first. Repeated after a crash it finds the secret
 * as that left it, and puts on record what was done.
 */
export const changePeppers = <Result>(
  deps: PepperDeps,
  run: PepperRun,
  decide: Decide<Result>,
): Promise<Result> =>
  untilSettled(
    () => tryChange(deps, run, decide),
    (attempts) => `The pepper secret changed ${attempts} times while a change of it was written.`,
  );

async function tryChange<Result>(
  deps: PepperDeps,
  run: PepperRun,
  decide: Decide<Result>,
): Promise<Result | typeof AGAIN> {
  const stored = await deps.secret.read();
  const events = await settleRecord(deps, run, stored);
  const { result, change } = decide(stored, events);
  if (!change) return result(stored.revision);
  const { set, ...write } = change;
  await announce(deps, run, { ...write, fromRevision: stored.revision });
  const revision = await deps.secret.replace(stored.revision, set);
  if (revision === undefined) return AGAIN;
  await settleRecord(deps, run, { set, revision });
  return result(revision);
}
