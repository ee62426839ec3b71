/** Reads the use counters of a key. */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { mostRecentCallers } from '../../core/domain/caller.ts';
import type { MinuteUse, UseStore, VersionUse } from '../../core/ports/use-store.ts';
import { hourOfUse, partitionOf, useSortKey } from './key-item.ts';
import { queryPages } from './query-pages.ts';
import { callersOf, minutesOf, type UseItem } from './use-item.ts';

/** Of a page when the latest are wanted alone: an hour has an item for each version that was used. */
const LATEST_AT_ONCE = 8;

export class DynamoUseStore implements UseStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>> {
    const versions = new Map<number, UseItem[]>();
    for await (const item of this.#items(keyId, sinceMs)) {
      const items = versions.get(item.version);
      if (items) items.push(item);
      else versions.set(item.version, [item]);
    }
    return new Map([...versions].map(([version, items]) => [version, totalOf(items)]));
  }

  /** Reads back from the latest hour, no further than it takes, and each hour whole. */
  async lastMinutes(keyId: string, sinceMs: number, most: number): Promise<readonly MinuteUse[]> {
    const minutes = new Map<number, Map<number, number>>();
    let reachedMs: number | undefined;
    for await (const item of this.#items(keyId, sinceMs, {
      ScanIndexForward: false,
      Limit: LATEST_AT_ONCE,
    })) {
      const hourMs = hourOfUse(item.sk);
      if (minutes.size >= most && hourMs !== reachedMs) break;
      reachedMs = hourMs;
      for (const [minute, requests] of minutesOf(item)) {
        const minuteMs = hourMs + minute * MINUTE_MS;
        if (minuteMs + MINUTE_MS <= sinceMs) continue;
        const versions = minutes.get(minuteMs) ?? new Map<number, number>();
        minutes.set(minuteMs, versions.set(item.version, requests));
      }
    }
    return [...minutes]
      .map(([minuteMs, requests]) => ({ minuteMs, requests }))
      .sort((left, right) => left.minuteMs - right.minuteMs)
      .slice(-most);
  }

  async *#items(
    keyId: string,
    sinceMs: number,
    order: { readonly ScanIndexForward?: boolean; readonly Limit?: number } = {},
  ): AsyncGenerator<UseItem> {
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      // A use that was written before its answer must be seen here, or it would not count as evidence.
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': partitionOf(keyId),
        ':first': useSortKey(sinceMs, 0),
        ':last': 'USE#~',
      },
      ...order,
    });
    for await (const { Items = [] } of pages) yield* Items as unknown as UseItem[];
  }
}

function totalOf(items: readonly UseItem[]): VersionUse {
  return {
    requests: sum(items.map(({ requests }) => requests)),
    deprecatingRequests: sum(items.map(({ deprecatingRequests }) => deprecatingRequests ?? 0)),
    lastUsedAtMs: items.reduce((latest, { lastUsedAtMs }) => Math.max(latest, lastUsedAtMs), 0),
    callers: mostRecentCallers(items.flatMap(callersOf)),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
