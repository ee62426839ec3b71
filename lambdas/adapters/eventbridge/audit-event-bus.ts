/** Tells the deployment's event bus of every event, in OCSF form. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { AuditTeller } from '../../core/ports/audit-tellers.ts';
import { type Said, saidEvents } from '../../core/use-cases/said-events.ts';
import { type OcsfEvent, ocsfEvent } from '../ocsf/ocsf-event.ts';
import { EVENT_SOURCE } from './rotation-event-bus.ts';

/** Of one call. */
const MOST_ENTRIES = 10;

export class AuditEventBus implements AuditTeller {
  readonly name = 'event-bus';
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(client: EventBridgeClient, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  async tell(events: readonly AuditEvent[]): Promise<readonly AuditEvent[]> {
    const { said, unsaid } = saidEvents(events, ocsfEvent);
    const calls = Array.from({ length: Math.ceil(said.length / MOST_ENTRIES) }, (_, call) =>
      this.#put(said.slice(call * MOST_ENTRIES, (call + 1) * MOST_ENTRIES)),
    );
    return [...unsaid, ...(await Promise.all(calls)).flat()];
  }

  /** @returns those that the bus did not take. Rejects when it took none, so that the reason is heard of */
  async #put(said: Said<OcsfEvent>['said']): Promise<readonly AuditEvent[]> {
    const { FailedEntryCount, Entries } = await this.#client.send(
      new PutEventsCommand({ Entries: said.map((each) => this.#entry(each)) }),
    );
    if ((FailedEntryCount ?? 0) === 0) return [];
    const untold = said.filter((_, index) => Entries?.[index]?.EventId === undefined);
    return untold.map(({ event }) => event);
  }

  #entry({ event, words: detail }: Said<OcsfEvent>['said'][number]) {
    return {
      EventBusName: this.#bus,
      Source: EVENT_SOURCE,
      DetailType: detail.class_name,
      Time: new Date(event.atMs),
      Detail: JSON.stringify(detail),
    };
  }
}
