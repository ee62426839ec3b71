/** Stands where a deployment has no vault: whoever would use it is told what to configure. */
import { PlaceMissing } from '../core/domain/errors.ts';
import type { KeyPlace } from '../core/ports/key-place.ts';

export class UnconfiguredPlace implements KeyPlace {
  readonly #message: string;

  /** @param message what is missing, and the mend */
  constructor(message: string) {
    this.#message = message;
  }

  async trouble(): Promise<string> {
    return this.#message;
  }

  put = (): Promise<void> => this.#refuse();
  restore = (): Promise<void> => this.#refuse();
  remove = (): Promise<void> => this.#refuse();

  async #refuse(): Promise<void> {
    throw new PlaceMissing(this.#message);
  }
}
