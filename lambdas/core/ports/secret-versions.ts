/** A key's secret in Secrets Manager: its versions and their labels. */
import type { Plaintext } from '../domain/plaintext.ts';
import type { StageMove } from '../domain/secret-stages.ts';
import type { SecretVersion } from '../domain/secret-versions.ts';

export interface SecretState {
  readonly name: string;
  /** Whether Secrets Manager itself rotates it. */
  readonly rotationEnabled: boolean;
  /** Absent: it is not scheduled for deletion. */
  readonly deletedAtMs?: number;
  /** Those with a label; one without may be gone at any time. */
  readonly versions: readonly SecretVersion[];
}

export interface SecretVersions {
  /** May lag behind a write. */
  describe(secretId: string): Promise<SecretState | undefined>;
  /** The text of one version; undefined while it has none, and for a moment after it was put. */
  read(secretId: string, versionId: string): Promise<Plaintext | undefined>;
  /** When a version came into being; undefined when that is not known. */
  madeAtMs(secretId: string, versionId: string): Promise<number | undefined>;
  /** Puts a version with these labels. One of that id that has a text already keeps it: a version never changes. */
  put(secretId: string, version: NewSecretVersion): Promise<void>;
  /** `stale`: the label is not where it is to be taken from, or not any more, and nothing was moved. */
  move(secretId: string, move: StageMove): Promise<'moved' | 'stale'>;
}

export interface NewSecretVersion {
  readonly id: string;
  readonly text: Plaintext;
  readonly stages: readonly string[];
}
