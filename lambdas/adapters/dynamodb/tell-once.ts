/** Puts an event on record together with the note that it is told, so that nothing is told twice. */
import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { cancellationCodes, isLostRace, putNew, type Write } from './conditional-writes.ts';
import { auditItem } from './key-item.ts';

/**
 * @param note holds on the condition that nothing is told yet
 * @returns `known` when it was told already, `stale` when another event took its place in the chain
 */
export async function tellOnce(
  client: DynamoDBDocumentClient,
  table: string,
  event: AuditEvent,
  note: Write,
): Promise<'told' | 'stale' | 'known'> {
  const TransactItems = [putNew(table, auditItem(event)), note];
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
    return 'told';
  } catch (error) {
    const codes = cancellationCodes(error);
    if (codes[1] === 'ConditionalCheckFailed') return 'known';
    // Another writer at the same time is as good as one before.
    if (isLostRace(codes)) return 'stale';
    throw error;
  }
}
