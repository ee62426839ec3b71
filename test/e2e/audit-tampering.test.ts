/** The audit of the deployed stack: digests are taken and locked, and whoever writes into the table or the bucket is found. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditItem } from '../../lambdas/adapters/dynamodb/key-item.ts';
import { type AuditEvent, CHAIN_START, chainEvent, hashOf } from '../../lambdas/core/domain/audit-event.ts';
import { digestSha256 } from '../../lambdas/core/domain/audit-proof/digest.ts';
import { signingKey } from '../support/proof-bench.ts';
import { keyturn } from './support/command-line.ts';
import { admin, issueKey, tableName } from './support/deployment.ts';
import {
  auditBucket,
  digestName,
  overwrite,
  s3,
  storedDigest,
  takeDigest,
  versionsOf,
} from './support/digests.ts';
import { documents } from './support/own-table.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-audit-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const sortKey = (sequence: number) => `AUDIT#${String(sequence).padStart(10, '0')}`;
const place = (keyId: string, sequence: number) => ({ pk: `KEY#${keyId}`, sk: sortKey(sequence) });
const item = async (Key: Record<string, string>) =>
  (await documents.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }))).Item ?? {};
const put = (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName: tableName, Item }));
const remove = (Key: Record<string, string>) =>
  documents.send(new DeleteCommand({ TableName: tableName, Key }));

interface Verdict {
  readonly holds: boolean;
  readonly broken: { readonly what: string; readonly chain?: string; readonly sequence?: number } | null;
  readonly checked: { readonly digests: number; readonly notYetUnderDigest: { readonly events: number } };
}
async function verify(...args: string[]): Promise<Verdict> {
  const { stdout, stderr, code } = await keyturn('audit', 'verify', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  const verdict: Verdict = JSON.parse(stdout);
  expect(code).toBe(verdict.holds ? 0 : 1);
  return verdict;
}

/** Alters the deployment, looks, and puts back what was there. */
async function while_<T>(
  alter: () => Promise<unknown>,
  mend: () => Promise<unknown>,
  look: () => Promise<T>,
) {
  await alter();
  try {
    return await look();
  } finally {
    await mend();
  }
}

let keyId = '';
let other = '';
let day = '';

beforeAll(async () => {
  keyId = (await issueKey()).keyId;
  other = (await issueKey()).keyId;
  for (const each of [keyId, other]) {
    await admin('disable', { keyId: each, reason: 'a trial' });
    await admin('enable', { keyId: each, reason: 'the trial is over' });
  }
});

test('a digest is taken once a day, however often and by however many it is asked for, and its signature is that of the key', async () => {
  const reports = await Promise.all([takeDigest(), takeDigest(), takeDigest()]);
  const taken = reports.filter(({ outcome }) => outcome === 'taken');
  expect(taken).toHaveLength(1);
  const [report] = taken;
  if (report?.outcome !== 'taken') throw new Error('No digest was taken.');
  expect(report.broken).toEqual([]);
  day = report.digest.date;
  expect(await takeDigest()).toEqual({ outcome: 'exists', date: day, broken: [] });
  expect(await versionsOf(digestName(day))).toBe(1);
  expect((await storedDigest(day)).digest).toEqual(report.digest);
  expect(await s3.send(new GetBucketVersioningCommand({ Bucket: auditBucket }))).toMatchObject({
    Status: 'Enabled',
  });

  const { stdout } = await keyturn('audit', 'key', '--json');
  const { publicKey, fingerprint } = JSON.parse(stdout);
  const pem = join(directory, 'audit-key.pem');
  writeFileSync(pem, publicKey);
  expect((await storedDigest(day)).signature.publicKeySha256).toBe(fingerprint);
  const verdict = await verify('--public-key', pem);
  expect(verdict).toMatchObject({ holds: true, broken: null, checked: { digests: 1 } });
});

test('events that no digest has yet are told apart', async () => {
  await admin('disable', { keyId, reason: 'after the digest' });
  await admin('enable', { keyId, reason: 'after the digest' });
  const { checked, holds } = await verify();
  expect(holds).toBe(true);
  expect(checked.notYetUnderDigest.events).toBeGreaterThanOrEqual(2);
});

test('an export holds without the deployment, and what is altered in it is named', async () => {
  const path = join(directory, 'export.jsonl');
  expect((await keyturn('audit', 'export', '--out', path)).code).toBe(0);
  expect(await verify('--file', path)).toMatchObject({ holds: true, checked: { digests: 1 } });
  const altered = join(directory, 'altered.jsonl');
  writeFileSync(altered, readFileSync(path, 'utf8').replace('a trial', 'another'));
  expect(await verify('--file', altered)).toMatchObject({ holds: false, broken: { what: 'altered' } });
});

test('an event that is altered in the table is named', async () => {
  const stored = await item(place(keyId, 2));
  const event = { ...(stored['event'] as AuditEvent), reason: 'another' };
  const verdict = await while_(
    () => put({ ...stored, event }),
    () => put(stored),
    verify,
  );
  expect(verdict.broken).toMatchObject({ what: 'altered', chain: `key/${keyId}`, sequence: 2 });
});

test('an event that is taken out of the table is missed, be it the newest', async () => {
  const last = ((await item({ pk: `KEY#${keyId}`, sk: 'META' }))['audit'] as { sequence: number }).sequence;
  for (const [sequence, what] of [
    [2, 'dropped'],
    [last, 'truncated'],
  ] as const) {
    const stored = await item(place(keyId, sequence));
    const verdict = await while_(
      () => remove(place(keyId, sequence)),
      () => put(stored),
      verify,
    );
    expect(verdict.broken).toMatchObject({ what, chain: `key/${keyId}`, sequence });
  }
});

test('events that change places, come twice or lie in another chain are named', async () => {
  const [second, third] = [await item(place(keyId, 2)), await item(place(keyId, 3))];
  const swap = () =>
    Promise.all([put({ ...second, event: third['event'] }), put({ ...third, event: second['event'] })]);
  const mend = () => Promise.all([put(second), put(third)]);
  expect((await while_(swap, mend, verify)).broken).toMatchObject({
    what: 'reordered',
    chain: `key/${keyId}`,
    sequence: 2,
  });
  const twice = () => put({ ...third, event: second['event'] });
  expect((await while_(twice, mend, verify)).broken).toMatchObject({ what: 'duplicated', sequence: 2 });
  const foreign = await item(place(other, 3));
  const move = () => put({ ...third, event: foreign['event'] });
  expect((await while_(move, mend, verify)).broken).toMatchObject({ what: 'foreign', sequence: 3 });
});

test('a chain that is hashed anew from an altered event on, with its key’s own record, is caught by the digest', async () => {
  const meta = await item({ pk: `KEY#${other}`, sk: 'META' });
  const { sequence: last } = meta['audit'] as { sequence: number };
  const kept = await Promise.all(Array.from({ length: last }, (_, index) => item(place(other, index + 1))));
  const rewrite = async () => {
    let previousHash = '';
    for (const stored of kept) {
      const { hash, ...event } = stored['event'] as AuditEvent;
      const changed = event.sequence === 1 ? event : { ...event, reason: 'another', previousHash };
      previousHash = event.sequence === 1 ? hash : hashOf(changed);
      await put({ ...stored, event: { ...changed, hash: previousHash } });
    }
    await put({ ...meta, audit: { sequence: last, hash: previousHash } });
  };
  const mend = () => Promise.all([...kept.map(put), put(meta)]);
  expect((await while_(rewrite, mend, verify)).broken).toMatchObject({
    what: 'rewritten',
    chain: `key/${other}`,
  });
});

test('an event that is whole and hidden from questions, and a forged chain of former days, are named', async () => {
  const stored = await item(place(keyId, 2));
  const { auditOwnerPk: _owner, ...hidden } = stored;
  const mend = () => put(stored);
  for (const change of [hidden, { ...stored, auditTimeSk: '2019' }])
    expect((await while_(() => put(change), mend, verify)).broken).toMatchObject({
      what: 'misfiled',
      sequence: 2,
    });
  const { actor, atMs } = stored['event'] as AuditEvent;
  const old = { action: 'emergency.ended', actor, atMs: atMs - 7 * 86_400_000, detail: {} } as const;
  const forged = auditItem(chainEvent({ chain: 'emergency/forged' }, CHAIN_START, old));
  const { pk, sk } = forged as { pk: string; sk: string };
  const verdict = await while_(
    () => put(forged),
    () => remove({ pk, sk }),
    verify,
  );
  expect(verdict.broken).toMatchObject({ what: 'not-in-digest', chain: 'emergency/forged' });
});

test('an event that is forged behind the last one, and a head that is forged on the key, are named', async () => {
  const meta = await item({ pk: `KEY#${keyId}`, sk: 'META' });
  const { sequence: last } = meta['audit'] as { sequence: number };
  const stored = await item(place(keyId, last));
  const { action, actor, atMs, detail, chain, owner } = stored['event'] as AuditEvent;
  const forged = chainEvent(
    { chain, keyId, ...(owner === undefined ? {} : { owner }) },
    stored['event'] as AuditEvent,
    { action, actor, atMs, detail },
  );
  const append = () => put(auditItem(forged));
  const verdict = await while_(append, () => remove(place(keyId, last + 1)), verify);
  expect(verdict.broken).toMatchObject({ what: 'forged-continuation', sequence: last + 1 });
  const raise = () =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: `KEY#${keyId}`, sk: 'META' },
        UpdateExpression: 'SET audit = :forged',
        ExpressionAttributeValues: { ':forged': { sequence: last, hash: 'f'.repeat(64) } },
      }),
    );
  expect((await while_(raise, () => put(meta), verify)).broken).toMatchObject({ what: 'rewritten' });
});

test('a chain that is gone, with its key or without, is named', async () => {
  const meta = await item({ pk: `KEY#${other}`, sk: 'META' });
  const { sequence: last } = meta['audit'] as { sequence: number };
  const kept = await Promise.all(Array.from({ length: last }, (_, index) => item(place(other, index + 1))));
  const gone = () => Promise.all(kept.map((_, index) => remove(place(other, index + 1))));
  const mend = () => Promise.all([...kept.map(put), put(meta)]);
  expect((await while_(gone, mend, verify)).broken).toMatchObject({
    what: 'chain-missing',
    chain: `key/${other}`,
  });
  const withKey = () => remove({ pk: `KEY#${other}`, sk: 'META' });
  expect((await while_(withKey, mend, verify)).broken).toMatchObject({
    what: 'key-gone',
    chain: `key/${other}`,
  });
});

test('all of that is mended', async () => {
  expect(await verify()).toMatchObject({ holds: true });
});

/** The last: what is written over in a bucket that keeps versions cannot be taken back. */
test('a digest that is signed anew with another key, altered or deleted is what it was first, and it is told', async () => {
  const signed = await storedDigest(day);
  const forged = signingKey().signs({ ...signed.digest, events: signed.digest.events + 1 });
  expect(digestSha256(forged.digest)).not.toBe(digestSha256(signed.digest));
  await overwrite(digestName(day), JSON.stringify(forged));
  const verdict = await verify();
  expect(verdict.broken).toMatchObject({ what: 'digest-overwritten', digest: day });
  await s3.send(new DeleteObjectCommand({ Bucket: auditBucket, Key: digestName(day) }));
  expect((await verify()).broken).toMatchObject({ what: 'digest-overwritten', digest: day });
  // A deletion does not make room for another one of the same day.
  expect(await takeDigest()).toEqual({ outcome: 'exists', date: day, broken: [] });
});
