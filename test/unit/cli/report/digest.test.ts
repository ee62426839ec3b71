/** A report names the latest signed digest of the record up to its end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Digest,
  digestSha256,
  type SignedDigest,
} from '../../../../lambdas/core/domain/audit-proof/digest.ts';
import type { SealedReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { MemoryWorld } from '../../../support/memory-world.ts';
import { signingKey } from '../../../support/proof-bench.ts';
import { REPORT_KEY, reportAdmin } from '../../../support/report-admin.ts';
import { keyturn, START_MS } from '../fake-world.ts';

const world = new MemoryWorld();
world.clock.nowMs = START_MS;

const digestOf = (date: string, headsSha256 = 'a'.repeat(64), table = 'Keys'): Digest => ({
  version: 1,
  table,
  date,
  takenAt: `${date}T00:10:00.000Z`,
  chains: 1,
  events: 2,
  headsSha256,
  previousDigest: null,
});
const signed = (...of: Parameters<typeof digestOf>): SignedDigest => REPORT_KEY.signs(digestOf(...of));

const DIGESTS = ['2026-08-01', '2026-11-15', '2026-11-16', '2026-11-17'].map((date) => signed(date));
const folder = mkdtempSync(join(tmpdir(), 'keyturn-digest-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function digestUntil(to: string, digests: readonly SignedDigest[] = DIGESTS) {
  const args = ['report', '--from', '2026-07-01', '--to', to, '--format', 'json'];
  const { stdout } = await keyturn(args, { admin: reportAdmin(world, 10, digests) });
  return (JSON.parse(stdout) as SealedReport).report.digest;
}

describe('the digest', () => {
  test('is the last that was taken by then, with its hash, signature and key', async () => {
    expect(await digestUntil('2026-11-16')).toEqual({
      date: '2026-11-16',
      sha256: digestSha256((DIGESTS[2] as SignedDigest).digest),
      signature: (DIGESTS[2] as SignedDigest).signature.value,
      keyFingerprint: REPORT_KEY.fingerprint,
    });
    expect((await digestUntil('2026-11-16T00:05Z'))?.date).toBe('2026-11-15');
  });

  test('is looked for further back where none was taken of late', async () => {
    expect((await digestUntil('2026-10-01'))?.date).toBe('2026-08-01');
    expect(await digestUntil('2026-07-20')).toBeNull();
  });

  test.each<[string, SignedDigest & { readonly day?: string }]>([
    ['was signed by somebody else', signingKey().signs(digestOf('2026-11-18'))],
    ['is of another deployment', signed('2026-11-18', 'a'.repeat(64), 'Others')],
    ['is an older one under another day', { ...(DIGESTS[0] as SignedDigest), day: '2026-11-18' }],
    [
      'was altered',
      { ...signed('2026-11-18'), digest: { ...digestOf('2026-11-18'), headsSha256: 'e'.repeat(64) } },
    ],
  ])('is never one that somebody laid into the bucket: it %s', async (_how, laid) => {
    expect((await digestUntil('2026-11-20', [...DIGESTS, laid]))?.date).toBe('2026-11-17');
  });

  test('names the key that has signed it, whatever it says itself', async () => {
    const { digest, signature } = signed('2026-11-18');
    const claimed = { digest, signature: { ...signature, publicKeySha256: 'b'.repeat(64) } };
    expect(await digestUntil('2026-11-20', [claimed])).toMatchObject({
      date: '2026-11-18',
      keyFingerprint: REPORT_KEY.fingerprint,
    });
  });

  test('is none where what is stored has no form', async () => {
    expect(await digestUntil('2026-11-16', [{ digest: { date: '2026-11-16' } } as SignedDigest])).toBeNull();
  });
});

test('another digest in its place is found', async () => {
  const file = join(folder, 'report.json');
  const args = ['report', '--from', '2026-07-01', '--to', '2026-11-16', '--format', 'json', '--out', file];
  await keyturn(args, { admin: reportAdmin(world, 10, DIGESTS) });
  const check = (digests: readonly SignedDigest[]) =>
    keyturn(['report', 'check', file], { admin: reportAdmin(world, 10, digests) });
  expect(await check(DIGESTS)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/signed digest +matches/),
  });
  const replaced = DIGESTS.map((each) => (each === DIGESTS[2] ? signed('2026-11-16', 'd'.repeat(64)) : each));
  expect(await check(replaced)).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/signed digest +DIFFERS/),
  });
  expect((await check([])).stdout).toContain('The record has none');
});
