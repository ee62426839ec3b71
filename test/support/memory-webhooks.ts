/** Webhooks in memory: their store, their log, secrets that are only wrapped, and a receiver that answers as it is told. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { WebhookMailNotice } from '../../lambdas/core/domain/notice.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import {
  NO_HEALTH,
  type SealedWebhookSecret,
  type Webhook,
  type WebhookHealth,
  type WebhookTry,
} from '../../lambdas/core/domain/webhook.ts';
import type {
  Posted,
  WebhookChange,
  WebhookLog,
  WebhookPost,
  WebhookSecretSealer,
  WebhookStore,
} from '../../lambdas/core/ports/webhooks.ts';
import { isSameAddress } from '../../rules/mail-address.ts';
import { frozen } from './frozen.ts';
import { moveNotices, stands } from './memory-moves.ts';
import { MemoryTable } from './memory-table.ts';

export class MemoryWebhooks implements WebhookStore {
  readonly #webhooks = new Map<string, Webhook>();
  readonly events: AuditEvent[] = [];
  readonly notices: WebhookMailNotice[] = [];
  readonly #table: MemoryTable;

  /** @param table whose notices its changes may carry on */
  constructor(table = new MemoryTable()) {
    this.#table = table;
  }

  async find(webhookId: string): Promise<Webhook | undefined> {
    return this.#webhooks.get(webhookId);
  }

  async list(): Promise<readonly Webhook[]> {
    return [...this.#webhooks.values()];
  }

  async insert(webhook: Webhook, event: AuditEvent): Promise<'inserted' | 'exists'> {
    const isTaken = [...this.#webhooks.values()].some((other) => isAtOneAddress(webhook, other));
    if (isTaken || this.#webhooks.has(webhook.webhookId)) return 'exists';
    this.#write(webhook, event);
    return 'inserted';
  }

  async save({ before, after, event, notice, moves = [] }: WebhookChange): Promise<'saved' | 'stale'> {
    if (this.#webhooks.get(before.webhookId)?.revision !== before.revision) return 'stale';
    if (!moves.every((move) => stands(this.#table, move))) return 'stale';
    this.#write(after, event);
    moveNotices(this.#table, moves);
    if (notice) this.notices.push(frozen(notice));
    return 'saved';
  }

  #write(webhook: Webhook, event: AuditEvent): void {
    this.#webhooks.set(webhook.webhookId, frozen(webhook));
    this.events.push(frozen(event));
  }
}

const isAtOneAddress = (one: Webhook, other: Webhook): boolean =>
  other.status !== 'removed' && one.url === other.url && isSameAddress(one.owner, other.owner);

export class MemoryWebhookLog implements WebhookLog {
  readonly tries = new Map<string, WebhookTry[]>();
  readonly #health = new Map<string, WebhookHealth>();
  /** While set, every write fails with it. */
  failure: Error | undefined;

  async record(webhookId: string, tried: WebhookTry): Promise<WebhookHealth> {
    if (this.failure) throw this.failure;
    this.tries.set(webhookId, [...(this.tries.get(webhookId) ?? []), tried]);
    const before = await this.health(webhookId);
    if (tried.attempt === 0) return before;
    const { failingSinceMs, ...rest } = before;
    const after = tried.delivered
      ? { ...rest, delivered: rest.delivered + 1, failedInARow: 0, lastDeliveredAtMs: tried.atMs }
      : {
          ...rest,
          failed: rest.failed + 1,
          failedInARow: rest.failedInARow + 1,
          failingSinceMs: failingSinceMs ?? tried.atMs,
          lastFailedAtMs: tried.atMs,
        };
    this.#health.set(webhookId, after);
    return after;
  }

  async health(webhookId: string): Promise<WebhookHealth> {
    return this.#health.get(webhookId) ?? NO_HEALTH;
  }

  async latest(webhookId: string, limit: number): Promise<readonly WebhookTry[]> {
    const tries = this.tries.get(webhookId) ?? [];
    return [...tries].sort((left, right) => right.atMs - left.atMs).slice(0, limit);
  }
}

export class MemoryWebhookSecrets implements WebhookSecretSealer {
  async seal(webhookId: string, serial: number, secret: Plaintext): Promise<SealedWebhookSecret> {
    const ciphertext = Buffer.from(secret.reveal()).toString('hex');
    return { serial, ciphertext, wrappedDataKey: `${webhookId}/${serial}` };
  }

  async open(webhookId: string, { serial, ciphertext, wrappedDataKey }: SealedWebhookSecret) {
    if (wrappedDataKey !== `${webhookId}/${serial}`) return 'broken';
    return new Plaintext(Buffer.from(ciphertext, 'hex').toString());
  }
}

export interface Received {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers 200 until it is told otherwise. */
export class ScriptedPost implements WebhookPost {
  readonly received: Received[] = [];
  answer: Posted = answered(200);
  /** By host: why it may not be called. */
  readonly refusedHosts = new Map<string, string>();

  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
    this.received.push({ url, headers, body });
    return this.answer;
  }

  async trouble(url: string): Promise<string | undefined> {
    return this.refusedHosts.get(new URL(url).hostname);
  }
}

export const answered = (status: number, more: { readonly retryAfterMs?: number } = {}): Posted => ({
  outcome: 'answered',
  status,
  durationMs: 12,
  body: '',
  ...more,
});
