/** What operators ask about the vault, and what they are told. Types only, as in `contract.ts`. */
import type { ActorClaim, EmptyInput } from './contract.ts';

export type VaultAdminRequest =
  /** Whether keys can be delivered to the vault now, and if not why. */
  | { readonly action: 'vault-status'; readonly input: EmptyInput; readonly actor?: ActorClaim }
  /** Encrypts what the vault holds for one key and puts it into the bucket. */
  | { readonly action: 'vault-backup'; readonly input: VaultBackupInput; readonly actor?: ActorClaim }
  /** Brings the accepted versions of one key back into the vault, from a backup. */
  | {
      readonly action: 'vault-restore';
      readonly input: Partial<VaultBackupInput> & { readonly keyId: string };
      readonly actor?: ActorClaim;
    };

export interface VaultBackupInput {
  readonly keyId: string;
  /** Up to 64 letters, digits, hyphens and underscores. Of a restore by default: the key's newest. */
  readonly backupId: string;
}

export interface VaultStatusView {
  readonly address: string;
  readonly namespace: string | null;
  readonly mount: string;
  readonly state: 'active' | 'standby' | 'sealed' | 'uninitialized' | 'secondary' | 'unreachable' | 'unknown';
  /** Of the server, as it states it. */
  readonly version: string | null;
  readonly ready: boolean;
  /** Why not, and the mend. */
  readonly trouble: string | null;
  readonly backupBucket: string;
}

export interface VaultBackupView {
  readonly keyId: string;
  readonly backupId: string;
  /** 0: the vault holds none of this key, and no backup was written. */
  readonly versions: number;
}

export interface VaultRestoreView {
  readonly keyId: string;
  /** null: clients find an accepted version, and nothing was written. */
  readonly backupId: string | null;
  /** The version that clients find now. */
  readonly version: number;
  /** Versions that were written, that one last. */
  readonly written: readonly number[];
}

export interface VaultAdminResults {
  readonly 'vault-status': VaultStatusView;
  readonly 'vault-backup': VaultBackupView;
  readonly 'vault-restore': VaultRestoreView;
}
