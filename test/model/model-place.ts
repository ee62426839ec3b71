/** A place that says what is wrong as the real ones do. */
import { PlaceUnready } from '../../lambdas/core/domain/errors.ts';
import type { Destination } from '../../lambdas/core/domain/key-record.ts';
import type { PlacedVersion } from '../../lambdas/core/ports/key-place.ts';
import { MemoryPlace } from '../support/memory-place.ts';

export class ModelPlace extends MemoryPlace {
  override async put(destination: Destination, placed: PlacedVersion): Promise<void> {
    this.#check();
    await super.put(destination, placed);
  }

  /** What was never written cannot be gone back to: only a place that shows nothing may stay as it is. */
  override async restore(destination: Destination, keyId: string, version: number): Promise<void> {
    this.#check();
    const written = this.versions.get(keyId) ?? [];
    if (written.length > 0 && !written.some((placed) => placed.version === version)) {
      throw new PlaceUnready(`The place has never held version ${version} of key ${keyId}.`);
    }
    await super.restore(destination, keyId, version);
  }

  override async remove(destination: Destination, keyId: string): Promise<void> {
    this.#check();
    await super.remove(destination, keyId);
  }

  #check(): void {
    if (this.outage !== undefined) throw new PlaceUnready(this.outage);
  }
}
