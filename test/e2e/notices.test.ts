/** Notices on the deployed stack: each that is expected goes out exactly once, whatever is repeated or in trouble. */
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { beforeAll, expect, test } from 'vitest';
import type { NoticeView } from '../../lambdas/functions/admin/notices-contract.ts';
import { LOCAL_SENDER } from '../../local/verify-sender.ts';
import { keyturn } from './support/command-line.ts';
import { APIS, admin, awsConfig } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { formCall } from './support/json-call.ts';
import { mailsAbout } from './support/mailbox.ts';
import { bearer, postCall } from './support/mcp.ts';
import { dualKeyOf, endOf, latestOf } from './support/whole-rotation.ts';

const lambda = new LambdaClient(awsConfig);
let notify: string;

beforeAll(async () => {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
  notify = Functions.find(({ Description }) => Description === 'Keyturn: sends what is to be told')
    ?.FunctionName as string;
});

async function issue(owner: string): Promise<{ readonly keyId: string; readonly key: string }> {
  const about = { name: 'Agent', environment: 'test', scopes: ['tools:*'], policy: 'drill' };
  const { keyId, key } = await admin('issue', { owner, ...about });
  return { keyId, key: key as string };
}

const noticesOf = async (keyId: string): Promise<readonly NoticeView[]> =>
  (await admin('notices', { keyId, limit: 100 })).notices;

/** The stream shows what it has shown before. */
async function showAgain(keyId: string): Promise<void> {
  const Records = (await noticesOf(keyId)).map(({ noticeId }, at) => ({
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(at + 1),
      Keys: { pk: { S: `KEY#${keyId}` }, sk: { S: `NOTICE#${noticeId.slice(`KEY#${keyId}/`.length)}` } },
    },
  }));
  const send = () =>
    lambda.send(
      new InvokeCommand({ FunctionName: notify, Payload: Buffer.from(JSON.stringify({ Records })) }),
    );
  for (const { FunctionError, Payload } of await Promise.all([send(), send()])) {
    expect(FunctionError).toBeUndefined();
    expect(JSON.parse(Buffer.from(Payload as Uint8Array).toString())).toEqual({ batchItemFailures: [] });
  }
}

const settled = (keyId: string) =>
  eventually(
    'The sending of all notices',
    () => noticesOf(keyId),
    (notices) => notices.every(({ status }) => status === 'sent'),
    120_000,
  );

/** What SES holds of this key: each mail by its id, and to whom. */
const mailed = async (keyId: string): Promise<readonly string[]> =>
  (await mailsAbout(keyId)).map(({ MessageId, To }) => `${MessageId} to ${To}`).sort();

async function expectMailedOnce(keyId: string, kinds: readonly string[]): Promise<void> {
  await showAgain(keyId);
  const notices = await settled(keyId);
  expect([...new Set(notices.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
  expect(await mailed(keyId)).toEqual(
    notices.map(({ receipt, recipient }) => `${receipt} to ${recipient}`).sort(),
  );
}

test('a rotation that is extended, taken and ended: each notice once', async () => {
  const { keyId } = await issue('whole-rotation@example.com');
  await admin('set-recipients', { keyId, add: ['oncall@example.com'] });
  await admin('rotate', { keyId, purpose: 'manual' });
  await eventually(
    'An extension',
    () => latestOf(keyId),
    (rotation) => (rotation?.extensions ?? 0) > 0,
    120_000,
  );
  await showAgain(keyId);
  const { key } = await admin('claim', { keyId });
  for (const { url } of APIS) expect((await postCall(url, bearer(key))).status).toBe(200);
  expect(await endOf(keyId)).toMatchObject({ status: 'completed', evidence: 'migrated' });

  await expectMailedOnce(keyId, [
    'issued',
    'rotation-started',
    'reminder',
    'extended',
    'received-elsewhere',
    'retired',
  ]);
  const recipients = (await noticesOf(keyId)).map(({ kind, recipient }) => `${kind} ${recipient}`);
  expect(recipients).toContain('retired oncall@example.com');
  expect((await admin('show', { keyId })).notices).toMatchObject({ waiting: 0, parked: 0, bounced: 0 });
});

test('a rotation that is taken back, and one that is to tell nobody', async () => {
  const { keyId } = await issue('rollback@example.com');
  await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
  await dualKeyOf(keyId);
  await admin('rollback', { keyId, reason: 'the new client fails' });
  await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H', notifyClients: false });
  await dualKeyOf(keyId);
  await expectMailedOnce(keyId, ['issued', 'rotation-started', 'rolled-back']);
  await admin('rollback', { keyId, reason: 'over' });
});

test('an emergency at once', async () => {
  const { keyId } = await issue('emergency@example.com');
  await admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'it leaked',
    immediateInvalidation: true,
  });
  await endOf(keyId);
  await expectMailedOnce(keyId, ['issued', 'emergency']);
});

test('a sender that SES does not know: parked with the mend, and sent once it is mended', async () => {
  await formCall(awsConfig, 'ses', { Action: 'DeleteIdentity', Identity: LOCAL_SENDER });
  const { keyId } = await issue('unverified@example.com');
  try {
    await eventually(
      'The parking',
      () => noticesOf(keyId),
      (notices) => notices.length > 0 && notices.every(({ status }) => status === 'parked'),
      120_000,
    );
  } finally {
    await formCall(awsConfig, 'ses', { Action: 'VerifyEmailIdentity', EmailAddress: LOCAL_SENDER });
  }
  const [parked] = await noticesOf(keyId);
  expect(parked).toMatchObject({ kind: 'issued', attempts: 1, why: expect.stringMatching(/not verified/) });
  expect(await mailed(keyId)).toEqual([]);
  const listed = await keyturn('notices', '--parked');
  expect(listed.stdout).toContain(keyId);

  const resent = await keyturn('notices', 'resend', String(parked?.noticeId));
  expect({ code: resent.code, stderr: resent.stderr }).toEqual({ code: 0, stderr: '' });
  await lambda.send(new InvokeCommand({ FunctionName: notify, Payload: Buffer.from('{}') }));
  await expectMailedOnce(keyId, ['issued']);
  const again = await keyturn('notices', 'resend', String(parked?.noticeId));
  expect(again.code).toBe(4);
});
