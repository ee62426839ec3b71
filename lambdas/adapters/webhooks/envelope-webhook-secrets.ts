/** Secrets of webhooks in envelopes that are bound to the webhook and to their place in its row of secrets. */
import type { KMSClient } from '@aws-sdk/client-kms';
import { Plaintext } from '../../core/domain/plaintext.ts';
import type { SealedWebhookSecret } from '../../core/domain/webhook.ts';
import type { WebhookSecretSealer } from '../../core/ports/webhooks.ts';
import { type Binding, DataKeyEnvelope } from '../kms/data-key-envelope.ts';
import { encryptionContext } from '../kms/encryption-context.ts';

export class EnvelopeWebhookSecrets implements WebhookSecretSealer {
  readonly #envelope: DataKeyEnvelope;

  constructor(client: KMSClient, kmsKeyId: string) {
    this.#envelope = new DataKeyEnvelope(client, kmsKeyId);
  }

  async seal(webhookId: string, serial: number, secret: Plaintext): Promise<SealedWebhookSecret> {
    const text = Buffer.from(secret.reveal(), 'utf8');
    try {
      return { serial, ...(await this.#envelope.encrypt(text, bindingOf(webhookId, serial))) };
    } finally {
      text.fill(0);
    }
  }

  async open(webhookId: string, sealed: SealedWebhookSecret): Promise<Plaintext | 'broken'> {
    const opened = await this.#envelope.decrypt(sealed, bindingOf(webhookId, sealed.serial));
    if (opened.outcome === 'broken') return 'broken';
    const secret = new Plaintext(Buffer.from(opened.plaintext).toString('utf8'));
    opened.plaintext.fill(0);
    return secret;
  }
}

/** Entries as `WEBHOOK_CONTEXT` names them: roles are let open these and nothing else under the same key. */
const bindingOf = (webhookId: string, serial: number): Binding => ({
  context: encryptionContext({ webhookId, what: 'webhook-secret' }),
  item: `${webhookId}/${serial}`,
});
