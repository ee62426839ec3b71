/** What security hears of, and a SIEM: alerts once each, events in OCSF form, within seconds. */
import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { wrongKeyPartition } from '../../lambdas/adapters/dynamodb/wrong-key-item.ts';
import { SignedWrongKeyWriter } from '../../lambdas/adapters/signed-http/signed-wrong-key-writer.ts';
import { windowStartMs } from '../../rules/wrong-key-timing.ts';
import { forged } from '../support/forged-keys.ts';
import { ocsfFaults } from '../support/ocsf/validate.ts';
import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, ask, dynamo, issueKey, tableName } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';
import { signedCall } from './support/own-table.ts';
import { alertQueue, ocsfQueue } from './support/told-queue.ts';

const WINDOW_SECONDS = 300;
/** Of a busy machine: the stream is looked at each second, and each function may have to start. */
const SOON_MS = 30_000;
const [REST] = APIS;
const alerts = await alertQueue(`alerts-${process.pid}`);
const events = await ocsfQueue(`events-${process.pid}`);

const alertsOf = async (keyId: string) => (await alerts()).filter((alert) => alert.keyId === keyId);
const eventsOf = async (keyId: string) =>
  (await events()).filter(({ detail }) => JSON.stringify(detail).includes(keyId));
const codesOf = async (keyId: string) =>
  (await eventsOf(keyId)).map(({ detail }) => (detail['metadata'] as { event_code: string }).event_code);

const immediately = (keyId: string, more: object = {}) =>
  admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'Leaked in a log',
    immediateInvalidation: true,
    ...more,
  });

test('an emergency, and the use of what it refused, are told once, in seconds, and every event is OCSF', async () => {
  const { keyId, key } = await issueKey();
  await immediately(keyId);
  const told = await eventually(
    'Both alerts of the emergency',
    () => alertsOf(keyId),
    (found) => found.some(({ kind }) => kind === 'emergency-refused'),
    SOON_MS,
  );
  expect(told.map(({ kind }) => kind)).toEqual(['emergency-begun', 'emergency-refused']);
  expect(told[0]).toMatchObject({ severity: 'critical', event: { reason: 'Leaked in a log' } });

  await eventually(
    'The refusal',
    async () => (await postCall(REST.url, bearer(key))).status,
    (status) => status === 401,
    SOON_MS,
  );
  for (let tries = 0; tries < 3; tries += 1) await postCall(REST.url, bearer(key));
  await eventually(
    'The alert of the retired key',
    () => alertsOf(keyId),
    (found) => found.some(({ kind }) => kind === 'retired-key-used'),
    SOON_MS,
  );
  const record = await auditEvents(keyId);
  await eventually(
    'Every event on the bus',
    async () => new Set(await codesOf(keyId)),
    (codes) => record.every(({ action }) => codes.has(action)),
    SOON_MS,
  );
  for (const { detail, ...event } of await eventsOf(keyId)) {
    expect(ocsfFaults(detail, event['detail-type'])).toEqual([]);
    expect(JSON.stringify(detail)).not.toContain(key);
  }
  const kinds = (await alertsOf(keyId)).map(({ kind }) => kind);
  expect([...kinds].sort()).toEqual(['emergency-begun', 'emergency-refused', 'retired-key-used']);
});

test('an emergency that is ordered without alerts is on the bus, and alerts nobody', async () => {
  const { keyId } = await issueKey();
  await immediately(keyId, { alertSecurity: false });
  await eventually(
    'The activation',
    () => codesOf(keyId),
    (codes) => codes.includes('version.activated'),
    SOON_MS,
  );
  expect(await alertsOf(keyId)).toEqual([]);
});

test('an altered seal is told', async () => {
  const { keyId } = await issueKey();
  await immediately(keyId, { alertSecurity: false });
  await eventually(
    'The new version',
    () => codesOf(keyId),
    (codes) => codes.includes('version.activated'),
    SOON_MS,
  );
  await dynamo.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: `KEY#${keyId}` }, sk: { S: 'SEALED#2' } },
      UpdateExpression: 'SET sealed.expiresAtMs = :later',
      ExpressionAttributeValues: { ':later': { N: String(Date.now() + 900 * 86_400_000) } },
      ConditionExpression: 'attribute_exists(pk)',
    }),
  );
  expect(await ask('claim', { keyId })).toMatchObject({ ok: false, error: { code: 'seal-broken' } });
  const [alert] = await eventually(
    'The alert',
    () => alertsOf(keyId),
    (found) => found.length > 0,
    SOON_MS,
  );
  expect(alert).toMatchObject({ kind: 'seal-broken', severity: 'critical' });
  const findings = (await eventsOf(keyId)).filter((event) => event['detail-type'] === 'Detection Finding');
  expect(findings.map(({ detail }) => ocsfFaults(detail, 'Detection Finding'))).toEqual([[]]);
});

test('wrong keys are counted by key and by address, and a window that is over is one event for each', async () => {
  const { keyId } = await issueKey();
  for (let tries = 0; tries < 5; tries += 1) await postCall(REST.url, bearer(forged(keyId)));
  for (let tries = 0; tries < 5; tries += 1) await postCall(REST.url, bearer('junk'));
  const counters = async () => {
    const windows = [0, 1].map(
      (back) => windowStartMs(Date.now(), WINDOW_SECONDS) - back * WINDOW_SECONDS * 1000,
    );
    const found = await Promise.all(
      windows.map((windowMs) =>
        dynamo.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: wrongKeyPartition(windowMs) } },
          }),
        ),
      ),
    );
    return found.flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item)));
  };
  const counted = await eventually(
    'The counters',
    counters,
    (items) => items.some((item) => Number(item['reason_malformed']) > 0),
    SOON_MS,
  );
  expect(JSON.stringify(counted)).not.toContain('junk');

  // Time is not ours to move here: the same counts in a window that is over.
  const windowMs = windowStartMs(Date.now(), WINDOW_SECONDS) - 2 * WINDOW_SECONDS * 1000;
  const count = {
    requests: 5,
    reasons: { 'wrong-secret': 5 },
    firstAtMs: windowMs,
    lastAtMs: windowMs + 5,
    callers: [{ address: '192.0.2.7', userAgent: 'agent/1.0', lastUsedAtMs: windowMs + 5 }],
  };
  const writer = new SignedWrongKeyWriter(signedCall, tableName);
  await writer.addWrong(windowMs, { ...count, source: { kind: 'key', keyId } });
  await writer.addWrong(windowMs, { ...count, source: { kind: 'address', address: '192.0.2.77' } });
  const wrong = await eventually(
    'One event for each',
    async () =>
      (await events()).filter(({ detail }) => JSON.stringify(detail).includes('security.wrong-keys')),
    (found) => found.some(({ detail }) => JSON.stringify(detail).includes('192.0.2.77')) && found.length > 1,
    150_000,
  );
  const ofKey = wrong.filter(({ detail }) => JSON.stringify(detail['user']).includes(keyId));
  expect(ofKey).toHaveLength(1);
  expect(ofKey[0]?.detail).toMatchObject({ class_uid: 3002, count: 5, status_id: 2 });
  for (const { detail } of wrong) expect(ocsfFaults(detail, 'Authentication')).toEqual([]);
});
