/** Backups of a vault are made in the encryption context by which roles are let open them. */
import { GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { expect, it } from 'vitest';
import { DataKeyEnvelope } from '../../../lambdas/adapters/kms/data-key-envelope.ts';
import { type Backup, openBackup, sealBackup } from '../../../lambdas/adapters/vault/vault-backup.ts';
import { BACKUP_CONTEXT } from '../../../rules/seal-context.ts';
import { standInKms } from '../../support/stand-in-kms.ts';

const KEY_ID = 'Ab3dEf7hIj9L';
const BACKUP: Backup = {
  format: 1,
  keyId: KEY_ID,
  path: `keyturn/${KEY_ID}`,
  takenAt: '2026-11-23T14:00:00.000Z',
  settings: { maxVersions: 0, casRequired: false, custom: {} },
  versions: [],
};

it('a backup names its context as roles do, and opens under its own name alone', async () => {
  const { client, calls } = standInKms();
  const envelope = new DataKeyEnvelope(client, 'seal-key');
  const text = await sealBackup(envelope, BACKUP, 'nightly');

  const { EncryptionContext } = calls.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input ?? {};
  expect(Object.keys(EncryptionContext ?? {}).sort()).toEqual(BACKUP_CONTEXT);
  expect(await openBackup(envelope, text, KEY_ID, 'nightly')).toEqual(BACKUP);
  expect(await openBackup(envelope, text, KEY_ID, 'other')).toBeUndefined();
});
