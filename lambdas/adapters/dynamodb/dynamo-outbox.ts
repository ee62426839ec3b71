/** The outbox in DynamoDB: each move of a notice is one write that holds on the state that was read. */
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_NOTICE } from '../../../rules/table-indexes.ts';
import { NOTICE_PREFIX } from '../../../rules/table-items.ts';
import { type Notice, type NoticeState, type StoredNotice, waitingNotice } from '../../core/domain/notice.ts';
import type {
  DueListing,
  DuePage,
  NoticeListing,
  NoticePage,
  NoticeRef,
  Outbox,
} from '../../core/ports/notices.ts';
import { holds } from './conditional-writes.ts';
import { NEW_ITEM } from './key-item.ts';
import {
  NOTICE_SHARDS,
  type NoticeGroup,
  noticeItem,
  noticeMove,
  noticePartition,
  noticeRefOf,
  noticeSortKey,
  storedNoticeOf,
} from './notice-item.ts';
import { readToken, writeToken } from './page-token.ts';
import { queryPages } from './query-pages.ts';
import { MOST_READ, readBatch } from './read-batch.ts';

const SHARDS = Array.from({ length: NOTICE_SHARDS }, (_, shard) => shard);
/** Behind every time and id. */
const LAST = '~';

interface Place {
  readonly after: string;
}

interface Indexed {
  readonly sortKey: string;
  /** Absent: what lies there is no notice. It is counted all the same, or what lies behind it would be taken for none. */
  readonly ref?: NoticeRef;
}

const refsOf = (found: readonly Indexed[]): readonly NoticeRef[] => found.flatMap(({ ref }) => ref ?? []);

export class DynamoOutbox implements Outbox {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async put(notice: Notice): Promise<'put' | 'exists'> {
    const Item = noticeItem(waitingNotice(notice));
    const put = new PutCommand({ TableName: this.#table, Item, ConditionExpression: NEW_ITEM });
    return (await holds(() => this.#client.send(put))) ? 'put' : 'exists';
  }

  async find({ partition, noticeId }: NoticeRef): Promise<StoredNotice | undefined> {
    const Key = { pk: partition, sk: noticeSortKey(noticeId) };
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key,
        ConsistentRead: true,
        // Of a notice all of it, and of no other item more: whoever sends may read nothing else.
        ProjectionExpression: '#notice, #state',
        ExpressionAttributeNames: { '#notice': 'notice', '#state': 'state' },
      }),
    );
    return Item?.['notice'] ? storedNoticeOf(Item) : undefined;
  }

  /** Of two senders that read the same state both come here; the first changes it, and the second finds it changed. */
  async move(stored: StoredNotice, next: NoticeState): Promise<'moved' | 'stale'> {
    const update = new UpdateCommand({ TableName: this.#table, ...noticeMove(stored, next) });
    return (await holds(() => this.#client.send(update))) ? 'moved' : 'stale';
  }

  async due({ channel, nowMs, limit, after = '' }: DueListing): Promise<DuePage> {
    // '~' sorts behind every partition: what is due in this very millisecond is due.
    const until = `${new Date(nowMs).toISOString()}#${LAST}`;
    const found = await this.#merged(`DUE-${channel}`, limit, after, until);
    const last = found.length < limit ? undefined : found.at(-1);
    return { refs: refsOf(found), ...(last ? { next: last.sortKey } : {}) };
  }

  async list(query: NoticeListing & Pick<NoticeRef, 'partition'>): Promise<NoticePage | 'bad-token'> {
    const { partition, limit, nextToken } = query;
    const place = nextToken === undefined ? undefined : readToken(nextToken, isPlace);
    if (nextToken !== undefined && !place) return 'bad-token';
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :notice)',
        ExpressionAttributeValues: { ':pk': partition, ':notice': NOTICE_PREFIX },
        ScanIndexForward: false,
        Limit: limit,
        ...(place ? { ExclusiveStartKey: { pk: partition, sk: noticeSortKey(place.after) } } : {}),
      }),
    );
    const last = noticeRefOf(LastEvaluatedKey?.['pk'], LastEvaluatedKey?.['sk']);
    return {
      notices: Items.map(storedNoticeOf),
      nextToken: last ? writeToken({ after: last.noticeId }) : null,
    };
  }

  async parked({ limit, nextToken }: NoticeListing): Promise<NoticePage | 'bad-token'> {
    const place = nextToken === undefined ? { after: '' } : readToken(nextToken, isPlace);
    if (!place) return 'bad-token';
    const most = Math.min(limit, MOST_READ);
    const found = await this.#merged('PARKED', most + 1, place.after, LAST);
    const shown = found.slice(0, most);
    const stored = await this.#read(refsOf(shown));
    return {
      notices: stored.filter(({ state }) => state.status === 'parked'),
      nextToken: found.length > most ? writeToken({ after: String(shown.at(-1)?.sortKey) }) : null,
    };
  }

  async countParked(): Promise<number> {
    const counts = await Promise.all(SHARDS.map((shard) => this.#count(noticePartition('PARKED', shard))));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #count(partition: string): Promise<number> {
    let count = 0;
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      IndexName: INDEX_BY_NOTICE,
      KeyConditionExpression: 'noticePk = :shard',
      ExpressionAttributeValues: { ':shard': partition },
      Select: 'COUNT',
    });
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  }

  /** Of all shards in the order of their times, behind `after`. */
  async #merged(
    group: NoticeGroup,
    limit: number,
    after: string,
    until: string,
  ): Promise<readonly Indexed[]> {
    const shards = await Promise.all(
      SHARDS.map((shard) => this.#shard(noticePartition(group, shard), limit, after, until)),
    );
    return shards
      .flat()
      .sort((one, other) => (one.sortKey < other.sortKey ? -1 : 1))
      .slice(0, limit);
  }

  async #shard(partition: string, limit: number, after: string, until: string): Promise<readonly Indexed[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: INDEX_BY_NOTICE,
        KeyConditionExpression: 'noticePk = :shard AND noticeSk BETWEEN :after AND :until',
        // Nothing sorts between a text and the same with the lowest character behind it.
        ExpressionAttributeValues: { ':shard': partition, ':after': `${after}\u0001`, ':until': until },
        Limit: limit,
      }),
    );
    return Items.map(({ pk, sk, noticeSk }) => {
      const ref = noticeRefOf(pk, sk);
      return { sortKey: String(noticeSk), ...(ref ? { ref } : {}) };
    });
  }

  /** In this order, each as it stands. */
  async #read(refs: readonly NoticeRef[]): Promise<readonly StoredNotice[]> {
    const places = refs.map(({ partition, noticeId }) => ({ pk: partition, sk: noticeSortKey(noticeId) }));
    const items = await readBatch(this.#client, this.#table, places);
    const byName = new Map(items.map((item) => [nameOf(item), storedNoticeOf(item)]));
    return places.flatMap((place) => byName.get(nameOf(place)) ?? []);
  }
}

const nameOf = ({ pk, sk }: Readonly<Record<string, unknown>>): string => `${String(pk)} ${String(sk)}`;

const isPlace = ({ after }: Partial<Place>): boolean => typeof after === 'string' && after !== '';
