/** A report over what has really happened on the local cloud, by the command as people run it; and one that was changed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { keyturn } from './support/command-line.ts';
import { admin } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-e2e-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const FROM = new Date(Date.now() - 60_000).toISOString();
const REASON = `Found in a public repository ${process.pid}`;

let leaked: string;
let revoked: string;

async function issued(): Promise<string> {
  const order = {
    owner: `report-${process.pid}@example.com`,
    name: '=cmd()',
    environment: 'test',
    scopes: ['tools:*'],
  };
  return (await admin('issue', { ...order, policy: 'drill' })).keyId;
}

beforeAll(async () => {
  [leaked, revoked] = [await issued(), await issued()];
  const emergency = await keyturn('emergency', leaked, '--reason', REASON, '--immediate', '--yes');
  if (emergency.code !== 0) throw new Error(emergency.stderr);
  const ended = await keyturn('revoke', revoked, '--reason', 'Contract ended', '--yes');
  if (ended.code !== 0) throw new Error(ended.stderr);
});

async function report() {
  const { stdout, stderr, code } = await keyturn('report', '--from', FROM, '--format', 'json');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const sealed = JSON.parse(stdout) as SealedReport;
  return { sealed, ours: sealed.report.record.emergencies.rows.find(({ keyId }) => keyId === leaked) };
}

/** Indexes follow the table: an event may be a moment late in them. */
const reported = () => eventually('The emergency on record', report, ({ ours }) => ours?.refusedAt != null);

test('has what was done, by whom, how long it took, and how the keys stand', async () => {
  const { sealed, ours } = await reported();
  const { record, standing } = sealed.report;
  expect(ours).toMatchObject({ reason: REASON, refused: 'at-once', outcome: 'completed', oldVersion: 1 });
  expect(ours?.toRefusalMs).toBeGreaterThan(0);
  expect(ours?.toRefusalMs).toBeLessThan(60_000);
  expect(
    record.keys.rows.find(({ keyId, action }) => keyId === revoked && action === 'key.revoked'),
  ).toMatchObject({
    reason: 'Contract ended',
    by: expect.stringContaining('arn:'),
  });
  expect(record.events.missing).toBe(0);
  const rows = new Map(standing.keys.map((row) => [row.keyId, row]));
  expect(rows.get(leaked)).toMatchObject({ standing: 'within', activeVersion: 2 });
  expect(rows.get(revoked)).toMatchObject({ standing: 'refused', status: 'revoked' });
  expect(standing.revocationBoundMs).toBeGreaterThan(0);
});

test('is checked against the record; what was changed in it is found', async () => {
  await reported();
  const to = new Date(Date.now() - 1).toISOString();
  const file = join(folder, 'report.html');
  const made = await keyturn('report', '--from', FROM, '--to', to, '--out', file);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect((await keyturn('report', 'check', file)).stdout).toContain('Nothing that was checked differs.');

  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(REASON, 'Planned exercise'));
  const { code, stdout } = await keyturn('report', 'check', file);
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/record: emergencies +DIFFERS/),
  });
});

test('as CSV runs no formula of a name', async () => {
  const out = join(folder, 'csv');
  expect(await keyturn('report', '--from', FROM, '--format', 'csv', '--out', out)).toMatchObject({ code: 0 });
  const keys = readFileSync(join(out, 'keys.csv'), 'utf8');
  expect(keys).toContain(",'=cmd(),");
  expect(keys).not.toContain(',=cmd()');
});
