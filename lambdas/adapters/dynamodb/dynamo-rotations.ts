/** Rotations by their index: partitions of each group, merged in the order of their times, never a scan. */
import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_ROTATION } from '../../../rules/table-indexes.ts';
import { keyIdOf } from '../../../rules/table-items.ts';
import { ROTATION_GROUPS, type RotationGroup } from '../../../rules/words.ts';
import type { Rotation } from '../../core/domain/key-record.ts';
import type { KeyRotation, RotationPage, RotationQuery, Rotations } from '../../core/ports/rotations.ts';
import { partitionOf, ROTATION_SHARDS, rotationPartition, rotationSortKey } from './key-item.ts';
import { readToken, writeToken } from './page-token.ts';
import { queryPages } from './query-pages.ts';

interface Place {
  /** Which of the query's groups is being read. */
  readonly group: number;
  /** The sort key to go on after. */
  readonly after?: string;
}

interface Found extends KeyRotation {
  readonly sortKey: string;
}

/** Before and behind every time. */
const FIRST = '0';
const LAST = '~';
const SHARDS = Array.from({ length: ROTATION_SHARDS }, (_, shard) => shard);

export class DynamoRotations implements Rotations {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async list(query: RotationQuery): Promise<RotationPage | 'bad-token'> {
    const start = query.nextToken === undefined ? { group: 0 } : readToken(query.nextToken, isPlace);
    if (!start || start.group >= query.groups.length) return 'bad-token';
    let place: Place | undefined = start;
    const found: Found[] = [];
    while (place && found.length < query.limit) {
      const { group }: Place = place;
      const page = await this.#page(query, place, query.limit - found.length);
      found.push(...page.found);
      if (page.more) place = { group, after: (page.found.at(-1) as Found).sortKey };
      else place = group + 1 < query.groups.length ? { group: group + 1 } : undefined;
    }
    return {
      rotations: found.map(({ sortKey: _place, ...rotation }) => rotation),
      nextToken: place ? writeToken(place) : null,
    };
  }

  async endedOf(keyId: string): Promise<readonly Rotation[]> {
    const items = await this.#all({
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ended)',
      ExpressionAttributeValues: { ':pk': partitionOf(keyId), ':ended': rotationSortKey('') },
    });
    return items.map(({ rotation }) => rotation as Rotation);
  }

  running(): Promise<readonly KeyRotation[]> {
    return this.#whole(['running'], FIRST);
  }

  endedSince(sinceMs: number): Promise<readonly KeyRotation[]> {
    const ended = ROTATION_GROUPS.filter((group) => group !== 'running');
    return this.#whole(ended, new Date(sinceMs).toISOString());
  }

  async #whole(groups: readonly RotationGroup[], first: string): Promise<readonly KeyRotation[]> {
    const partitions = groups.flatMap((group) =>
      SHARDS.map((shard) => this.#all(this.#between(group, shard, first, LAST))),
    );
    return (await Promise.all(partitions)).flat().map(rotationIn);
  }

  /** Of every shard as many as may all come first. */
  async #page({ groups, endedSinceMs }: RotationQuery, place: Place, limit: number) {
    const group = groups[place.group] as RotationGroup;
    const oldestFirst = group === 'running';
    const since = endedSinceMs === undefined ? FIRST : new Date(endedSinceMs).toISOString();
    const [first, last] = oldestFirst ? [place.after ?? FIRST, LAST] : [since, place.after ?? LAST];
    // What was listed last may be older by now than what is asked for.
    if (first > last) return { found: [], more: false };
    const shards = await Promise.all(
      SHARDS.map((shard) =>
        this.#client.send(
          new QueryCommand({
            ...this.#between(group, shard, first, last),
            ScanIndexForward: oldestFirst,
            // One that is behind us, since a range has its ends in it, and one that says whether there are more.
            Limit: limit + 2,
          }),
        ),
      ),
    );
    const ahead = shards
      .flatMap(({ Items }) => (Items ?? []).map(foundIn))
      .filter(({ sortKey }) => sortKey !== place.after)
      .sort((left, right) => (left.sortKey < right.sortKey === oldestFirst ? -1 : 1));
    return { found: ahead.slice(0, limit), more: ahead.length > limit };
  }

  #between(group: RotationGroup, shard: number, first: string, last: string): QueryCommandInput {
    return {
      TableName: this.#table,
      IndexName: INDEX_BY_ROTATION,
      KeyConditionExpression: 'rotationPk = :shard AND rotationSk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':shard': rotationPartition(group, shard),
        ':first': first,
        ':last': last,
      },
    };
  }

  async #all(query: QueryCommandInput): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of queryPages(this.#client, query)) items.push(...Items);
    return items;
  }
}

const rotationIn = (item: Record<string, unknown>): KeyRotation => ({
  keyId: keyIdOf(String(item['pk'])),
  owner: String(item['owner']),
  rotation: item['rotation'] as Rotation,
});

const foundIn = (item: Record<string, unknown>): Found => ({
  ...rotationIn(item),
  sortKey: String(item['rotationSk']),
});

/** `2026-11-23T14:00:00.000Z#<key>#<rotation>`: that one is any name that an execution may have. */
const SORT_KEY = /^\d{4}-[\dT:.-]{18}Z#\w{1,40}#\S{1,80}$/u;

const isPlace = ({ group, after }: Partial<Place>): boolean =>
  Number.isInteger(group) &&
  Number(group) >= 0 &&
  (after === undefined || (typeof after === 'string' && SORT_KEY.test(after)));
