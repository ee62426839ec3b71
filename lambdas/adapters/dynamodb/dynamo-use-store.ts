/** Reads the use counters of a key. */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Caller, UseStore, VersionUse } from '../../core/ports/use-store.ts';
import { partitionOf, useSortKey } from './key-item.ts';
import { callersOf, type UseItem } from './use-item.ts';

/** Most callers named in an answer. */
const MOST_NAMED = 20;

export class DynamoUseStore implements UseStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>> {
    const totals = new Map<number, VersionUse>();
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          // A use that was written before its answer must be seen here, or it would not count as evidence.
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':pk': partitionOf(keyId),
            ':first': useSortKey(sinceMs, 0),
            ':last': 'USE#~',
          },
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      for (const item of page.Items ?? []) addItem(totals, item as unknown as UseItem);
      from = page.LastEvaluatedKey;
    } while (from);
    return totals;
  }
}

function addItem(totals: Map<number, VersionUse>, item: UseItem): void {
  const before = totals.get(item.version);
  totals.set(item.version, {
    requests: (before?.requests ?? 0) + item.requests,
    deprecatingRequests: (before?.deprecatingRequests ?? 0) + (item.deprecatingRequests ?? 0),
    lastUsedAtMs: Math.max(before?.lastUsedAtMs ?? 0, item.lastUsedAtMs),
    callers: mostRecent([...(before?.callers ?? []), ...callersOf(item)]),
  });
}

/** The same caller in several hours is one caller. */
function mostRecent(callers: readonly Caller[]): readonly Caller[] {
  const merged = new Map<string, Caller>();
  for (const caller of callers) {
    const name = `${caller.address} ${caller.userAgent}`;
    const before = merged.get(name);
    merged.set(name, {
      ...caller,
      requests: caller.requests + (before?.requests ?? 0),
      lastUsedAtMs: Math.max(caller.lastUsedAtMs, before?.lastUsedAtMs ?? 0),
    });
  }
  return [...merged.values()]
    .sort((left, right) => right.lastUsedAtMs - left.lastUsedAtMs)
    .slice(0, MOST_NAMED);
}
