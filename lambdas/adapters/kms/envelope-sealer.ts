/** Seals new keys: AES-256-GCM under a KMS data key that is bound to key, version and environment. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { SealBroken } from '../../core/domain/errors.ts';
import { Plaintext } from '../../core/domain/plaintext.ts';
import type { KeySealer, SealContext, SealedKey } from '../../core/ports/key-sealer.ts';

/** NIST SP 800-38D: 96-bit initialization vectors, 128-bit tags; each data key encrypts once. */
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

export class EnvelopeSealer implements KeySealer {
  readonly #client: KMSClient;
  readonly #kmsKeyId: string;

  constructor(client: KMSClient, kmsKeyId: string) {
    this.#client = client;
    this.#kmsKeyId = kmsKeyId;
  }

  async seal(key: Plaintext, context: SealContext, expiresAtMs: number): Promise<SealedKey> {
    const { Plaintext: dataKey, CiphertextBlob: wrapped } = await this.#client.send(
      new GenerateDataKeyCommand({
        KeyId: this.#kmsKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: encryptionContext(context),
      }),
    );
    if (!dataKey || !wrapped) throw new SealBroken('The key service gave no data key.');
    const iv = randomBytes(IV_LENGTH);
    const cipher = createCipheriv('aes-256-gcm', dataKey, iv);
    cipher.setAAD(boundTo(context, expiresAtMs));
    const sealed = Buffer.concat([
      iv,
      cipher.update(key.reveal(), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    dataKey.fill(0);
    return {
      keyId: context.keyId,
      version: context.version,
      environment: context.environment,
      ciphertext: sealed.toString('base64'),
      wrappedDataKey: Buffer.from(wrapped).toString('base64'),
      expiresAtMs,
    };
  }

  async open(sealed: SealedKey): Promise<Plaintext> {
    const dataKey = await this.#unwrap(sealed);
    try {
      return new Plaintext(decrypt(sealed, dataKey));
    } catch (cause) {
      throw new SealBroken(`The sealed key of ${sealed.keyId} version ${sealed.version} was altered.`, {
        cause,
      });
    } finally {
      dataKey.fill(0);
    }
  }

  async #unwrap(sealed: SealedKey): Promise<Uint8Array> {
    try {
      const { Plaintext: dataKey } = await this.#client.send(
        new DecryptCommand({
          KeyId: this.#kmsKeyId,
          CiphertextBlob: Buffer.from(sealed.wrappedDataKey, 'base64'),
          EncryptionContext: encryptionContext(sealed),
        }),
      );
      if (dataKey) return dataKey;
    } catch (error) {
      // KMS says this for a wrong context as well as for an altered data key; all else is trouble of another kind.
      if (!(error instanceof InvalidCiphertextException)) throw error;
    }
    throw new SealBroken(`The sealed key of ${sealed.keyId} version ${sealed.version} is not bound to it.`);
  }
}

/** Shown in CloudTrail: ids only. */
const encryptionContext = ({ keyId, version, environment }: SealContext): Record<string, string> => ({
  keyId,
  version: String(version),
  environment,
});

/** The expiry is authenticated too: who can write the item cannot prolong it. */
const boundTo = ({ keyId, version, environment }: SealContext, expiresAtMs: number): Buffer =>
  Buffer.from(`${keyId}/${version}/${environment}/${expiresAtMs}`);

function decrypt(sealed: SealedKey, dataKey: Uint8Array): string {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, IV_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(boundTo(sealed, sealed.expiresAtMs));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_LENGTH));
  const body = bytes.subarray(IV_LENGTH, bytes.length - TAG_LENGTH);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
