/** Tells all tellers of events, whatever becomes of one of them. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { AuditTeller } from '../ports/audit-tellers.ts';

export interface TellDeps {
  readonly tellers: readonly AuditTeller[];
  /** Told of each teller that could not tell some, with what it threw if it did. */
  readonly onFailure: (teller: string, untold: readonly AuditEvent[], error?: unknown) => void;
}

/** Safe to repeat. @returns the events that one of the tellers at least could not tell, in their order */
export async function tellEvents(
  deps: TellDeps,
  events: readonly AuditEvent[],
): Promise<readonly AuditEvent[]> {
  if (events.length === 0) return [];
  const untold = new Set(
    (await Promise.all(deps.tellers.map((teller) => tellBy(deps, teller, events)))).flat(),
  );
  return events.filter((event) => untold.has(event));
}

/** A teller in trouble keeps no other from telling. */
async function tellBy(
  { onFailure }: TellDeps,
  teller: AuditTeller,
  events: readonly AuditEvent[],
): Promise<readonly AuditEvent[]> {
  try {
    const untold = await teller.tell(events);
    if (untold.length > 0) onFailure(teller.name, untold);
    return untold;
  } catch (error) {
    onFailure(teller.name, events, error);
    return events;
  }
}
