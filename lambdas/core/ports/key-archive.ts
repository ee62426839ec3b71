/** Backups of what a place holds for a key, encrypted before they leave the function, and the way back. */
import type { Destination } from '../domain/key-record.ts';

export interface KeyArchive {
  /** @returns how many versions it took; 0: the place holds none of this key, and nothing was written */
  backUp(destination: Destination, keyId: string, backupId: string): Promise<number>;
  /** Repeating it changes nothing. */
  restore(destination: Destination, keyId: string, order: RestoreOrder): Promise<Restored>;
}

export interface RestoreOrder {
  /** Default: the newest there is. */
  readonly backupId?: string;
  /** Versions that are accepted, the newest first: no other one is brought back. */
  readonly accepted: readonly number[];
}

export type Restored =
  | {
      readonly outcome: 'restored';
      readonly backupId: string;
      /** Versions that were missing, the current one last. */
      readonly written: readonly number[];
      readonly current: number;
    }
  /** Clients find this version, which is accepted: nothing was written. */
  | { readonly outcome: 'already-there'; readonly current: number }
  | { readonly outcome: 'no-backup' }
  /** The backup is older than every version that is accepted. */
  | { readonly outcome: 'none-accepted'; readonly backupId: string }
  /** It is not what was backed up. */
  | { readonly outcome: 'broken'; readonly backupId: string };
