import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { S3BackupObjects } from '../../../lambdas/adapters/s3/backup-objects.ts';

const client = new S3Client({ region: 'eu-central-1' });
const s3 = mockClient(client);
const objects = new S3BackupObjects(client, 'backups');
beforeEach(() => s3.reset());

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 14, minute));

it('puts an object under its name', async () => {
  s3.on(PutObjectCommand).resolves({});
  await objects.put('vault/k/b1.json', '{}');
  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
    Bucket: 'backups',
    Key: 'vault/k/b1.json',
    Body: '{}',
    ContentType: 'application/json',
  });
});

it('gets an object, and nothing for one that is not there', async () => {
  s3.on(GetObjectCommand, { Key: 'there' }).resolves({
    Body: { transformToString: async () => 'its text' } as never,
  });
  s3.on(GetObjectCommand, { Key: 'not' }).rejects(new NoSuchKey({ message: 'no', $metadata: {} }));
  expect(await objects.get('there')).toBe('its text');
  expect(await objects.get('not')).toBeUndefined();
});

it('throws what else S3 says: that an object may not be read does not mean that it is not there', async () => {
  const denied = Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
  s3.on(GetObjectCommand).rejects(denied);
  await expect(objects.get('x')).rejects.toBe(denied);
});

it('finds the newest over all pages, by time and then by name', async () => {
  s3.on(ListObjectsV2Command, { Prefix: 'vault/k/' })
    .resolvesOnce({
      Contents: [
        { Key: 'vault/k/b3.json', LastModified: at(1) },
        { Key: 'vault/k/b1.json', LastModified: at(3) },
      ],
      NextContinuationToken: 'more',
    })
    .resolvesOnce({
      Contents: [
        { Key: 'vault/k/b2.json', LastModified: at(3) },
        { Key: 'vault/k/b0.json', LastModified: at(2) },
      ],
    });
  expect(await objects.newest('vault/k/')).toBe('vault/k/b2.json');
  expect(s3.commandCalls(ListObjectsV2Command).map(({ args }) => args[0].input.ContinuationToken)).toEqual([
    undefined,
    'more',
  ]);
});

it('finds none where there is none', async () => {
  s3.on(ListObjectsV2Command).resolves({});
  expect(await objects.newest('vault/k/')).toBeUndefined();
});
