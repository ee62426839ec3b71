/**
 * Encryption of small values by KMS itself: up to 4 KB, which it sees in clear. Larger ones go into an envelope.
 *
 * @example
 * const encryption = new KmsEncryption(new KMSClient({}), keyArn);
 * const context = encryptionContext({ what: 'note', keyId: 'Ab3dEf7hIj9L' });
 * const ciphertext = await encryption.encrypt(Buffer.from('a small value'), context);
 * const opened = await encryption.decrypt(ciphertext, context); // the same context, entry by entry
 */
import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { EncryptionContext } from './encryption-context.ts';
import { BROKEN, isBroken, mayBeCiphertext, type Opened } from './opened.ts';

/** KMS's own limit for a symmetric key. */
const LONGEST_PLAINTEXT = 4_096;

export class KmsEncryption {
  readonly #client: KMSClient;
  readonly #kmsKeyId: string;

  constructor(client: KMSClient, kmsKeyId: string) {
    this.#client = client;
    this.#kmsKeyId = kmsKeyId;
  }

  /** @throws RangeError for more than 4,096 bytes; what KMS throws, as it is */
  async encrypt(plaintext: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    if (plaintext.length === 0 || plaintext.length > LONGEST_PLAINTEXT) {
      throw new RangeError(`KMS encrypts 1 to ${LONGEST_PLAINTEXT} bytes, not ${plaintext.length}.`);
    }
    const { CiphertextBlob } = await this.#client.send(
      new EncryptCommand({ KeyId: this.#kmsKeyId, Plaintext: plaintext, EncryptionContext: context }),
    );
    if (!CiphertextBlob) throw new Error('The key service gave no ciphertext.');
    return CiphertextBlob;
  }

  /** @returns `broken` when these bytes were not encrypted in this context; throws what else KMS throws */
  async decrypt(ciphertext: Uint8Array, context: EncryptionContext): Promise<Opened> {
    if (!mayBeCiphertext(ciphertext)) return BROKEN;
    try {
      const { Plaintext } = await this.#client.send(
        // The key is named, so that a ciphertext of any other one is refused.
        new DecryptCommand({
          KeyId: this.#kmsKeyId,
          CiphertextBlob: ciphertext,
          EncryptionContext: context,
        }),
      );
      return Plaintext ? { outcome: 'opened', plaintext: Plaintext } : BROKEN;
    } catch (error) {
      if (isBroken(error)) return BROKEN;
      throw error;
    }
  }
}
