/** Peppers read once and kept, read again when an unknown version turns up or the copy grows old. */
import { CURRENT_MAX_AGE_MS, LOOK_AGAIN_AFTER_MS } from '../domain/pepper-timing.ts';
import { type PepperSet, parsePeppers } from '../domain/peppers.ts';
import type { Pepper, Peppers } from '../ports/peppers.ts';

export class CachedPeppers implements Peppers {
  readonly #readSecret: () => Promise<string>;
  readonly #clock: () => number;
  #known: PepperSet | undefined;
  #loading: Promise<PepperSet> | undefined;
  #loadedAtMs = Number.NEGATIVE_INFINITY;

  /** @param readSecret throws `PepperUnreadable`, which says nothing of the content */
  constructor(readSecret: () => Promise<string>, clock: () => number) {
    this.#readSecret = readSecret;
    this.#clock = clock;
  }

  async current(): Promise<Pepper> {
    const set = await this.#set(CURRENT_MAX_AGE_MS);
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
    const ageMs = this.#clock() - this.#loadedAtMs;
    // A clock that went back tells no age.
    if (this.#loading && ageMs >= 0 && ageMs < maxAgeMs) return this.#loading;
    this.#loadedAtMs = this.#clock();
    const loading = this.#readSecret().then(parsePeppers);
    this.#loading = loading;
    loading.then(
      (set) => {
        // An answer that a later read has overtaken may be from before the pepper that made it look again.
        if (this.#loading === loading || !this.#known) this.#known = set;
      },
      // A failed read is forgotten, so that the next request tries again.
      () => {
        if (this.#loading === loading) this.#loading = undefined;
      },
    );
    return loading;
  }
}
