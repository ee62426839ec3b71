/** What operators ask about webhooks. Types only, as in `contract.ts`. */
import type { ActorClaim, Timestamp } from './contract.ts';

export interface AddWebhookInput {
  /** HTTPS, reachable in the Internet unless the deployment allows private addresses. */
  readonly url: string;
  /** Mail address: events of this owner's keys alone. Default: every event. */
  readonly owner?: string;
  /** Types of events; empty or absent: all that it may see. */
  readonly events?: readonly string[];
  readonly description?: string;
}

interface Request<Action, Input> {
  readonly action: Action;
  readonly input: Input;
  readonly actor?: ActorClaim;
}
interface OneWebhook {
  readonly webhookId: string;
}
interface ReasonedWebhook extends OneWebhook {
  readonly reason: string;
}

export type WebhookAdminRequest =
  /** Resolves and checks the address at once, and answers with the secret, here and never again. */
  | Request<'add-webhook', AddWebhookInput>
  /** All that are not removed, or those of one owner. */
  | Request<'webhooks', { readonly owner?: string }>
  /** One, with its latest deliveries. A removed one is shown for thirty days. */
  | Request<'webhook', OneWebhook>
  /** Sends a signed test at once, and waits for what comes back. */
  | Request<'test-webhook', OneWebhook>
  /** `immediate`: the secret before signs no more. Otherwise it does for a day, beside the new one. */
  | Request<'rotate-webhook-secret', OneWebhook & { readonly immediate?: boolean }>
  | Request<'enable-webhook', ReasonedWebhook>
  | Request<'disable-webhook', ReasonedWebhook>
  /** For good. */
  | Request<'remove-webhook', OneWebhook & { readonly reason?: string }>;

export interface WebhookView {
  readonly webhookId: string;
  readonly url: string;
  /** Null: it is told every event. */
  readonly owner: string | null;
  /** Empty: all types. */
  readonly events: readonly string[];
  readonly description: string | null;
  readonly status: 'enabled' | 'disabled' | 'removed';
  readonly statusSince: Timestamp;
  /** Why it is disabled or removed. */
  readonly statusReason: string | null;
  readonly createdAt: Timestamp;
  /** Null once it is removed. */
  readonly secretSince: Timestamp | null;
  /** Until when the secret before the last rotation signs too; null when none does. */
  readonly formerSecretUntil: Timestamp | null;
}

/** How deliveries have gone, tests apart. */
export interface WebhookHealthView {
  readonly delivered: number;
  readonly failed: number;
  readonly failedInARow: number;
  readonly failingSince: Timestamp | null;
  readonly lastDeliveredAt: Timestamp | null;
  readonly lastFailedAt: Timestamp | null;
}

export interface WebhookTryView {
  readonly messageId: string;
  readonly type: string;
  readonly at: Timestamp;
  /** From 1; 0 of a test. */
  readonly attempt: number;
  readonly delivered: boolean;
  /** Null where nothing answered. */
  readonly status: number | null;
  readonly durationMs: number;
  readonly failure: string | null;
}

export interface WebhookDetails extends WebhookView {
  readonly health: WebhookHealthView;
  /** The latest first. */
  readonly deliveries: readonly WebhookTryView[];
}

export interface WebhookSecretView {
  readonly webhookId: string;
  /** `whsec_…`: what its receiver verifies by. Here and never again. */
  readonly secret: string;
}

export interface WebhookTested extends WebhookTryView {
  readonly webhookId: string;
  /** The beginning of what came back. */
  readonly answer: string;
}

/** What each action answers. */
export interface WebhookAdminResults {
  readonly 'add-webhook': WebhookView & WebhookSecretView;
  readonly webhooks: { readonly webhooks: readonly WebhookView[] };
  readonly webhook: WebhookDetails;
  readonly 'test-webhook': WebhookTested;
  readonly 'rotate-webhook-secret': WebhookSecretView & { readonly formerSecretUntil: Timestamp | null };
  readonly 'enable-webhook': WebhookView;
  readonly 'disable-webhook': WebhookView;
  readonly 'remove-webhook': WebhookView;
}
