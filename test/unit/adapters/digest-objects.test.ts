import { gunzipSync, gzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DigestObjects } from '../../../lambdas/adapters/s3/digest-objects.ts';
import { type ChainHead, headLine, headsFacts } from '../../../lambdas/core/domain/audit-proof/chain-head.ts';
import type { Digest } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import { signingKey } from '../../support/proof-bench.ts';

const s3 = mockClient(S3Client);
const digests = new DigestObjects(new S3Client({}), 'audit');
beforeEach(() => s3.reset());

const HEADS: readonly ChainHead[] = [
  { chain: 'key/A', sequence: 2, hash: 'a'.repeat(64) },
  { chain: 'pepper', sequence: 1, hash: 'b'.repeat(64) },
];
const DIGEST: Digest = {
  version: 1,
  table: 'a-table',
  date: '2026-11-23',
  takenAt: '2026-11-23T00:10:00.000Z',
  previousDigest: null,
  ...headsFacts(HEADS),
};
const SIGNED = signingKey().signs(DIGEST);
const LIST = `2026-11-23-${DIGEST.headsSha256}.jsonl.gz`;

const body = (bytes: Uint8Array | string) => ({
  Body: { transformToByteArray: async () => Buffer.from(bytes) } as never,
});
const failure = (name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: {}, message: name });

describe('putting a digest', () => {
  it('writes the lists before it, each name once, with the checksum that a lock asks for', async () => {
    expect(await digests.put(SIGNED, HEADS, HEADS.slice(0, 1))).toBe('put');
    const puts = s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
    expect(puts.map(({ Key }) => Key)).toEqual([`heads/${LIST}`, `moved/${LIST}`, 'digests/2026-11-23.json']);
    for (const input of puts)
      expect(input).toMatchObject({ Bucket: 'audit', IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' });
    const [all, moved, digest] = puts.map(({ Body }) => Body as Buffer);
    expect(gunzipSync(all as Buffer).toString()).toBe(HEADS.map(headLine).join(''));
    expect(gunzipSync(moved as Buffer).toString()).toBe(headLine(HEADS[0] as ChainHead));
    expect(JSON.parse(String(digest))).toEqual(SIGNED);
  });

  it('that is there already writes nothing over it', async () => {
    s3.on(PutObjectCommand).rejects(failure('PreconditionFailed'));
    expect(await digests.put(SIGNED, HEADS, [])).toBe('exists');
  });

  it('that fails otherwise is thrown, before a digest without its lists', async () => {
    s3.on(PutObjectCommand).rejectsOnce(failure('SlowDown'));
    await expect(digests.put(SIGNED, HEADS, [])).rejects.toThrow('SlowDown');
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(1);
  });
});

describe('reading', () => {
  it('takes what was stored first, whatever lies on top of it', async () => {
    const Key = 'digests/2026-11-23.json';
    s3.on(ListObjectVersionsCommand, { Prefix: Key }).resolves({
      Versions: [
        { Key, VersionId: 'third' },
        { Key, VersionId: 'second' },
      ],
      IsTruncated: true,
      NextKeyMarker: Key,
      NextVersionIdMarker: 'second',
    });
    s3.on(ListObjectVersionsCommand, { Prefix: Key, KeyMarker: Key, VersionIdMarker: 'second' }).resolves({
      Versions: [
        { Key, VersionId: 'first' },
        { Key: `${Key}.other`, VersionId: 'x' },
      ],
      DeleteMarkers: [{ Key, VersionId: 'marker' }],
      IsTruncated: true,
      NextKeyMarker: `${Key}.other`,
    });
    s3.on(GetObjectCommand).resolves(body(JSON.stringify(SIGNED)) as never);
    expect(await digests.find('2026-11-23')).toEqual({ found: SIGNED, overwritten: true });
    expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: 'audit',
      Key,
      VersionId: 'first',
    });
  });

  it.each([
    ['one version', { Versions: [{ Key: 'digests/2026-11-23.json', VersionId: '1' }] }, false],
    [
      'a deletion on top',
      {
        Versions: [{ Key: 'digests/2026-11-23.json', VersionId: '1' }],
        DeleteMarkers: [{ Key: 'digests/2026-11-23.json', VersionId: '2' }],
      },
      true,
    ],
  ])('tells %s', async (_what, versions, overwritten) => {
    s3.on(ListObjectVersionsCommand).resolves(versions);
    s3.on(GetObjectCommand).resolves(body('no JSON') as never);
    expect(await digests.find('2026-11-23')).toEqual({ found: undefined, overwritten });
  });

  it('does not hand on what is too large to be a digest', async () => {
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: [{ Key: 'digests/2026-11-23.json', VersionId: '1' }],
    });
    s3.on(GetObjectCommand).resolves(body(JSON.stringify({ ...SIGNED, more: 'x'.repeat(10_000) })) as never);
    expect((await digests.find('2026-11-23'))?.found).toBeUndefined();
  });

  it('does not even read what is larger than any digest, or any list', async () => {
    const sized = (Key: string, Size: number) => ({ Versions: [{ Key, VersionId: '1', Size }] });
    const named = (Prefix: string, Size: number) =>
      s3.on(ListObjectVersionsCommand, { Prefix }).resolves(sized(Prefix, Size));
    named('digests/2026-11-23.json', 5_000_000_000);
    named(`heads/${LIST}`, 5_000_000_000);
    expect(await digests.find('2026-11-23')).toEqual({ found: undefined, overwritten: false });
    expect(await digests.heads({ which: 'all', digest: DIGEST })).toBeUndefined();
    expect(s3.commandCalls(GetObjectCommand)).toEqual([]);
  });

  it('finds none where there is none', async () => {
    s3.on(ListObjectVersionsCommand).resolves({});
    expect(await digests.find('2026-11-23')).toBeUndefined();
    expect(await digests.heads({ which: 'all', digest: DIGEST })).toBeUndefined();
  });

  it('names days in their order, deleted ones too, and nothing else that lies there', async () => {
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: ['2026-11-24.json', '2026-02-30.json', 'notes.txt'].map((name) => ({
        Key: `digests/${name}`,
      })),
      DeleteMarkers: [{ Key: 'digests/2026-11-23.json' }],
    });
    expect(await digests.days()).toEqual(['2026-11-23', '2026-11-24']);
  });

  it('gives a list as it was put', async () => {
    s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: `moved/${LIST}`, VersionId: '1' }] });
    s3.on(GetObjectCommand).resolves(body(gzipSync(HEADS.map(headLine).join(''))) as never);
    expect(await digests.heads({ which: 'moved', digest: DIGEST })).toEqual(HEADS);
  });

  it.each([
    ['no gzip', 'text'],
    ['no lines of heads', gzipSync('{"chain":7}\n')],
    ['in no order', gzipSync([...HEADS].reverse().map(headLine).join(''))],
    ['longer than memory when it is unpacked', gzipSync(Buffer.alloc(200_000_001))],
  ])('a list that is %s is none', async (_what, bytes) => {
    s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: `heads/${LIST}`, VersionId: '1' }] });
    s3.on(GetObjectCommand).resolves(body(bytes) as never);
    expect(await digests.heads({ which: 'all', digest: DIGEST })).toBeUndefined();
  });
});
