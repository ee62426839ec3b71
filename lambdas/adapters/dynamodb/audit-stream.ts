/** Events as the table's stream shows them: items that were inserted. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { AUDIT_PREFIX } from '../../../rules/table-items.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';

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

/** The events in records, in their order. The filter lets nothing else through; if it did, that is passed over. */
export const eventsIn = (records: readonly StreamRecord[]): readonly StreamedEvent[] =>
  records.flatMap((record) => eventIn(record) ?? []);

function eventIn({ eventName, dynamodb }: StreamRecord): StreamedEvent | undefined {
  const { SequenceNumber: sequenceNumber, NewImage: image } = dynamodb ?? {};
  if (eventName !== 'INSERT' || sequenceNumber === undefined || image === undefined) return undefined;
  const { sk, event } = unmarshall(image as Record<string, AttributeValue>);
  const isEvent = typeof sk === 'string' && sk.startsWith(AUDIT_PREFIX) && event !== undefined;
  return isEvent ? { sequenceNumber, event: event as AuditEvent } : undefined;
}
