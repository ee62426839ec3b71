/** The outbox, and what sends from it. */
import type { Notice, NoticeChannel, NoticeState, StoredNotice } from '../domain/notice.ts';

/** Where a notice lies. */
export type NoticeRef = Pick<Notice, 'partition' | 'noticeId'>;

/** A step of a notice that another change carries in its transaction: it holds only while the notice stands as it was seen. */
export interface NoticeMove {
  readonly stored: StoredNotice;
  readonly next: NoticeState;
}

export interface NoticePage {
  readonly notices: readonly StoredNotice[];
  readonly nextToken: string | null;
}

export interface NoticeListing {
  readonly limit: number;
  readonly nextToken?: string;
}

export interface DueListing {
  readonly channel: NoticeChannel;
  readonly nowMs: number;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

export interface DuePage {
  readonly refs: readonly NoticeRef[];
  /** Absent: there are no more. */
  readonly next?: string;
}

export interface Outbox {
  /** For notices that no change of a key carries. One that is there already stays as it is. */
  put(notice: Notice): Promise<'put' | 'exists'>;
  /** Read consistently. */
  find(ref: NoticeRef): Promise<StoredNotice | undefined>;
  /** Holds only while the state is the one that was seen, all of it; two senders at once: one wins. */
  move(stored: StoredNotice, next: NoticeState): Promise<'moved' | 'stale'>;
  /**
   * Those of a channel whose time has come, the longest due first: ten thousand mails hide no alert. From an index: may
   * lag behind, decides nothing.
   */
  due(listing: DueListing): Promise<DuePage>;
  /** All of one partition, by their ids, the last first. */
  list(query: NoticeListing & Pick<NoticeRef, 'partition'>): Promise<NoticePage | 'bad-token'>;
  /** Those that were given up, the longest parked first. What an index shows too late is left out. */
  parked(query: NoticeListing): Promise<NoticePage | 'bad-token'>;
  /** How many are parked. May lag behind. */
  countParked(): Promise<number>;
}

/** What became of one try. */
export type SendOutcome =
  | { readonly outcome: 'sent'; readonly receipt?: string }
  /** Surely not taken, and that may pass: to be tried again, at the earliest after `afterMs`. */
  | {
      readonly outcome: 'later';
      readonly why: string;
      readonly afterMs?: number;
      /** There were too many at once: others wait too. */
      readonly throttled?: boolean;
    }
  /**
   * The answer was lost: nobody knows whether it was taken. Where the receiver's own record can say so it is waited for;
   * where a receiver drops what it has seen, it is tried again.
   */
  | { readonly outcome: 'unknown'; readonly why: string }
  /** Until somebody changes something. */
  | { readonly outcome: 'refused'; readonly why: string }
  /** Not to be sent to this recipient. */
  | { readonly outcome: 'withheld'; readonly why: string };

/** Sends the notices of one channel. Never throws what it has looked into; what it throws counts as `unknown`. */
export interface NoticeSender<N extends Notice = Notice> {
  /**
   * One try, never more: a client of the service that asks again by itself may send twice.
   *
   * @param attempt from 1: part of what the receiver is told, so that its own record says which try it took
   */
  send(notice: N, attempt: number): Promise<SendOutcome>;
  /**
   * It is about to be parked after its last try, or as refused. Called before that is on record, so it may be called
   * again for the same notice.
   */
  onGivenUp?(notice: N, why: string): Promise<void>;
}

/** The sender of each channel; one that is absent is not configured. */
export interface NoticeSenders {
  readonly mail?: NoticeSender<Extract<Notice, { channel: 'mail' }>>;
  readonly webhook?: NoticeSender<Extract<Notice, { channel: 'webhook' }>>;
  readonly alert?: NoticeSender<Extract<Notice, { channel: 'alert' }>>;
}
