/** Puts an alert into the outbox for each event that security is to hear of: once, however often it is told. */
import { alertOf } from '../domain/alert.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { AuditTeller } from '../ports/audit-tellers.ts';
import type { Outbox } from '../ports/notices.ts';

export class SecurityTeller implements AuditTeller {
  readonly name = 'security-alerts';
  readonly #outbox: Pick<Outbox, 'put'>;

  constructor(outbox: Pick<Outbox, 'put'>) {
    this.#outbox = outbox;
  }

  async tell(events: readonly AuditEvent[]): Promise<readonly AuditEvent[]> {
    const alerts = events.flatMap((event) => {
      const notice = alertOf(event);
      return notice ? [{ event, notice }] : [];
    });
    const put = await Promise.allSettled(alerts.map(({ notice }) => this.#outbox.put(notice)));
    const failures = put.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    // What kept all of them back is heard of by its reason.
    if (failures.length > 0 && failures.length === alerts.length) throw failures[0];
    return alerts.flatMap(({ event }, index) => (put[index]?.status === 'rejected' ? [event] : []));
  }
}
