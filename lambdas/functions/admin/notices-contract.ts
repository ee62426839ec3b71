/** What operators ask about notices, and what they are told. Types only, as in `contract.ts`. */
import type { MailKind, NoticeChannel, NoticeStatus } from '../../core/domain/notice.ts';
import type { ActorClaim, Timestamp } from './contract.ts';

export interface NoticesInput {
  /** Of this key, the latest first. Absent: of all keys those that are parked, the longest first. */
  readonly keyId?: string;
  /** Only those that were given up. */
  readonly parked?: boolean;
  /** 1 to 100, default 50. */
  readonly limit?: number;
  readonly nextToken?: string;
}

/** Either one, or all that are parked. */
export interface ResendInput {
  /** As `NoticeView` has it. */
  readonly noticeId?: string;
  readonly parked?: boolean;
}

/** Of those that are parked: one, or up to 50. */
export interface DismissInput {
  readonly noticeId?: string;
  readonly noticeIds?: readonly string[];
  /** Why nobody is to be told, for the audit. */
  readonly reason: string;
}

export interface NoticeView {
  /** Of all notices this one's alone. */
  readonly noticeId: string;
  readonly keyId: string | null;
  readonly owner: string | null;
  readonly rotationId: string | null;
  readonly channel: NoticeChannel;
  /** Of a mail what it is about; otherwise the type of the event. */
  readonly kind: MailKind | string;
  /** Who is told: a mail address, the id of a webhook. */
  readonly recipient: string;
  readonly status: NoticeStatus;
  /** When it was caused. */
  readonly madeAt: Timestamp;
  /** Tries begun. */
  readonly attempts: number;
  /** Of one that waits or is being sent: when it is looked at next. */
  readonly nextTryAt: Timestamp | null;
  readonly sentAt: Timestamp | null;
  /** When it was given up, dismissed, came back or was withheld. */
  readonly settledAt: Timestamp | null;
  /** What the service that took it calls it. */
  readonly receipt: string | null;
  /** Why it is not sent, or came back. */
  readonly why: string | null;
  /** Who dismissed it, and why. */
  readonly dismissedBy: string | null;
  readonly dismissedFor: string | null;
}

export interface NoticesPage {
  readonly notices: readonly NoticeView[];
  readonly nextToken: string | null;
}

/** How a key's notices stand, in short. */
export interface NoticesSummary {
  /** The latest. */
  readonly last: NoticeView | null;
  readonly sent: number;
  /** Waiting for their time, or being sent. */
  readonly waiting: number;
  readonly parked: number;
  /** Those that told nobody: they came back, or were taken for unwanted. */
  readonly bounced: number;
}

export interface Resent {
  /** They go out within a minute. */
  readonly resent: number;
  /** Parked ones beyond these: ask again. */
  readonly more: boolean;
}

export interface Dismissed {
  readonly dismissed: number;
  /** Those that are parked no more: somebody else dismissed them, or had them sent again. */
  readonly left: readonly string[];
}

export type NoticesAdminRequest =
  | { readonly action: 'notices'; readonly input: NoticesInput; readonly actor?: ActorClaim }
  | { readonly action: 'resend-notices'; readonly input: ResendInput; readonly actor?: ActorClaim }
  | { readonly action: 'dismiss-notices'; readonly input: DismissInput; readonly actor?: ActorClaim };

/** What each action answers. */
export interface NoticesAdminResults {
  readonly notices: NoticesPage;
  readonly 'resend-notices': Resent;
  readonly 'dismiss-notices': Dismissed;
}
