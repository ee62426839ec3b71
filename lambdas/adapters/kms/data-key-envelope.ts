/**
 * Envelope encryption: AES-256-GCM under a KMS data key of its own, bound to a context and to the item it lies in.
 *
 * @example
 * const envelopes = new DataKeyEnvelope(new KMSClient({}), keyArn);
 * const binding = {
 *   context: encryptionContext({ keyId: 'Ab3dEf7hIj9L', version: 2 }), // shown in CloudTrail: ids only
 *   item: 'Ab3dEf7hIj9L/2/1790000000000', // where it will lie, and what must not change beside it
 * };
 * const envelope = await envelopes.encrypt(bytes, binding); // two texts in base64, to be stored as they are
 * const opened = await envelopes.decrypt(envelope, binding);
 * if (opened.outcome === 'broken') alarm(); // altered, moved, swapped: nothing of it is shown
 * else use(opened.plaintext); // and overwrite it
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { EncryptionContext } from './encryption-context.ts';
import { KmsEncryption } from './kms-encryption.ts';
import { BROKEN, type Opened } from './opened.ts';

/** NIST SP 800-38D: 96-bit initialization vectors, 128-bit tags; each data key encrypts once. */
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const DATA_KEY_LENGTH = 32;

/** What the envelope is bound to. */
export interface Binding {
  /** The data key opens in it alone. */
  readonly context: EncryptionContext;
  /** Authenticated with the ciphertext: where it lies and what stands beside it, such as its expiry. */
  readonly item: string;
}

export interface Envelope {
  /** Base64 of initialization vector, ciphertext and tag. */
  readonly ciphertext: string;
  /** Base64 of the data key as KMS wrapped it. */
  readonly wrappedDataKey: string;
}

export class DataKeyEnvelope {
  readonly #client: KMSClient;
  readonly #kmsKeyId: string;
  readonly #keys: KmsEncryption;

  constructor(client: KMSClient, kmsKeyId: string) {
    this.#client = client;
    this.#kmsKeyId = kmsKeyId;
    this.#keys = new KmsEncryption(client, kmsKeyId);
  }

  async encrypt(plaintext: Uint8Array, { context, item }: Binding): Promise<Envelope> {
    const { Plaintext: dataKey, CiphertextBlob: wrapped } = await this.#client.send(
      new GenerateDataKeyCommand({ KeyId: this.#kmsKeyId, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    try {
      if (!dataKey || !wrapped) throw new Error('The key service gave no data key.');
      const iv = randomBytes(IV_LENGTH);
      const cipher = createCipheriv('aes-256-gcm', dataKey, iv, { authTagLength: TAG_LENGTH });
      cipher.setAAD(Buffer.from(item));
      const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return {
        ciphertext: Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64'),
        wrappedDataKey: Buffer.from(wrapped).toString('base64'),
      };
    } finally {
      dataKey?.fill(0);
    }
  }

  /** @returns `broken` when anything of it is not as it was encrypted; throws what KMS throws for other reasons */
  async decrypt(envelope: Envelope, { context, item }: Binding): Promise<Opened> {
    const wrapped = bytesOf(envelope.wrappedDataKey);
    const sealed = bytesOf(envelope.ciphertext);
    if (!wrapped || !sealed) return BROKEN;
    const opened = await this.#keys.decrypt(wrapped, context);
    if (opened.outcome === 'broken') return BROKEN;
    try {
      return decryptGcm(sealed, opened.plaintext, item);
    } finally {
      opened.plaintext.fill(0);
    }
  }
}

/** Who could write the item may have put anything in its place. */
const bytesOf = (base64: unknown): Buffer | undefined =>
  typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;

function decryptGcm(sealed: Buffer, dataKey: Uint8Array, item: string): Opened {
  if (sealed.length < IV_LENGTH + TAG_LENGTH || dataKey.length !== DATA_KEY_LENGTH) return BROKEN;
  const end = sealed.length - TAG_LENGTH;
  const options = { authTagLength: TAG_LENGTH };
  const decipher = createDecipheriv('aes-256-gcm', dataKey, sealed.subarray(0, IV_LENGTH), options);
  decipher.setAAD(Buffer.from(item));
  decipher.setAuthTag(sealed.subarray(end));
  // All of it comes here: what is decrypted is nobody's before its tag is found to be right.
  const plaintext = decipher.update(sealed.subarray(IV_LENGTH, end));
  try {
    decipher.final();
    return { outcome: 'opened', plaintext };
  } catch {
    plaintext.fill(0);
    // Nothing else makes `final` throw: the tag is not that of these bytes and this item.
    return BROKEN;
  }
}
