/** What becomes of mail, on the deployed stack: told by a driver in place of SES, from what the local cloud has sent. */
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { KeptMail } from '../../local/mail-driver/mail-events.ts';
import { keptMail, publishMailEvents } from '../../local/mail-driver/publish-mail-events.ts';
import { auditEvents } from './support/audit-events.ts';
import { keyturn } from './support/command-line.ts';
import { admin, cloud, tableName } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { documents } from './support/own-table.ts';

const at = (name: string, label: string) => `${name}+${label}@simulator.amazonses.com`;
const mailTo = async (address: string): Promise<readonly KeptMail[]> =>
  (await keptMail(cloud.endpoint)).filter(({ To }) => To.includes(address));
const mailsTo = (address: string, count = 1) =>
  eventually(
    `Mail ${count} to ${address}`,
    () => mailTo(address),
    (mails) => mails.length >= count,
  );
const tell = async (address: string) => publishMailEvents(cloud, await mailsTo(address));

const issue = (owner: string, delivery = 'operator') =>
  admin('issue', {
    owner,
    name: 'Agent',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery,
  });

interface NoticeItem {
  readonly state: { readonly status: string; readonly attempts: number; readonly receipt?: string };
}
const keyOf = (keyId: string, owner: string) => ({ pk: `KEY#${keyId}`, sk: `NOTICE#key#issued#${owner}` });
const noticeOf = async (keyId: string, owner: string): Promise<NoticeItem['state'] | undefined> => {
  const Key = keyOf(keyId, owner);
  const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
  return (Item as NoticeItem | undefined)?.state;
};
const noticeIs = (keyId: string, owner: string, status: string) =>
  eventually(
    `A notice that is ${status}`,
    () => noticeOf(keyId, owner),
    (state) => state?.status === status,
    150_000,
  );

test.each([
  ['bounce', 'bounced', 'notice.bounced'],
  ['suppressionlist', 'bounced', 'notice.bounced'],
  ['complaint', 'complained', 'notice.complained'],
] as const)(
  'a mail to %s@ is one that told nobody: %s, on record of its key and its address',
  async (name, status, action) => {
    const owner = at(name, 'notice');
    const { keyId } = await issue(owner);
    await tell(owner);
    await noticeIs(keyId, owner, status);
    // SES may tell it twice.
    await tell(owner);

    const { mail } = await admin('show', { keyId });
    expect(mail).toEqual([
      expect.objectContaining({ address: owner, state: status, why: expect.stringMatching(/\w+\.$/) }),
    ]);
    const events = await auditEvents(keyId);
    expect(events.filter((event) => event.action === action)).toHaveLength(1);
    const shown = await keyturn('show', keyId);
    expect(shown.stdout).toContain(`Mail to ${owner}`);

    const lifted = await keyturn('notices', 'unblock', owner, '--reason', 'The mailbox is back');
    expect(lifted).toMatchObject({ code: 0, stderr: '' });
    expect((await admin('show', { keyId })).mail).toEqual([]);
  },
);

test('an out-of-office reply changes nothing of a mail that arrived', async () => {
  const owner = at('ooto', 'notice');
  const { keyId } = await issue(owner);
  await noticeIs(keyId, owner, 'sent');
  await tell(owner);
  const state = await eventually(
    'The arrival',
    () => noticeOf(keyId, owner),
    (now) => now !== undefined && 'deliveredAtMs' in now,
  );
  expect(state).toMatchObject({ status: 'sent' });
  expect(state).not.toHaveProperty('why');
  expect((await admin('show', { keyId })).mail).toEqual([]);
});

test('a claim link that came back is the failure of its offer', async () => {
  const owner = at('bounce', 'link');
  const { keyId } = await issue(owner, 'claim-link');
  await tell(owner);
  const failed = await eventually(
    'The failure',
    () => admin('show', { keyId }),
    ({ versions }) => versions[0]?.delivery.failure !== null,
  );
  expect(failed.versions[0]?.delivery).toMatchObject({
    by: 'claim-link',
    offeredAt: null,
    failure: expect.stringMatching(
      /^The mail came back for good: General, smtp; 550 5\.1\.1 user unknown\.$/,
    ),
  });
  const { stdout } = await keyturn('show', keyId);
  expect(stdout).toContain('The mail came back for good');
});

/** As a sender leaves a notice that dies in the middle. */
async function leaveSending(keyId: string, owner: string, leaseEndsAtMs: number): Promise<void> {
  const Key = keyOf(keyId, owner);
  const noticeSk = `${new Date(leaseEndsAtMs).toISOString()}#${Key.pk}#${Key.sk.slice('NOTICE#'.length)}`;
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key,
      UpdateExpression: 'SET #state = :state, noticePk = :pk, noticeSk = :sk REMOVE #ttl',
      ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':state': { status: 'sending', attempts: 1, dueAtMs: leaseEndsAtMs },
        ':pk': 'NOTICE-DUE-mail#0',
        ':sk': noticeSk,
      },
    }),
  );
}

test('a sender that died after SES took the mail: the event settles it, and no second mail goes out', async () => {
  const owner = at('success', 'killed-after');
  const { keyId } = await issue(owner);
  await noticeIs(keyId, owner, 'sent');
  await leaveSending(keyId, owner, Date.now() + 3_600_000);

  await tell(owner);

  const state = await noticeIs(keyId, owner, 'sent');
  expect(state).toMatchObject({ attempts: 1, receipt: (await mailTo(owner))[0]?.MessageId });
  expect(await mailTo(owner)).toHaveLength(1);
});

test('a sender that died before: sent once more, when its time is over', async () => {
  const owner = at('success', 'killed-before');
  const { keyId } = await issue(owner);
  await noticeIs(keyId, owner, 'sent');
  await leaveSending(keyId, owner, Date.now() - 1_000);

  const state = await noticeIs(keyId, owner, 'sent');
  expect(state).toMatchObject({ attempts: 2 });
  expect(await mailTo(owner)).toHaveLength(2);
});
