/** The outbox in memory, over the same table as the fakes that write into it. */
import type { Notice, NoticeState, StoredNotice } from '../../lambdas/core/domain/notice.ts';
import { waitingNotice } from '../../lambdas/core/domain/notice.ts';
import type {
  DueListing,
  DuePage,
  NoticeListing,
  NoticePage,
  NoticeRef,
  Outbox,
} from '../../lambdas/core/ports/notices.ts';
import { frozen } from './frozen.ts';
import type { MemoryTable } from './memory-table.ts';

export const noticeName = ({ partition, noticeId }: NoticeRef): string => `${partition}/${noticeId}`;

const TOKEN = /^after-(\d+)$/;

export class MemoryOutbox implements Outbox {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async put(notice: Notice): Promise<'put' | 'exists'> {
    await this.#table.turn();
    if (this.#table.notices.has(noticeName(notice))) return 'exists';
    this.#set(waitingNotice(notice));
    return 'put';
  }

  async find(ref: NoticeRef): Promise<StoredNotice | undefined> {
    await this.#table.turn();
    return this.#table.notices.get(noticeName(ref));
  }

  async move({ notice, state }: StoredNotice, next: NoticeState): Promise<'moved' | 'stale'> {
    await this.#table.turn();
    const stored = this.#table.notices.get(noticeName(notice));
    if (!stored || canonical(stored.state) !== canonical(state)) return 'stale';
    this.#set({ notice: stored.notice, state: next });
    return 'moved';
  }

  async due({ channel, nowMs, limit, after = '' }: DueListing): Promise<DuePage> {
    await this.#table.turn();
    const found = this.#in(['waiting', 'sending'])
      .filter((stored) => stored.notice.channel === channel && dueAt(stored) <= nowMs)
      .map(({ notice, state }) => ({ notice, place: placeOf({ notice, state }) }))
      .filter(({ place }) => place > after)
      .sort((one, other) => (one.place < other.place ? -1 : 1))
      .slice(0, limit);
    const last = found.length < limit ? undefined : found.at(-1);
    const refs = found.map(({ notice: { partition, noticeId } }) => ({ partition, noticeId }));
    return { refs, ...(last ? { next: last.place } : {}) };
  }

  async list({ partition, ...page }: NoticeListing & Pick<NoticeRef, 'partition'>) {
    await this.#table.turn();
    const all = [...this.#table.notices.values()]
      .filter(({ notice }) => notice.partition === partition)
      .sort((one, other) => (one.notice.noticeId < other.notice.noticeId ? 1 : -1));
    return pageOf(all, page);
  }

  async parked(page: NoticeListing): Promise<NoticePage | 'bad-token'> {
    await this.#table.turn();
    const all = this.#in(['parked']).sort(
      ({ state: one }, { state: other }) => (one.settledAtMs ?? 0) - (other.settledAtMs ?? 0),
    );
    return pageOf(all, page);
  }

  async countParked(): Promise<number> {
    await this.#table.turn();
    return this.#in(['parked']).length;
  }

  #in(statuses: readonly NoticeState['status'][]): StoredNotice[] {
    return [...this.#table.notices.values()].filter(({ state }) => statuses.includes(state.status));
  }

  #set(stored: StoredNotice): void {
    this.#table.commit(() => this.#table.notices.set(noticeName(stored.notice), frozen(stored)));
  }
}

const placeOf = (stored: StoredNotice): string =>
  `${String(dueAt(stored)).padStart(15, '0')}#${noticeName(stored.notice)}`;

const dueAt = ({ notice, state }: StoredNotice): number => state.dueAtMs ?? notice.madeAtMs;

/** Whatever the order of its fields. */
const canonical = (state: NoticeState): string =>
  JSON.stringify(Object.entries(state).sort(([one], [other]) => (one < other ? -1 : 1)));

function pageOf(all: readonly StoredNotice[], { limit, nextToken }: NoticeListing): NoticePage | 'bad-token' {
  const start = nextToken === undefined ? 0 : Number(TOKEN.exec(nextToken)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return 'bad-token';
  const end = start + limit;
  return { notices: all.slice(start, end), nextToken: end < all.length ? `after-${end}` : null };
}
