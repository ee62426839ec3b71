/** One minute of a key, read alone: no more of its counters than these attributes, and no hash of it at all. */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { HOUR_MS, MINUTE_MS } from '../../../rules/time-units.ts';
import type { MinuteReader, ObservedMinute } from '../../core/ports/use-store.ts';
import { partitionOf, useSortKey } from './key-item.ts';
import { minuteAttribute, type UseItem } from './use-item.ts';

export class DynamoMinuteReader implements MinuteReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** An hour has an item for each version that was used: never more than a page. */
  async minute(keyId: string, minuteMs: number): Promise<ObservedMinute> {
    const name = minuteAttribute(Math.floor((minuteMs % HOUR_MS) / MINUTE_MS));
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :hour)',
        ExpressionAttributeValues: {
          ':pk': partitionOf(keyId),
          ':hour': useSortKey(minuteMs, 0).slice(0, -1),
        },
        // Named in the request, since the role may read these alone.
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: '#v, #l, #m',
        ExpressionAttributeNames: { '#v': 'version', '#l': 'lastUsedAtMs', '#m': name },
      }),
    );
    const items = (Items ?? []) as unknown as UseItem[];
    return {
      requests: new Map(items.map((item) => [item.version, Number(item[name] ?? 0)])),
      lastUsesMs: new Map(items.map(({ version, lastUsedAtMs }) => [version, lastUsedAtMs])),
    };
  }
}
