/** Keys that this environment has read, for as long as the configured age. */
import type { AuthorizableKey, KeyReader } from '../ports/authorization.ts';

interface Remembered {
  readonly key: AuthorizableKey;
  readonly readAtMs: number;
}

/** At most this many keys: the one read longest ago goes first. */
const MOST_REMEMBERED = 10_000;

export class KeyMemory {
  readonly #remembered = new Map<string, Remembered>();
  readonly #reader: KeyReader;
  readonly #maxAgeMs: number;

  /** @param maxAgeMs 0 remembers nothing */
  constructor(reader: KeyReader, maxAgeMs: number) {
    this.#reader = reader;
    this.#maxAgeMs = maxAgeMs;
  }

  /** A key young enough to answer from without a read. */
  recall(keyId: string, nowMs: number): AuthorizableKey | undefined {
    const remembered = this.#remembered.get(keyId);
    if (!remembered) return undefined;
    const ageMs = nowMs - remembered.readAtMs;
    if (ageMs >= 0 && ageMs < this.#maxAgeMs) return remembered.key;
    this.#remembered.delete(keyId);
    return undefined;
  }

  /** Reads the key past memory, and leaves memory as it is. */
  peek(keyId: string): Promise<AuthorizableKey | undefined> {
    return this.#reader.read(keyId);
  }

  /** Reads the key and remembers it from the moment the read began: its age counts from there. */
  async read(keyId: string, nowMs: number): Promise<AuthorizableKey | undefined> {
    const key = await this.#reader.read(keyId);
    this.#remembered.delete(keyId);
    if (!key || this.#maxAgeMs === 0) return key;
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.delete(this.#remembered.keys().next().value as string);
    }
    this.#remembered.set(keyId, { key, readAtMs: nowMs });
    return key;
  }
}
