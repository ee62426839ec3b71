/** What is to be told, to whom, by which way: an item of the outbox. It never holds a key, a link or a token. */
import type { KeyMailKind, MailKind } from '../../../rules/mail-kinds.ts';
import type { Delivery, Environment, Evidence, ReceivedBy, RotationPurpose } from '../../../rules/words.ts';
import type { Origin } from './audit-event.ts';

export type { KeyMailKind, MailKind };

export const NOTICE_CHANNELS = ['mail', 'webhook', 'alert'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** A client that still uses the old version. */
export interface Straggler {
  readonly address: string;
  readonly userAgent: string;
  readonly requests: number;
  readonly lastUsedAtMs: number;
}

/** Everything that the words of a mail about a key are made from: as it stood when the notice was caused. */
export interface MailFacts {
  readonly keyName: string;
  readonly environment: Environment;
  /**
   * How the new version reaches its owner. By `operator` and `renewal-key` it lies where they take it, and what tells of
   * the version (issued, rotation-started, emergency) says so: no other notice follows for that alone.
   */
  readonly delivery: Delivery;
  /** When it happened. */
  readonly atMs: number;
  /** The version that clients are to use from here on. */
  readonly version?: number;
  /** The one beside it, that ends or has ended. In `rolled-back`: the one that was taken back. */
  readonly oldVersion?: number;
  /** When the old version is announced to end, or in an emergency is refused. */
  readonly oldEndsAtMs?: number;
  /** The old version is refused already. */
  readonly oldRefused?: boolean;
  readonly purpose?: RotationPurpose;
  readonly reason?: string;
  /** Extensions so far; `held`: after the last one. */
  readonly extensions?: number;
  readonly held?: boolean;
  readonly oldRequests?: number;
  readonly newRequests?: number;
  /** Who still uses the old version, those with the latest use first, ten at most. */
  readonly stragglers?: readonly Straggler[];
  /** Nobody has received the new version yet. */
  readonly undelivered?: boolean;
  /** What the use said when the old version was retired. */
  readonly evidence?: Evidence;
  /** By whose word the old version was retired: the measured use, the policy's stated limit, or an operator's. */
  readonly decidedBy?: 'use' | 'policy' | 'operator';
  /** How the new version was received, when that is what happened, and from where. */
  readonly receivedBy?: ReceivedBy;
  readonly receivedFrom?: Origin;
}

/** The same of a mail about a webhook. */
export interface WebhookMailFacts {
  readonly webhookId: string;
  /** Of its receiver: the rest of the address may be a secret. */
  readonly host: string;
  /** `gone`: its receiver wants no more; `unreached`: nothing reached it for a day. */
  readonly why: 'gone' | 'unreached';
  /** When it was disabled. */
  readonly atMs: number;
  /** Since when nothing has reached it, as far as that is why. */
  readonly failingSinceMs?: number;
}

interface NoticeBase {
  /** Of its sort key, below its partition: `<rotationId or occasion>#<kind>#<recipient>`; the same cause makes the same. */
  readonly noticeId: string;
  /** Where it lies: that of the item whose change caused it. */
  readonly partition: string;
  readonly madeAtMs: number;
  readonly keyId?: string;
  readonly owner?: string;
  readonly rotationId?: string;
}

interface MailBase extends NoticeBase {
  readonly channel: 'mail';
  readonly recipient: string;
}

/** What happened to a key. */
export interface KeyMailNotice extends MailBase {
  readonly kind: KeyMailKind;
  readonly facts: MailFacts;
}

/** An owner's webhook was disabled, which is no key's matter. */
export interface WebhookMailNotice extends MailBase {
  readonly kind: Exclude<MailKind, KeyMailKind>;
  readonly facts: WebhookMailFacts;
}

/** A mail to one address. */
export type MailNotice = KeyMailNotice | WebhookMailNotice;

/** One event for one webhook. */
export interface WebhookNotice extends NoticeBase {
  readonly channel: 'webhook';
  /** Type of the event, as its receiver reads it. */
  readonly kind: string;
  /** The webhook's id. */
  readonly recipient: string;
  /** The body's `data`. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** One alert for the security topic. */
export interface AlertNotice extends NoticeBase {
  readonly channel: 'alert';
  readonly kind: string;
  readonly recipient: 'security';
  readonly facts: Readonly<Record<string, unknown>>;
}

export type Notice = MailNotice | WebhookNotice | AlertNotice;

export type NoticeStatus =
  /** Still to be sent, now or after a pause. */
  | 'waiting'
  /** A sender has it. If that sender dies, nobody knows whether it went out until the receiver's own record says. */
  | 'sending'
  | 'sent'
  /** It came back, or its receiver took it for unwanted: nobody was told. */
  | 'bounced'
  | 'complained'
  /** Its recipient does not want such notices, or may not be sent any. */
  | 'withheld'
  /** Given up: an operator can send it again, or dismiss it. */
  | 'parked'
  /** Given up, and an operator has said that nobody is to be told of it any more. */
  | 'dismissed';

/** How a notice stands. */
export interface NoticeState {
  readonly status: NoticeStatus;
  /** Tries begun. */
  readonly attempts: number;
  /** When it is looked at next, while waiting or sending. */
  readonly dueAtMs?: number;
  readonly sentAtMs?: number;
  /** When it was given up or dismissed, or came to another end than sent. */
  readonly settledAtMs?: number;
  /** Tries before an operator had it sent again: the pauses between tries start anew. */
  readonly formerAttempts?: number;
  /** When its recipient's mail server took it, as far as that was told. */
  readonly deliveredAtMs?: number;
  /** What the service that took it calls it. */
  readonly receipt?: string;
  /** Why it is not sent, or came back: a sentence for an operator. */
  readonly why?: string;
  /** Whose word dismissed it, and why. */
  readonly dismissedBy?: string;
  readonly dismissedFor?: string;
}

export interface StoredNotice {
  readonly notice: Notice;
  readonly state: NoticeState;
}

/** As a notice begins. */
export const waitingNotice = <N extends Notice>(notice: N): StoredNotice & { readonly notice: N } => ({
  notice,
  state: { status: 'waiting', attempts: 0, dueAtMs: notice.madeAtMs },
});
