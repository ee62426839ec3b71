/** Peppers read once and kept, read again when an unknown version turns up or the copy grows old. */
import { type PepperSet, parsePeppers } from '../domain/peppers.ts';
import type { Pepper, Peppers } from '../ports/peppers.ts';

/** A rotated pepper is the current one everywhere after this long at the latest. */
const MAX_AGE_MS = 300_000;
/** An unknown version makes one read in this time, not one a request. */
const LOOK_AGAIN_AFTER_MS = 5_000;

export class CachedPeppers implements Peppers {
  readonly #readSecret: () => Promise<string>;
  readonly #clock: () => number;
  #known: PepperSet | undefined;
  #loading: Promise<PepperSet> | undefined;
  #loadedAtMs = Number.NEGATIVE_INFINITY;

  constructor(readSecret: () => Promise<string>, clock: () => number) {
    this.#readSecret = readSecret;
    this.#clock = clock;
  }

  async current(): Promise<Pepper> {
    const set = await this.#set(MAX_AGE_MS);
    return { version: set.current, secret: set.secrets.get(set.current) as Uint8Array };
  }

  async byVersion(version: string): Promise<Pepper | undefined> {
    // What was read once needs no other read, and a failed one does not take it away.
    const secret =
      this.#known?.secrets.get(version) ?? (await this.#set(LOOK_AGAIN_AFTER_MS)).secrets.get(version);
    return secret && { version, secret };
  }

  /** Reads ahead, while the environment starts. */
  async warm(): Promise<void> {
    await this.#set(Number.POSITIVE_INFINITY);
  }

  #set(maxAgeMs: number): Promise<PepperSet> {
    const fresh = this.#clock() - this.#loadedAtMs < maxAgeMs;
    if (this.#loading && fresh) return this.#loading;
    this.#loadedAtMs = this.#clock();
    const loading = this.#readSecret().then(parsePeppers);
    this.#loading = loading;
    loading.then(
      (set) => {
        this.#known = set;
      },
      // A failed read is forgotten, so that the next request tries again.
      () => {
        if (this.#loading === loading) this.#loading = undefined;
      },
    );
    return loading;
  }
}
