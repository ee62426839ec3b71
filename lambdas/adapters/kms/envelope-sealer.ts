/** Seals new keys in envelopes that are bound to key, version, environment and expiry. */
import type { KMSClient } from '@aws-sdk/client-kms';
import { SealBroken } from '../../core/domain/errors.ts';
import { Plaintext } from '../../core/domain/plaintext.ts';
import type { KeySealer, SealContext, SealedKey } from '../../core/ports/key-sealer.ts';
import { type Binding, DataKeyEnvelope } from './data-key-envelope.ts';
import { encryptionContext } from './encryption-context.ts';

export class EnvelopeSealer implements KeySealer {
  readonly #envelope: DataKeyEnvelope;

  constructor(client: KMSClient, kmsKeyId: string) {
    this.#envelope = new DataKeyEnvelope(client, kmsKeyId);
  }

  async seal(key: Plaintext, context: SealContext, expiresAtMs: number): Promise<SealedKey> {
    const { keyId, version, environment } = context;
    const text = Buffer.from(key.reveal(), 'utf8');
    try {
      const envelope = await this.#envelope.encrypt(text, bindingOf(context, expiresAtMs));
      return { keyId, version, environment, ...envelope, expiresAtMs };
    } finally {
      text.fill(0);
    }
  }

  async open(sealed: SealedKey): Promise<Plaintext> {
    const opened = await this.#envelope.decrypt(sealed, bindingOf(sealed, sealed.expiresAtMs));
    if (opened.outcome === 'opened') {
      const key = new Plaintext(Buffer.from(opened.plaintext).toString('utf8'));
      opened.plaintext.fill(0);
      return key;
    }
    throw new SealBroken(
      `The sealed key of ${sealed.keyId} version ${sealed.version} does not open: it is not what was sealed there.`,
    );
  }
}

/** The expiry is authenticated too: who can write the item cannot prolong it. */
const bindingOf = ({ keyId, version, environment }: SealContext, expiresAtMs: number): Binding => ({
  context: encryptionContext({ keyId, version, environment }),
  item: `${keyId}/${version}/${environment}/${expiresAtMs}`,
});
