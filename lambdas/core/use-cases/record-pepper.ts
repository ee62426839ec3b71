/** Puts on record what is about to be done to the pepper, and what was done. */
import { type AuditEntry, type AuditEvent, CHAIN_START, chainEvent } from '../domain/audit-event.ts';
import { failureText } from '../domain/failure-text.ts';
import { isAnnounced, owedEvent, PEPPER_CHAIN, type PepperWrite } from '../domain/pepper-events.ts';
import type { StoredPeppers } from '../domain/peppers.ts';
import type { PepperDeps, PepperRun } from './pepper-deps.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from './until-settled.ts';

type Deps = Pick<PepperDeps, 'record' | 'clock'>;
type Entry = Pick<AuditEntry, 'action' | 'reason' | 'detail'>;

/** Says that a write is about to be made, unless that is said already. */
export const announce = (deps: Deps, run: PepperRun, write: PepperWrite): Promise<readonly AuditEvent[]> =>
  appendWhile(deps, run, (events) => {
    if (isAnnounced(events, write)) return undefined;
    const { action, ...what } = write;
    const { reason, initiatedBy } = run.order;
    return { action, ...(reason ? { reason } : {}), detail: { ...what, initiatedBy } };
  });

/** Says what was done, as the secret shows, and is not on record. @returns the whole chain */
export const settleRecord = (
  deps: Deps,
  run: PepperRun,
  stored: StoredPeppers,
): Promise<readonly AuditEvent[]> => appendWhile(deps, run, (events) => owedEvent(events, stored));

/**
 * Says that a run has failed, once for each reason, however often it is repeated. @returns the reason as it is on record
 */
export async function settleFailure(
  deps: Deps,
  executionId: string,
  why: string,
  detail: AuditEntry['detail'],
): Promise<string> {
  const reason = failureText(why);
  await appendWhile(deps, { executionId }, (events) =>
    events.some(
      (event) =>
        event.action === 'pepper.failed' &&
        event.detail['executionId'] === executionId &&
        event.reason === reason,
    )
      ? undefined
      : { action: 'pepper.failed', reason, detail: { executionId, ...detail } },
  );
  return reason;
}

/** Appends what is owed to the chain as it stands, until nothing is. */
const appendWhile = (
  { record, clock }: Deps,
  run: Pick<PepperRun, 'executionId'>,
  owed: (events: readonly AuditEvent[]) => Entry | undefined,
): Promise<readonly AuditEvent[]> =>
  untilSettled(
    async () => {
      const events = await record.events();
      const entry = owed(events);
      if (!entry) return events;
      const actor = { principal: 'keyturn:pepper', via: `execution/${run.executionId}` };
      const head = events.at(-1) ?? CHAIN_START;
      // Appended, or another one took its place in the chain: either way what is owed is looked for again.
      await record.append(chainEvent(PEPPER_CHAIN, head, { ...entry, actor, atMs: clock() }));
      return AGAIN;
    },
    (attempts) => `The pepper's record changed ${attempts} times while it was being written.`,
    CHAIN_ATTEMPTS,
  );
