/** The outbox, and what sends from it. */
import type { Notice, NoticeState, StoredNotice } from '../domain/notice.ts';

/** Where a notice lies. */
export type NoticeRef = Pick<Notice, 'partition' | 'noticeId'>;

export interface Outbox {
  /** For notices that no change of a key carries. One that is there already stays as it is. */
  put(notice: Notice): Promise<'put' | 'exists'>;
  /** Read consistently. */
  find(ref: NoticeRef): Promise<StoredNotice | undefined>;
  /** Holds only while the state is the one that was seen; two senders at once: one wins. */
  move(stored: StoredNotice, next: NoticeState): Promise<'moved' | 'stale'>;
  /** Those whose time has come, the longest due first. From an index: may lag behind, decides nothing. */
  due(nowMs: number, limit: number): Promise<readonly NoticeRef[]>;
}

/** What became of one try. */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly receipt?: string }
  /** May pass: to be tried again, at the earliest after `afterMs`. */
  | { readonly outcome: 'later'; readonly why: string; readonly afterMs?: number }
  /** Until somebody changes something. */
  | { readonly outcome: 'refused'; readonly why: string }
  /** Not to be sent to this recipient. */
  | { readonly outcome: 'withheld'; readonly why: string };

/** Sends the notices of one channel. Never throws what it has looked into; what it throws counts as `later`. */
export interface NoticeSender<N extends Notice = Notice> {
  /** @param attempt from 1: part of what the receiver is told, so that its own record says which try it took */
  send(notice: N, attempt: number): Promise<SendOutcome>;
}
