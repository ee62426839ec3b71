/** Webhooks in memory with a receiver that is told how to answer, and a clock that is told the time. */
import type { Actor } from '../../lambdas/core/domain/audit-event.ts';
import type { WebhookTry } from '../../lambdas/core/domain/webhook.ts';
import { type AddedWebhook, addWebhook } from '../../lambdas/core/use-cases/add-webhook.ts';
import type { WebhookOrder } from '../../lambdas/core/use-cases/webhook-order.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryWebhookLog, MemoryWebhookSecrets, MemoryWebhooks, ScriptedPost } from './memory-webhooks.ts';
import { secureRandomBytes } from './random-bytes.ts';

export const ACTOR: Actor = { principal: 'arn:aws:iam::111122223333:user/ops', via: 'vitest' };

export class WebhookBench {
  readonly clock = new ManualClock();
  readonly webhooks = new MemoryWebhooks();
  readonly log = new MemoryWebhookLog();
  readonly post = new ScriptedPost();
  readonly webhookSecrets = new MemoryWebhookSecrets();
  readonly tried: WebhookTry[] = [];
  readonly disabled: string[] = [];
  readonly broken: string[] = [];
  readonly unnoted: unknown[] = [];

  get deps() {
    const { webhooks, webhookSecrets, post, clock } = this;
    return { webhooks, webhookSecrets, post, clock: clock.read, randomBytes: secureRandomBytes };
  }

  get callDeps() {
    return {
      ...this.deps,
      log: this.log,
      onUnnoted: (_id: string, error: unknown) => this.unnoted.push(error),
    };
  }

  get sendDeps() {
    return {
      ...this.callDeps,
      mailsOwners: true,
      watch: {
        tried: (_id: string, tried: WebhookTry) => void this.tried.push(tried),
        disabled: (id: string) => void this.disabled.push(id),
        secretBroken: (id: string) => void this.broken.push(id),
      },
    };
  }

  async add(order: Partial<WebhookOrder> = {}): Promise<AddedWebhook & { readonly outcome: 'added' }> {
    const whole = { url: 'https://hooks.example.com/', events: [], ...order };
    const added = await addWebhook(this.deps, whole, ACTOR);
    if (added.outcome !== 'added') throw new Error(added.outcome);
    return added;
  }
}
