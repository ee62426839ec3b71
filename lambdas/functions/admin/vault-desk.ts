/** What the admin function needs to look after a vault; nothing where none is configured. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DataKeyEnvelope } from '../../adapters/kms/data-key-envelope.ts';
import { S3BackupObjects } from '../../adapters/s3/backup-objects.ts';
import { VaultArchive } from '../../adapters/vault/vault-archive.ts';
import type { KeyStore } from '../../core/ports/key-store.ts';
import type { ArchiveDeps } from '../../core/use-cases/archive-key.ts';
import type { Delivering } from '../delivery.ts';
import { loggedAlarm } from '../security-alarm.ts';

export type VaultDesk = ArchiveDeps & NonNullable<Delivering['vault']>;

export function vaultDesk(
  { vault, store }: Pick<Delivering, 'vault'> & { readonly store: KeyStore },
  logger: Pick<Logger, 'error'>,
  kmsKeyId: string,
): VaultDesk | undefined {
  if (!vault) return undefined;
  const clock = Date.now;
  const archive = new VaultArchive({
    vault: vault.client,
    objects: new S3BackupObjects(new S3Client({}), vault.settings.backupBucket),
    envelope: new DataKeyEnvelope(new KMSClient({}), kmsKeyId),
    clock,
  });
  return { ...vault, archive, store, alarm: loggedAlarm(logger, clock), clock };
}
