/** Keys counted in the index of due dates, which has a partition for each status and shard. */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { KeyStatus } from '../../../rules/words.ts';
import type { KeyCounts } from '../../core/ports/key-counts.ts';
import { DUE_SHARDS, dueGroupOf, duePartition, INDEX_BY_DUE_DATE } from './key-item.ts';

export class DynamoKeyCounts implements KeyCounts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async byStatus(): Promise<Readonly<Record<KeyStatus, number>>> {
    const [enabled, disabled, revoked] = await Promise.all([
      this.#count('enabled'),
      this.#count('disabled'),
      this.#count('revoked'),
    ]);
    return { enabled, disabled, revoked };
  }

  async #count(status: KeyStatus): Promise<number> {
    const shards = Array.from({ length: DUE_SHARDS }, (_, shard) =>
      this.#countIn(duePartition(dueGroupOf(status), shard)),
    );
    return (await Promise.all(shards)).reduce((sum, count) => sum + count, 0);
  }

  async #countIn(partition: string): Promise<number> {
    let count = 0;
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: INDEX_BY_DUE_DATE,
          KeyConditionExpression: 'duePk = :partition',
          ExpressionAttributeValues: { ':partition': partition },
          Select: 'COUNT',
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      count += page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from);
    return count;
  }
}
