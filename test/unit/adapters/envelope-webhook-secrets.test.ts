import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from 'vitest';
import { EnvelopeWebhookSecrets } from '../../../lambdas/adapters/webhooks/envelope-webhook-secrets.ts';
import { newWebhookSecret } from '../../../lambdas/core/domain/webhook.ts';
import { WEBHOOK_CONTEXT } from '../../../rules/seal-context.ts';
import { secureRandomBytes } from '../../support/random-bytes.ts';
import { type StandInKms, standInKms } from '../../support/stand-in-kms.ts';

const ID = 'wh_Ab3dEf7hIj9L';
let kms: StandInKms;
let secrets: EnvelopeWebhookSecrets;
beforeEach(() => {
  kms = standInKms();
  secrets = new EnvelopeWebhookSecrets(kms.client, 'the-key');
});

describe('a sealed secret of a webhook', () => {
  it('opens to what it was, and shows nothing of it', async () => {
    const secret = newWebhookSecret(secureRandomBytes);
    const sealed = await secrets.seal(ID, 1, secret);
    const opened = await secrets.open(ID, sealed);
    expect(opened === 'broken' ? opened : opened.reveal()).toBe(secret.reveal());
    expect(JSON.stringify(sealed)).not.toContain(secret.reveal());
    expect(sealed.serial).toBe(1);
  });

  it('has a context of the entries that roles are let open, with the id of the webhook', async () => {
    await secrets.seal(ID, 1, newWebhookSecret(secureRandomBytes));
    const { EncryptionContext } = kms.calls.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input ?? {};
    expect(EncryptionContext).toEqual({ webhookId: ID, what: 'webhook-secret' });
    expect(Object.keys(EncryptionContext ?? {}).sort()).toEqual([...WEBHOOK_CONTEXT].sort());
  });

  it.each([
    ['another webhook', 'wh_Zb3dEf7hIj9L', {}],
    ['another place', ID, { serial: 2 }],
    ['another text', ID, { ciphertext: Buffer.alloc(80).toString('base64') }],
    ['no text', ID, { ciphertext: 7 as never }],
  ])('does not open for %s', async (_what, webhookId, altered) => {
    const sealed = await secrets.seal(ID, 1, newWebhookSecret(secureRandomBytes));
    expect(await secrets.open(webhookId, { ...sealed, ...altered })).toBe('broken');
  });
});
