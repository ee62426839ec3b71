/** Every key ever made, and the search for any of them where none may be. */
import { Violation } from './violation.ts';

/** Whatever has the form of a key, whoever made it. */
const KEY_SHAPE = /[a-z0-9]{2,8}_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

export class Secrets {
  readonly #secrets = new Set<string>();

  learn(key: string): void {
    this.#secrets.add(key.slice(-SECRET_LENGTH - CHECKSUM_LENGTH, -CHECKSUM_LENGTH));
  }

  /** Of a claim link: only its hash may be stored. */
  learnToken(token: string): void {
    this.#secrets.add(token);
  }

  /** A pepper, as it is written to its secret. */
  learnPepper(pepper: Uint8Array): void {
    this.#secrets.add(Buffer.from(pepper).toString('utf8'));
  }

  /** Throws where a secret, or anything that looks like a key, is in this. */
  search(where: string, value: unknown): void {
    const text = typeof value === 'string' ? value : textOf(value);
    const isFound = KEY_SHAPE.test(text) || [...this.#secrets].some((secret) => text.includes(secret));
    if (isFound) throw new Violation(7, `A key in clear is ${where}.`);
  }
}

function textOf(value: unknown): string {
  if (value instanceof Error) return `${value.name} ${value.message} ${value.stack} ${textOf(value.cause)}`;
  return JSON.stringify(value, readable) ?? '';
}

/** A buffer has made itself into numbers before this is called: it is what holds it that still has the bytes. */
function readable(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const held = this[name];
  if (held instanceof Map) return [...held];
  if (held instanceof Uint8Array) return Buffer.from(held).toString('latin1');
  const isEncoded = (name === 'ciphertext' || name === 'wrappedDataKey') && typeof value === 'string';
  return isEncoded ? [value, Buffer.from(value, 'base64').toString('latin1')] : value;
}
