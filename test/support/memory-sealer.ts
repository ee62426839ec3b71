/** Seals with real AES-256-GCM under a key in memory, bound to the same context as the key service's. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SealBroken } from '../../lambdas/core/domain/errors.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { KeySealer, SealContext, SealedKey } from '../../lambdas/core/ports/key-sealer.ts';

const IV_LENGTH = 12;
const TAG_LENGTH = 16;

const boundTo = ({ keyId, version, environment }: SealContext, more: string | number): Buffer =>
  Buffer.from(`${keyId}/${version}/${environment}/${more}`);

export class MemorySealer implements KeySealer {
  readonly #masterKey = randomBytes(32);

  async seal(key: Plaintext, context: SealContext, expiresAtMs: number): Promise<SealedKey> {
    const dataKey = randomBytes(32);
    return {
      ...context,
      ciphertext: encrypt(dataKey, Buffer.from(key.reveal()), boundTo(context, expiresAtMs)),
      wrappedDataKey: encrypt(this.#masterKey, dataKey, boundTo(context, 'data-key')),
      expiresAtMs,
    };
  }

  async open(sealed: SealedKey): Promise<Plaintext> {
    try {
      const dataKey = decrypt(this.#masterKey, sealed.wrappedDataKey, boundTo(sealed, 'data-key'));
      return new Plaintext(
        decrypt(dataKey, sealed.ciphertext, boundTo(sealed, sealed.expiresAtMs)).toString(),
      );
    } catch (cause) {
      throw new SealBroken('The seal is broken.', { cause });
    }
  }
}

function encrypt(key: Buffer, clear: Buffer, bound: Buffer): string {
  const iv = randomBytes(IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound);
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, bound: Buffer): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const end = bytes.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_LENGTH)).setAAD(bound);
  decipher.setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(IV_LENGTH, end)), decipher.final()]);
}
