/** Listing keys through the indexes, page by page, never by a scan. */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_DUE_DATE, INDEX_BY_OWNER } from '../../../rules/table-indexes.ts';
import { keyIdOf } from '../../../rules/table-items.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import type { KeyPage, KeyQuery } from '../../core/ports/key-store.ts';
import {
  DUE_SHARDS,
  dueGroupOf,
  duePartition,
  META,
  ownerPartition,
  partitionOf,
  recordFromItem,
} from './key-item.ts';
import { readToken, writeToken } from './page-token.ts';
import { readBatch } from './read-batch.ts';

interface Place {
  /** Which of the query's partitions is being read. */
  readonly partition: number;
  /** The sort key and key id to go on after. */
  readonly after?: { readonly sk: string; readonly keyId: string };
}

/** A query over one index, as the partitions it reads one after the other. */
interface Walk {
  readonly index: string;
  readonly pk: string;
  readonly sk: string;
  readonly partitions: readonly string[];
}

function walkOf({ owner, statuses }: KeyQuery): Walk {
  if (owner !== undefined) {
    return { index: INDEX_BY_OWNER, pk: 'ownerPk', sk: 'ownerSk', partitions: [ownerPartition(owner)] };
  }
  const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => shard);
  return {
    index: INDEX_BY_DUE_DATE,
    pk: 'duePk',
    sk: 'dueSk',
    partitions: statuses.flatMap((each) => shards.map((shard) => duePartition(dueGroupOf(each), shard))),
  };
}

/** What the indexes may not know yet is read from the keys themselves, consistently. */
export async function listKeys(
  client: DynamoDBDocumentClient,
  table: string,
  query: KeyQuery,
): Promise<KeyPage | 'bad-token'> {
  const walk = walkOf(query);
  const start = query.nextToken === undefined ? { partition: 0 } : readToken(query.nextToken, isPlace);
  if (!start || start.partition >= walk.partitions.length) return 'bad-token';

  let place: Place | undefined = start;
  const records: KeyRecord[] = [];
  while (place && records.length < query.limit) {
    const page = await readPage(client, table, walk, place, query.limit - records.length);
    records.push(...page.records.filter(({ status }) => query.statuses.includes(status)));
    place = page.next;
  }
  return { records, nextToken: place ? writeToken(place) : null };
}

async function readPage(
  client: DynamoDBDocumentClient,
  table: string,
  walk: Walk,
  place: Place,
  limit: number,
): Promise<{ readonly records: readonly KeyRecord[]; readonly next?: Place }> {
  const pk = walk.partitions[place.partition] as string;
  const found = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: walk.index,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': walk.pk },
      ExpressionAttributeValues: { ':pk': pk },
      Limit: limit,
      ...(place.after
        ? {
            ExclusiveStartKey: {
              pk: partitionOf(place.after.keyId),
              sk: META,
              [walk.pk]: pk,
              [walk.sk]: place.after.sk,
            },
          }
        : {}),
    }),
  );
  const ids = (found.Items ?? []).map((item) => keyIdOf(String(item['pk'])));
  const last = found.LastEvaluatedKey;
  const more: Place | undefined = last
    ? {
        partition: place.partition,
        after: { sk: String(last[walk.sk]), keyId: keyIdOf(String(last['pk'])) },
      }
    : place.partition + 1 < walk.partitions.length
      ? { partition: place.partition + 1 }
      : undefined;
  return { records: await readKeys(client, table, ids), ...(more ? { next: more } : {}) };
}

/** Keys by their ids, read consistently, in this order. */
export async function readKeys(
  client: DynamoDBDocumentClient,
  table: string,
  ids: readonly string[],
): Promise<readonly KeyRecord[]> {
  const places = ids.map((id) => ({ pk: partitionOf(id), sk: META }));
  const items = await readBatch(client, table, places);
  const byId = new Map(items.map((item) => [String(item['keyId']), recordFromItem(item)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const isPlace = ({ partition, after }: Partial<Place>): boolean =>
  Number.isInteger(partition) &&
  Number(partition) >= 0 &&
  (after === undefined || (typeof after.sk === 'string' && typeof after.keyId === 'string'));
