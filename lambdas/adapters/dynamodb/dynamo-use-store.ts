/** Reads the use counters of a key. */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mostRecentCallers } from '../../core/domain/caller.ts';
import type { UseStore, VersionUse } from '../../core/ports/use-store.ts';
import { partitionOf, useSortKey } from './key-item.ts';
import { callersOf, type UseItem } from './use-item.ts';

export class DynamoUseStore implements UseStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>> {
    const hours = new Map<number, UseItem[]>();
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
      for (const item of (page.Items ?? []) as unknown as UseItem[]) {
        const items = hours.get(item.version);
        if (items) items.push(item);
        else hours.set(item.version, [item]);
      }
      from = page.LastEvaluatedKey;
    } while (from);
    return new Map([...hours].map(([version, items]) => [version, totalOf(items)]));
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
