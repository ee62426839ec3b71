/** When versions that are accepted no more were first refused: the measured end of an emergency. */
import type { UseWriter } from '../ports/authorization.ts';

/** A note that failed is tried again by a refusal after this long. */
const RETRY_MS = 10_000;
const MOST_REMEMBERED = 10_000;

export class FirstRefusals {
  readonly #writer: Pick<UseWriter, 'noteFirstRefusal'>;
  /** From when on a note may be tried, by `keyId/version`. */
  readonly #notBefore = new Map<string, number>();

  constructor(writer: Pick<UseWriter, 'noteFirstRefusal'>) {
    this.#writer = writer;
  }

  /** One write for each version and environment. Never rejects: a refusal does not depend on being on record. */
  async note(keyId: string, version: number, atMs: number): Promise<void> {
    const name = `${keyId}/${version}`;
    if (atMs < (this.#notBefore.get(name) ?? 0)) return;
    if (this.#notBefore.size >= MOST_REMEMBERED) this.#notBefore.clear();
    // Before the write: the refusals that come meanwhile do not wait for it.
    this.#notBefore.set(name, Number.POSITIVE_INFINITY);
    try {
      await this.#writer.noteFirstRefusal(keyId, version, atMs);
    } catch {
      this.#notBefore.set(name, atMs + RETRY_MS);
    }
  }
}
