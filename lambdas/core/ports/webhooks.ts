/** Webhooks: where they lie, how their secrets are kept, how a receiver is called, and what is on record of that. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { WebhookMailNotice } from '../domain/notice.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import type { SealedWebhookSecret, Webhook, WebhookHealth, WebhookTry } from '../domain/webhook.ts';
import type { NoticeMove } from './notices.ts';

export interface WebhookChange {
  /** What the change was made from; it holds only while this revision is the stored one. */
  readonly before: Webhook;
  readonly after: Webhook;
  readonly event: AuditEvent;
  /** For its owner: in the same transaction. */
  readonly notice?: WebhookMailNotice;
  /** Of notices that it is about, in the same transaction. */
  readonly moves?: readonly NoticeMove[];
}

export interface WebhookStore {
  /** Read consistently. A removed one stands for thirty days. */
  find(webhookId: string): Promise<Webhook | undefined>;
  /** All of them, removed ones too. Read consistently. */
  list(): Promise<readonly Webhook[]>;
  /** In one transaction with its event. `exists`: its id is taken, or its address by another of the same owner. */
  insert(webhook: Webhook, event: AuditEvent): Promise<'inserted' | 'exists'>;
  /** `stale`: another change came first and nothing was written. The address of one that is removed is free again. */
  save(change: WebhookChange): Promise<'saved' | 'stale'>;
}

export interface WebhookSecretSealer {
  seal(webhookId: string, serial: number, secret: Plaintext): Promise<SealedWebhookSecret>;
  /** `broken`: not what was sealed there. */
  open(webhookId: string, sealed: SealedWebhookSecret): Promise<Plaintext | 'broken'>;
}

/** What became of a call. */
export type Posted =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly durationMs: number;
      /** The beginning of what came back, cleaned for a terminal. */
      readonly body: string;
      /** Asked for by the receiver. */
      readonly retryAfterMs?: number;
    }
  /** Nothing came back. `address`: the host may not be called, and nothing was sent. */
  | {
      readonly outcome: 'unreachable' | 'address';
      readonly durationMs: number;
      /** A sentence. */
      readonly why: string;
    };

export interface WebhookPost {
  /** Never rejects: whatever the receiver does is an outcome. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted>;
  /** @returns why the host of the address may not be called, as it resolves now */
  trouble(url: string): Promise<string | undefined>;
}

export interface WebhookLog {
  /** Notes a try, and counts it unless it is a test. @returns how deliveries have gone, this one included */
  record(webhookId: string, tried: WebhookTry): Promise<WebhookHealth>;
  health(webhookId: string): Promise<WebhookHealth>;
  /** The latest first. */
  latest(webhookId: string, limit: number): Promise<readonly WebhookTry[]>;
}
