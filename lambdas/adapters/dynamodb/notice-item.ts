/** How notices lie in the table: beside what caused them, and in an index while somebody is to look at them. */
import { NOTICE_PREFIX } from '../../../rules/table-items.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { crc32 } from '../../core/domain/crc32.ts';
import type { Notice, NoticeChannel, NoticeState, StoredNotice } from '../../core/domain/notice.ts';
import type { NoticeMove, NoticeRef } from '../../core/ports/notices.ts';

/** Notices that are due, and parked ones, spread over this many partitions of their index each. */
export const NOTICE_SHARDS = 4;
/** How long what was settled is kept. */
const KEPT_MS = 365 * DAY_MS;

export const noticeSortKey = (noticeId: string): string => `${NOTICE_PREFIX}${noticeId}`;

/** Of what is due each channel has partitions of its own. */
export type NoticeGroup = `DUE-${NoticeChannel}` | 'PARKED';
export const noticePartition = (group: NoticeGroup, shard: number): string => `NOTICE-${group}#${shard}`;

/** Attributes that a notice has only while it is in the index, and one that it has only when it is settled. */
const INDEX_ATTRIBUTES = ['noticePk', 'noticeSk'] as const;
const SETTLED_ATTRIBUTES = ['ttl'] as const;

const shardOf = ({ partition, noticeId }: NoticeRef): number =>
  crc32(`${partition}/${noticeId}`) % NOTICE_SHARDS;

const indexed = (group: NoticeGroup, notice: Notice, atMs: number) => ({
  noticePk: noticePartition(group, shardOf(notice)),
  noticeSk: `${new Date(atMs).toISOString()}#${notice.partition}#${notice.noticeId}`,
});

const untilExpired = (settledAtMs: number) => ({ ttl: Math.ceil((settledAtMs + KEPT_MS) / 1000) });

/** What an item has beside the notice itself. */
function stateAttributes({ notice, state }: StoredNotice): Record<string, unknown> {
  const { status, dueAtMs, sentAtMs, settledAtMs = sentAtMs ?? notice.madeAtMs } = state;
  if (status === 'waiting' || status === 'sending') {
    return { state, ...indexed(`DUE-${notice.channel}`, notice, dueAtMs ?? notice.madeAtMs) };
  }
  if (status === 'parked') {
    return { state, ...indexed('PARKED', notice, settledAtMs), ...untilExpired(settledAtMs) };
  }
  return { state, ...untilExpired(settledAtMs) };
}

/** Those that it must not have in this state. */
const lostAttributes = (attributes: Readonly<Record<string, unknown>>): readonly string[] =>
  [...INDEX_ATTRIBUTES, ...SETTLED_ATTRIBUTES].filter((name) => !(name in attributes));

export const noticeItem = (stored: StoredNotice): Record<string, unknown> => ({
  pk: stored.notice.partition,
  sk: noticeSortKey(stored.notice.noticeId),
  notice: stored.notice,
  ...stateAttributes(stored),
});

/** The update that moves a notice on, where it stands as it was seen. */
export function noticeMove({ notice, state }: StoredNotice, next: NoticeState) {
  const attributes = stateAttributes({ notice, state: next });
  const names = Object.keys(attributes);
  const lost = lostAttributes(attributes);
  return {
    Key: { pk: notice.partition, sk: noticeSortKey(notice.noticeId) },
    ConditionExpression: '#state = :seen',
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')} REMOVE ${lost.map((name) => `#${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries([...names, ...lost].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
      ':seen': state,
    },
  };
}

/** The same as writes of a transaction. */
export const noticeMoves = (TableName: string, moves: readonly NoticeMove[]) =>
  moves.map(({ stored, next }) => ({ Update: { TableName, ...noticeMove(stored, next) } }));

export const storedNoticeOf = (item: Readonly<Record<string, unknown>>): StoredNotice => ({
  notice: item['notice'] as Notice,
  state: item['state'] as NoticeState,
});

/** Where an item of the table lies, if it is a notice. */
export function noticeRefOf(pk: unknown, sk: unknown): NoticeRef | undefined {
  if (typeof pk !== 'string' || typeof sk !== 'string' || !sk.startsWith(NOTICE_PREFIX)) return undefined;
  return { partition: pk, noticeId: sk.slice(NOTICE_PREFIX.length) };
}
