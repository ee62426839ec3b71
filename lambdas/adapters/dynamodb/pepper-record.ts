/** The pepper's chain of events, and the last count of what needs which pepper. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { CountedNeeds, PepperRecord } from '../../core/ports/pepper-rotation.ts';
import { auditItem, PEPPER_PARTITION } from './key-item.ts';

const COUNT = { pk: PEPPER_PARTITION, sk: 'COUNT' };

export class DynamoPepperRecord implements PepperRecord {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async events(): Promise<readonly AuditEvent[]> {
    const events: AuditEvent[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
          ExpressionAttributeValues: { ':pk': PEPPER_PARTITION, ':audit': 'AUDIT#' },
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      events.push(...(page.Items ?? []).map((item) => item['event'] as AuditEvent));
      from = page.LastEvaluatedKey;
    } while (from);
    return events;
  }

  /** Two that read the same end of the chain both write here; the second finds its place taken. */
  async append(event: AuditEvent): Promise<'appended' | 'stale'> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: auditItem(PEPPER_PARTITION, event),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return 'appended';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  }

  async lastCount(): Promise<CountedNeeds | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: COUNT, ConsistentRead: true }),
    );
    return Item?.['count'] as CountedNeeds | undefined;
  }

  async saveCount(count: CountedNeeds): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...COUNT, count } }));
  }
}
