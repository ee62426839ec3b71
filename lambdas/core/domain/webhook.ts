/** A webhook: where events are sent to, which of them, and what its receiver verifies them by. */
import { DAY_MS } from '../../../rules/time-units.ts';
import type { Chain } from './audit-event.ts';
import { type RandomBytes, randomBase62 } from './base62.ts';
import type { AuditHead } from './key-record.ts';
import { Plaintext } from './plaintext.ts';

export type WebhookStatus = 'enabled' | 'disabled' | 'removed';

/** A secret under a data key of its own. */
export interface SealedWebhookSecret {
  /** 1 for the webhook's first. */
  readonly serial: number;
  readonly ciphertext: string;
  readonly wrappedDataKey: string;
}

export interface WebhookSecrets {
  readonly current: SealedWebhookSecret;
  /** After a rotation the one before signs too, until then. */
  readonly previous?: SealedWebhookSecret & { readonly endsAtMs: number };
  readonly rotatedAtMs: number;
}

export interface Webhook {
  readonly webhookId: string;
  readonly url: string;
  /** Whose keys' events it is told; absent: it is the operators' own, and is told all. */
  readonly owner?: string;
  /** Types that it wants; empty: all that it may see. */
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: WebhookStatus;
  /** When it became what its status says. */
  readonly statusSinceMs: number;
  /** Why it is disabled or removed. */
  readonly statusReason?: string;
  readonly createdAtMs: number;
  /** Absent once it is removed: nothing is signed any more. */
  readonly secrets?: WebhookSecrets;
  readonly audit: AuditHead;
  /** Grows by one with every change. */
  readonly revision: number;
}

/** One call of a receiver, as it is on record. */
export interface WebhookTry {
  readonly messageId: string;
  readonly type: string;
  readonly atMs: number;
  /** From 1; 0 of a test. */
  readonly attempt: number;
  readonly delivered: boolean;
  readonly status?: number;
  readonly durationMs: number;
  /** Why it was not delivered: a sentence. */
  readonly failure?: string;
}

/** How deliveries have gone, tests apart. */
export interface WebhookHealth {
  readonly delivered: number;
  readonly failed: number;
  /** Since the last one that was delivered. */
  readonly failedInARow: number;
  /** Of the first failure since then. */
  readonly failingSinceMs?: number;
  readonly lastDeliveredAtMs?: number;
  readonly lastFailedAtMs?: number;
}

export const NO_HEALTH: WebhookHealth = { delivered: 0, failed: 0, failedInARow: 0 };

/** All that a deployment may have: each event is weighed against each of them. */
export const MOST_WEBHOOKS = 100;
/** How long the secret before the last rotation signs too, unless it is to end at once. */
export const SECRET_OVERLAP_MS = DAY_MS;

const ID = /^wh_[0-9A-Za-z]{12}$/;
const SECRET_BYTES = 32;

export const isWebhookId = (text: unknown): text is string => typeof text === 'string' && ID.test(text);

export const newWebhookId = (randomBytes: RandomBytes): string => `wh_${randomBase62(12, randomBytes)}`;

/** As the scheme writes secrets: a prefix that scanners find, and 256 bits in base64. */
export const newWebhookSecret = (randomBytes: RandomBytes): Plaintext =>
  new Plaintext(`whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`);

/** Where what is to be sent to it and what was sent lies. Apart from keys: who may write there can write no key. */
const PARTITION_PREFIX = 'WEBHOOK#';
export const webhookPartition = (webhookId: string): string => `${PARTITION_PREFIX}${webhookId}`;

/** @returns undefined of what lies beside no webhook */
export const webhookIdOf = (partition: string): string | undefined =>
  partition.startsWith(PARTITION_PREFIX) ? partition.slice(PARTITION_PREFIX.length) : undefined;

export const webhookChain = ({ webhookId, owner }: Pick<Webhook, 'webhookId' | 'owner'>): Chain => ({
  chain: `webhook/${webhookId}`,
  ...(owner === undefined ? {} : { owner }),
});

/** What an event or a line of log may say of its address: the rest of it may be a secret of its receiver. */
export const hostOf = ({ url }: Pick<Webhook, 'url'>): string => new URL(url).host;
