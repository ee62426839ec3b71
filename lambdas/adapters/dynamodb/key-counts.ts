/** Keys counted in the index of due dates, which has a partition for each status and shard. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_DUE_DATE } from '../../../rules/table-indexes.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import type { KeyCounts } from '../../core/ports/key-counts.ts';
import { DUE_SHARDS, dueGroupOf, duePartition } from './key-item.ts';
import { queryPages } from './query-pages.ts';

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
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      IndexName: INDEX_BY_DUE_DATE,
      KeyConditionExpression: 'duePk = :partition',
      ExpressionAttributeValues: { ':partition': partition },
      Select: 'COUNT',
    });
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  }
}
