/** Peppers in memory: version `1`, and whatever a test adds. */
import { createHash } from 'node:crypto';
import type { Pepper, Peppers } from '../../lambdas/core/ports/peppers.ts';

const secretOf = (version: string): Uint8Array => createHash('sha256').update(`pepper ${version}`).digest();

export class MemoryPeppers implements Peppers {
  readonly #secrets = new Map([['1', secretOf('1')]]);
  #current = '1';
  /** While set, every look-up fails with it. */
  failure: Error | undefined;

  async current(): Promise<Pepper> {
    if (this.failure) throw this.failure;
    return { version: this.#current, secret: this.#secrets.get(this.#current) as Uint8Array };
  }

  async byVersion(version: string): Promise<Pepper | undefined> {
    if (this.failure) throw this.failure;
    const secret = this.#secrets.get(version);
    return secret && { version, secret };
  }

  /** Adds a version and makes it the current one. */
  rotateTo(version: string): void {
    this.#secrets.set(version, secretOf(version));
    this.#current = version;
  }

  remove(version: string): void {
    this.#secrets.delete(version);
  }
}
