/** Signs digests with an asymmetric key that never leaves KMS. */
import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { Misconfigured } from '../../core/domain/errors.ts';
import type { DigestSigner } from '../../core/ports/audit-proof.ts';

export class KmsDigestSigner implements DigestSigner {
  readonly #client: KMSClient;
  readonly #keyId: string;
  #publicKey: Promise<string> | undefined;

  constructor(client: KMSClient, keyId: string) {
    this.#client = client;
    this.#keyId = keyId;
  }

  publicKey(): Promise<string> {
    this.#publicKey ??= this.#readPublicKey().catch((error: unknown) => {
      this.#publicKey = undefined;
      throw error;
    });
    return this.#publicKey;
  }

  async sign(text: string): Promise<string> {
    const { Signature } = await this.#client.send(
      new SignCommand({
        KeyId: this.#keyId,
        Message: createHash('sha256').update(text).digest(),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    );
    if (!Signature) throw new Misconfigured(`KMS key ${this.#keyId} gave no signature.`);
    return Buffer.from(Signature).toString('base64');
  }

  /** A key's public half never changes. */
  async #readPublicKey(): Promise<string> {
    const { PublicKey } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }));
    if (!PublicKey) throw new Misconfigured(`KMS key ${this.#keyId} has no public key.`);
    const lines =
      Buffer.from(PublicKey)
        .toString('base64')
        .match(/.{1,64}/g) ?? [];
    return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
  }
}
