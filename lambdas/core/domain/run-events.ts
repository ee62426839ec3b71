/** Emergencies of many keys on record: each has a chain of its own, whose head the run holds. */
import {
  type AuditEntry,
  type AuditEvent,
  CHAIN_START,
  type Chain,
  chainEvent,
  headOf,
} from './audit-event.ts';
import type { EmergencyRun } from './emergency-run.ts';

/** A run with what has happened to it, to be written together. */
export interface RecordedRun {
  readonly run: EmergencyRun;
  readonly event: AuditEvent;
}

const runChain = ({ runId, target }: EmergencyRun): Chain => ({
  chain: `emergency/${runId}`,
  ...(target.kind === 'owner' ? { owner: target.owner } : {}),
});

export function recorded(run: EmergencyRun, entry: AuditEntry): RecordedRun {
  const event = chainEvent(runChain(run), run.audit ?? CHAIN_START, entry);
  return { run: { ...run, audit: headOf(event) }, event };
}
