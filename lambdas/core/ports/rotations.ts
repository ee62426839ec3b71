/** Rotations of all keys, found without looking through the keys. */
import type { RotationGroup } from '../../../rules/words.ts';
import type { Rotation } from '../domain/key-record.ts';

export interface KeyRotation {
  readonly keyId: string;
  readonly owner: string;
  readonly rotation: Rotation;
}

export interface RotationQuery {
  /** One group after the other: running ones as they started, the others with the last to end first. */
  readonly groups: readonly RotationGroup[];
  /** Of those that have ended, only what ended since. */
  readonly endedSinceMs?: number;
  readonly limit: number;
  readonly nextToken?: string;
}

export interface RotationPage {
  readonly rotations: readonly KeyRotation[];
  readonly nextToken: string | null;
}

/** For looking only: may lag behind, decides nothing. */
export interface Rotations {
  /** A token that is not ours is `bad-token`. */
  list(query: RotationQuery): Promise<RotationPage | 'bad-token'>;
  /** Of one key, those that have ended, in no order. As consistent as the key itself. */
  endedOf(keyId: string): Promise<readonly Rotation[]>;
  /** All that run. */
  running(): Promise<readonly KeyRotation[]>;
  /** All that have ended since. */
  endedSince(sinceMs: number): Promise<readonly KeyRotation[]>;
}
