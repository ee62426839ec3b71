/** Due keys by the index of due dates: a range of each shard, never a scan and never a filter. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_DUE_DATE } from '../../../rules/table-indexes.ts';
import type { DueKey, DueKeys } from '../../core/ports/due-keys.ts';
import { DUE_SHARDS, duePartition } from './key-item.ts';
import { queryPages } from './query-pages.ts';

export class DynamoDueKeys implements DueKeys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async dueBy(atMs: number): Promise<readonly DueKey[]> {
    const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => this.#shard(shard, atMs));
    return (await Promise.all(shards)).flat();
  }

  async #shard(shard: number, atMs: number): Promise<readonly DueKey[]> {
    const keys: DueKey[] = [];
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      IndexName: INDEX_BY_DUE_DATE,
      KeyConditionExpression: 'duePk = :shard AND dueSk <= :until',
      // '~' sorts behind every key id: what is due in this very millisecond is due.
      ExpressionAttributeValues: {
        ':shard': duePartition('DUE', shard),
        ':until': `${new Date(atMs).toISOString()}#~`,
      },
    });
    for await (const { Items = [] } of pages) keys.push(...Items.map(({ dueSk }) => dueKeyOf(String(dueSk))));
    return keys;
  }
}

function dueKeyOf(sortKey: string): DueKey {
  const [due = '', keyId = ''] = sortKey.split('#');
  return { keyId, dueAtMs: Date.parse(due) };
}
