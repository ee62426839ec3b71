/** Puts an alert into the outbox for each event that security is to hear of: once, however often it is told. */
import { alertOf } from '../domain/alert.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { AuditTeller } from '../ports/audit-tellers.ts';
import type { Outbox } from '../ports/notices.ts';
import { saidEvents } from './said-events.ts';

export class SecurityTeller implements AuditTeller {
  readonly name = 'security-alerts';
  readonly #outbox: Pick<Outbox, 'put'>;

  constructor(outbox: Pick<Outbox, 'put'>) {
    this.#outbox = outbox;
  }

  async tell(events: readonly AuditEvent[]): Promise<readonly AuditEvent[]> {
    const { said: alerts, unsaid } = saidEvents(events, alertOf);
    const put = await Promise.allSettled(alerts.map(({ words }) => this.#outbox.put(words)));
    const failures = put.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    // What kept all of them back is heard of by its reason.
    if (failures.length > 0 && failures.length === alerts.length) throw failures[0];
    const untold = alerts.filter((_, index) => put[index]?.status === 'rejected');
    return [...unsaid, ...untold.map(({ event }) => event)];
  }
}
