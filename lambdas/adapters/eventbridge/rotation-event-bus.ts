/** Minutes of rotations as events on the deployment's own bus. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { RotationEvents, RotationMinute } from '../../core/ports/rotation-events.ts';

/** What a rule matches: an interface. */
export const EVENT_SOURCE = 'keyturn';
export const ROTATION_MINUTE = 'Key Rotation Minute';

/** Of one call. */
const MOST_ENTRIES = 10;

export class RotationEventBus implements RotationEvents {
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(client: EventBridgeClient, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  /** Never rejects: a bus in trouble takes nothing from the metrics. */
  async publish(minutes: readonly RotationMinute[]): Promise<number> {
    const calls = Array.from({ length: Math.ceil(minutes.length / MOST_ENTRIES) }, (_, call) =>
      this.#put(minutes.slice(call * MOST_ENTRIES, (call + 1) * MOST_ENTRIES)),
    );
    return (await Promise.all(calls)).reduce((failed, each) => failed + each, 0);
  }

  async #put(minutes: readonly RotationMinute[]): Promise<number> {
    const Entries = minutes.map((minute) => ({
      EventBusName: this.#bus,
      Source: EVENT_SOURCE,
      DetailType: ROTATION_MINUTE,
      Time: new Date(minute.minute),
      Detail: JSON.stringify(minute),
    }));
    try {
      return (await this.#client.send(new PutEventsCommand({ Entries }))).FailedEntryCount ?? 0;
    } catch {
      return minutes.length;
    }
  }
}
