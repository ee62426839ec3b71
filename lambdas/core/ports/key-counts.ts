/** How many keys there are, without reading them. */
import type { KeyStatus } from '../../../rules/words.ts';

export interface KeyCounts {
  /** By an index: may lag behind, decides nothing. */
  byStatus(): Promise<Readonly<Record<KeyStatus, number>>>;
}
