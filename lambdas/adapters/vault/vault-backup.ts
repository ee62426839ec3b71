/** A backup of one key's versions as an object: what it holds, and how it is bound to its key, its id and its place. */
import type { Binding, DataKeyEnvelope, Envelope } from '../kms/data-key-envelope.ts';
import { encryptionContext } from '../kms/encryption-context.ts';
import type { SecretData } from './kv-v2.ts';
import type { SecretMetadata } from './secret-metadata.ts';

/** What the vault held. */
export interface Backup {
  readonly format: 1;
  readonly keyId: string;
  readonly path: string;
  readonly takenAt: string;
  readonly settings: Pick<SecretMetadata, 'maxVersions' | 'casRequired' | 'custom'>;
  /** In order, the newest last. */
  readonly versions: readonly {
    readonly kvVersion: number;
    readonly createdAt: string;
    readonly data: SecretData;
  }[];
}

const PREFIX = 'vault';

/** By key, so that the backups of one are found together. */
export const startOf = (keyId: string): string => `${PREFIX}/${keyId}/`;
export const nameOf = (keyId: string, backupId: string): string => `${startOf(keyId)}${backupId}.json`;
export const backupIdIn = (name: string): string => name.slice(name.lastIndexOf('/') + 1, -'.json'.length);

/** @returns the text of the object */
export async function sealBackup(
  envelope: DataKeyEnvelope,
  backup: Backup,
  backupId: string,
): Promise<string> {
  const content = Buffer.from(JSON.stringify(backup));
  try {
    const sealed = await envelope.encrypt(content, bindingOf(backup.keyId, backupId));
    return JSON.stringify({ format: 1, keyId: backup.keyId, backupId, ...sealed });
  } finally {
    content.fill(0);
  }
}

/** @returns undefined when the text is not the backup of this key and id, unaltered */
export async function openBackup(
  envelope: DataKeyEnvelope,
  text: string,
  keyId: string,
  backupId: string,
): Promise<Backup | undefined> {
  const opened = await envelope.decrypt(envelopeIn(text), bindingOf(keyId, backupId));
  if (opened.outcome === 'broken') return undefined;
  try {
    return JSON.parse(Buffer.from(opened.plaintext).toString('utf8')) as Backup;
  } finally {
    opened.plaintext.fill(0);
  }
}

const bindingOf = (keyId: string, backupId: string): Binding => ({
  context: encryptionContext({ what: 'vault-backup', keyId, backupId }),
  item: nameOf(keyId, backupId),
});

/** Who can write to the bucket may have put anything there: what is no envelope does not open. */
function envelopeIn(text: string): Envelope {
  try {
    return { ciphertext: '', wrappedDataKey: '', ...(JSON.parse(text) as Partial<Envelope>) };
  } catch {
    return { ciphertext: '', wrappedDataKey: '' };
  }
}
