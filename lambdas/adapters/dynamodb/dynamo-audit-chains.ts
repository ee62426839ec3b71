/** Chains of events in DynamoDB: of two events for one place in a chain the first one holds. */
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { AUDIT_PREFIX } from '../../../rules/table-items.ts';
import { type AuditEvent, CHAIN_START, headOf } from '../../core/domain/audit-event.ts';
import type { AuditHead } from '../../core/domain/key-record.ts';
import type { AuditChains } from '../../core/ports/audit-chains.ts';
import type { NoticeMove } from '../../core/ports/notices.ts';
import { holds, holdTogether, putNew } from './conditional-writes.ts';
import { auditItem, NEW_ITEM, partitionOfChain } from './key-item.ts';
import { noticeMoves } from './notice-item.ts';

export class DynamoAuditChains implements AuditChains {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async head(chain: string): Promise<AuditHead> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
        ExpressionAttributeValues: { ':pk': partitionOfChain(chain), ':audit': AUDIT_PREFIX },
        ProjectionExpression: 'event',
        ScanIndexForward: false,
        Limit: 1,
      }),
    );
    const last = Items[0]?.['event'] as AuditEvent | undefined;
    return last ? headOf(last) : CHAIN_START;
  }

  /** Two that read the same end of the chain both write here; the second finds its place taken. */
  async append(event: AuditEvent, moves: readonly NoticeMove[] = []): Promise<'appended' | 'stale'> {
    const Item = auditItem(event);
    if (moves.length > 0) {
      const writes = [putNew(this.#table, Item), ...noticeMoves(this.#table, moves)];
      return (await holdTogether(this.#client, writes)) ? 'appended' : 'stale';
    }
    const put = new PutCommand({ TableName: this.#table, Item, ConditionExpression: NEW_ITEM });
    return (await holds(() => this.#client.send(put))) ? 'appended' : 'stale';
  }
}
