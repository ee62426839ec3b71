import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AUDIT_PREFIX } from '../../../rules/table-items.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { queryPages } from './query-pages.ts';

/** All events that lie in a partition, in their order, read consistently. */
export async function readEvents(
  client: DynamoDBDocumentClient,
  table: string,
  partition: string,
): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = [];
  const pages = queryPages(client, {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
    ExpressionAttributeValues: { ':pk': partition, ':audit': AUDIT_PREFIX },
  });
  for await (const { Items = [] } of pages) events.push(...Items.map(({ event }) => event as AuditEvent));
  return events;
}
