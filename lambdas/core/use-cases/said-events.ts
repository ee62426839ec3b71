/** What events are in a teller's words. */
import type { AuditEvent } from '../domain/audit-event.ts';

export interface Said<Words> {
  readonly said: readonly { readonly event: AuditEvent; readonly words: Words }[];
  /** There are no words for these: an action of a later release, or what somebody else has put into the table. */
  readonly unsaid: readonly AuditEvent[];
}

/** One that cannot be said keeps no other from being. @param say undefined: nobody is to hear of it */
export function saidEvents<Words>(
  events: readonly AuditEvent[],
  say: (event: AuditEvent) => Words | undefined,
): Said<Words> {
  const said: { readonly event: AuditEvent; readonly words: Words }[] = [];
  const unsaid: AuditEvent[] = [];
  for (const event of events) {
    try {
      const words = say(event);
      if (words !== undefined) said.push({ event, words });
    } catch {
      unsaid.push(event);
    }
  }
  return { said, unsaid };
}
