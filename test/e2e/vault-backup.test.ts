/** Backups of a real vault in S3, encrypted before they leave, and the way back. */
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataKeyEnvelope } from '../../lambdas/adapters/kms/data-key-envelope.ts';
import { S3BackupObjects } from '../../lambdas/adapters/s3/backup-objects.ts';
import { VaultArchive } from '../../lambdas/adapters/vault/vault-archive.ts';
import type { VaultClient } from '../../lambdas/adapters/vault/vault-client.ts';
import { VaultPlace } from '../../lambdas/adapters/vault/vault-place.ts';
import { freshIds } from '../support/fresh-ids.ts';
import { placedVersion } from '../support/key-place-contract.ts';
import { BaoServer } from '../support/openbao.ts';
import { awsConfig } from './support/deployment.ts';
import { clientOf } from './support/vault.ts';

const BUCKET = `vault-backups-${process.pid}`;
const s3 = new S3Client({ ...awsConfig, forcePathStyle: true });
const kms = new KMSClient(awsConfig);
const freshId = freshIds('Archived');
const at = (keyId: string) => ({ kind: 'vault', path: `keyturn/${keyId}` }) as const;

let bao: BaoServer;
let vault: VaultClient;
let place: VaultPlace;
let archive: VaultArchive;

beforeAll(async () => {
  bao = await BaoServer.dev();
  vault = clientOf(bao.address);
  place = new VaultPlace(vault);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  archive = new VaultArchive({
    vault,
    objects: new S3BackupObjects(s3, BUCKET),
    envelope: new DataKeyEnvelope(kms, KeyMetadata?.KeyId as string),
    clock: Date.now,
  });
});
afterAll(() => bao.kill());

async function placed(...versions: readonly number[]): Promise<string> {
  const keyId = freshId();
  for (const version of versions) await place.put(at(keyId), placedVersion(keyId, version));
  return keyId;
}

/** As a vault that was set up anew. */
const lose = (keyId: string) => vault.kv.forget(at(keyId).path);
const found = async (keyId: string) => {
  const read = await vault.kv.read(at(keyId).path);
  return read.state === 'present' ? read.data : undefined;
};
const objectOf = async (keyId: string, backupId: string): Promise<string> => {
  const object = await s3.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: `vault/${keyId}/${backupId}.json` }),
  );
  return (await object.Body?.transformToString()) as string;
};
const putObject = (keyId: string, backupId: string, Body: string) =>
  s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `vault/${keyId}/${backupId}.json`, Body }));

describe('a backup', () => {
  it('brings back what a vault has lost: the accepted versions, settings and notes of others', async () => {
    const keyId = await placed(1, 2, 3);
    await vault.kv.configure(at(keyId).path, {
      maxVersions: 7,
      casRequired: true,
      custom: { team: 'search' },
    });
    expect(await archive.backUp(at(keyId), keyId, 'b1')).toBe(3);
    await lose(keyId);
    expect(await found(keyId)).toBeUndefined();

    const restored = await archive.restore(at(keyId), keyId, { accepted: [3, 2] });

    expect(restored).toEqual({ outcome: 'restored', backupId: 'b1', written: [2, 3], current: 3 });
    expect(await found(keyId)).toMatchObject({ key: `mk_live_${keyId}_secret-of-3`, version: 3, keyId });
    expect(await vault.kv.metadata(at(keyId).path)).toMatchObject({
      maxVersions: 7,
      casRequired: true,
      custom: { team: 'search', 'keyturn-version-3': '2' },
    });
    await place.restore(at(keyId), keyId, 2);
    expect(await found(keyId)).toMatchObject({ version: 2 });
  });

  it('that is restored again changes nothing', async () => {
    const keyId = await placed(1);
    await archive.backUp(at(keyId), keyId, 'b1');
    expect(await archive.restore(at(keyId), keyId, { accepted: [1] })).toEqual({
      outcome: 'already-there',
      current: 1,
    });
    await lose(keyId);
    await archive.restore(at(keyId), keyId, { accepted: [1] });
    await archive.restore(at(keyId), keyId, { accepted: [1] });
    expect((await vault.kv.metadata(at(keyId).path))?.currentVersion).toBe(1);
  });

  it('never brings back a version that is not accepted any more', async () => {
    const keyId = await placed(1, 2);
    await archive.backUp(at(keyId), keyId, 'b1');
    await lose(keyId);
    expect(await archive.restore(at(keyId), keyId, { accepted: [3] })).toEqual({
      outcome: 'none-accepted',
      backupId: 'b1',
    });
    expect(await found(keyId)).toBeUndefined();
  });

  it('is the newest of the key unless it is named', async () => {
    const keyId = await placed(1);
    await archive.backUp(at(keyId), keyId, '2026-11-23T14-00-00Z');
    await place.put(at(keyId), placedVersion(keyId, 2));
    await archive.backUp(at(keyId), keyId, '2026-11-23T15-00-00Z');
    await lose(keyId);
    expect(await archive.restore(at(keyId), keyId, { accepted: [2, 1] })).toMatchObject({
      backupId: '2026-11-23T15-00-00Z',
      current: 2,
    });
    await lose(keyId);
    expect(
      await archive.restore(at(keyId), keyId, { accepted: [2, 1], backupId: '2026-11-23T14-00-00Z' }),
    ).toMatchObject({ backupId: '2026-11-23T14-00-00Z', current: 1 });
  });

  it('is none where there is nothing of the key, and is missed where there is none', async () => {
    const keyId = freshId();
    expect(await archive.backUp(at(keyId), keyId, 'b1')).toBe(0);
    expect(await archive.restore(at(keyId), keyId, { accepted: [1] })).toEqual({ outcome: 'no-backup' });
    expect(await archive.restore(at(keyId), keyId, { accepted: [1], backupId: 'b1' })).toEqual({
      outcome: 'no-backup',
    });
  });
});

describe('the object in the bucket', () => {
  it('holds ids and ciphertext, and nothing of a key', async () => {
    const keyId = await placed(1, 2);
    await archive.backUp(at(keyId), keyId, 'b1');
    const text = await objectOf(keyId, 'b1');
    expect(JSON.parse(text)).toEqual({
      format: 1,
      keyId,
      backupId: 'b1',
      ciphertext: expect.any(String),
      wrappedDataKey: expect.any(String),
    });
    expect(text).not.toContain('secret-of');
    expect(Buffer.from(JSON.parse(text).ciphertext, 'base64').includes('secret-of')).toBe(false);
  });

  it.each([
    ['altered', (text: string) => text.replace(/"ciphertext":"(....)/, '"ciphertext":"AAAA')],
    ['cut', (text: string) => text.slice(0, text.length / 2)],
    ['something else', () => '{"hello":"world"}'],
    ['empty', () => ''],
  ])('that is %s does not open', async (_how, alter) => {
    const keyId = await placed(1);
    await archive.backUp(at(keyId), keyId, 'b1');
    await putObject(keyId, 'b1', alter(await objectOf(keyId, 'b1')));
    await lose(keyId);
    expect(await archive.restore(at(keyId), keyId, { accepted: [1] })).toEqual({
      outcome: 'broken',
      backupId: 'b1',
    });
    expect(await found(keyId)).toBeUndefined();
  });

  it("that was moved, to another id or into another key's place, does not open", async () => {
    const [keyId, otherId] = [await placed(1), await placed(1)];
    await archive.backUp(at(keyId), keyId, 'b1');
    await putObject(keyId, 'b2', await objectOf(keyId, 'b1'));
    await putObject(otherId, 'b1', await objectOf(keyId, 'b1'));
    for (const id of [keyId, otherId]) await lose(id);
    const broken = (id: string, backupId: string) =>
      expect(archive.restore(at(id), id, { accepted: [1], backupId })).resolves.toEqual({
        outcome: 'broken',
        backupId,
      });
    await broken(keyId, 'b2');
    await broken(otherId, 'b1');
  });
});
