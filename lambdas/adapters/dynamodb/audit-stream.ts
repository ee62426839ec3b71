/** What the table's stream shows: items that were inserted. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { RetiredUse } from '../../core/ports/authorization.ts';
import { placedEvent } from './key-item.ts';
import { retiredUseOf } from './wrong-key-item.ts';

/** A record of the stream, as far as it is read. */
export interface StreamRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly NewImage?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
}

export interface StreamedEvent {
  /** By which the stream knows the record. */
  readonly sequenceNumber: string;
  readonly event: AuditEvent;
}

export interface StreamedUse {
  readonly sequenceNumber: string;
  readonly use: RetiredUse & { readonly windowMs: number };
}

/** The events in records, in their order: those that are in a chain. */
export const eventsIn = (records: readonly StreamRecord[]): readonly StreamedEvent[] =>
  inserted(records).flatMap(({ sequenceNumber, item }) => {
    const event = placedEvent(item);
    return event ? [{ sequenceNumber, event }] : [];
  });

/** The uses of retired versions in records, in their order. */
export const retiredUsesIn = (records: readonly StreamRecord[]): readonly StreamedUse[] =>
  inserted(records).flatMap(({ sequenceNumber, item }) => {
    const use = retiredUseOf(item);
    return use ? [{ sequenceNumber, use }] : [];
  });

/** A number that no item of ours has must not end the reading of all that was written beside it. */
const LENIENT = { wrapNumbers: Number };

/** The filter lets nothing else through; if it did, that is passed over. */
const inserted = (records: readonly StreamRecord[]) =>
  records.flatMap(({ eventName, dynamodb }) => {
    const { SequenceNumber: sequenceNumber, NewImage: image } = dynamodb ?? {};
    if (eventName !== 'INSERT' || sequenceNumber === undefined || image === undefined) return [];
    return [{ sequenceNumber, item: unmarshall(image as Record<string, AttributeValue>, LENIENT) }];
  });
