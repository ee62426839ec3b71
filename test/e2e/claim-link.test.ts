/** Claim links by mail on the deployed stack: first keys, rotations, reminders, and what Amazon SES refuses. */
import { DeleteIdentityCommand, SESClient } from '@aws-sdk/client-ses';
import { afterEach, describe, expect, test } from 'vitest';
import { LOCAL_SENDER, verifySender } from '../../local/verify-sender.ts';
import { auditEvents } from './support/audit-events.ts';
import { deliveryOf, issueLinked, lastLinkOf, press } from './support/claim-link.ts';
import { keyturn } from './support/command-line.ts';
import { admin, awsConfig, cloud } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { keysIn } from './support/leaks.ts';
import { linkIn, linkMailsAbout } from './support/mailbox.ts';
import { dualKeyOf, latestOf } from './support/whole-rotation.ts';

const ses = new SESClient(awsConfig);
const unverify = () => ses.send(new DeleteIdentityCommand({ Identity: LOCAL_SENDER }));
const mailsOf = (keyId: string, count: number) =>
  eventually(
    `Mail ${count}`,
    () => linkMailsAbout(keyId),
    (mails) => mails.length >= count,
  );

afterEach(() => verifySender(cloud));

test('the owner of a first key gets a mail with its link, and nothing of the key', async () => {
  const { keyId, link } = await issueLinked();
  const [mail, ...others] = await linkMailsAbout(keyId);

  expect(others).toEqual([]);
  expect(mail).toMatchObject({ Source: LOCAL_SENDER, To: ['end-to-end@example.com'] });
  expect(mail?.Subject).toMatch(
    /^Your API key for “Search agent” is waiting: collect it by \d+ \w+, \d\d:\d\d\sUTC$/,
  );
  expect(link).toMatch(new RegExp(`^${cloud.outputs['DeliveryUrl']}/claim/${keyId}/[A-Za-z0-9_-]{43}$`));
  expect(mail?.BodyHtml.split(`href="${link}"`)).toHaveLength(3);
  const [key] = keysIn(await (await press(link, 'show')).text());
  expect(key).toBeDefined();
  expect(JSON.stringify(mail)).not.toContain(String(key).slice(-49));
  expect(await deliveryOf(keyId)).toMatchObject({ by: 'claim-link', receivedBy: 'link' });
});

test('the owner reads it in the language and by the clock that are set for the address', async () => {
  const owner = 'inhaberin@example.com';
  await admin('set-owner', { address: owner, locale: 'de', timeZone: 'Asia/Kolkata' });
  const { keyId } = await issueLinked(owner);
  const [mail] = await linkMailsAbout(keyId);
  expect(mail?.To).toEqual([owner]);
  expect(mail?.Subject).toMatch(/^Ihr API-Schlüssel für „Search agent“ wartet: .*\sGMT\+5:30 ab$/);
});

describe('a rotation by the machine', () => {
  test('mails the new key’s link, and another with each reminder until the owner takes it', async () => {
    const { keyId, link: first } = await issueLinked();
    await press(first, 'show');
    await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT20S' });

    const mails = await mailsOf(keyId, 4);
    const links = mails.map(linkIn);
    expect(new Set(links).size).toBe(mails.length);
    expect(mails[1]?.Subject).toMatch(/^Your new API key/);
    expect(mails[2]?.Subject).toMatch(/^Reminder: collect your new API key/);
    expect(mails[1]?.BodyText).toMatch(/The key that you use now is due to end on/);
    const judged = await eventually(
      'An extension',
      () => latestOf(keyId),
      (rotation) => (rotation?.extensions ?? 0) > 0,
    );
    expect(judged).toMatchObject({ evidence: 'never-delivered', undelivered: 'waiting', status: 'dual-key' });
    const shown = await keyturn('show', keyId);
    expect(shown.stdout).toMatch(/Version 2: offered by claim-link/);

    expect((await press(links[1] as string, 'show')).status).toBe(404);
    const answer = await press(await lastLinkOf(keyId), 'show');
    expect(keysIn(await answer.text())).toHaveLength(1);
    const done = await eventually(
      'The end',
      () => latestOf(keyId),
      (rotation) => rotation?.endedAt != null,
    );
    expect(done).toMatchObject({ status: 'completed', evidence: 'idle', undelivered: null });
  });

  test('puts on record what the sender says, and deliver --again mends it', async () => {
    const { keyId, link } = await issueLinked();
    await press(link, 'show');
    await unverify();
    await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT10M' });
    await dualKeyOf(keyId);
    const failed = await eventually(
      'The failure',
      () => deliveryOf(keyId),
      (delivery) => delivery?.failure?.includes('not verified') ?? false,
    );
    expect(failed).toMatchObject({
      by: 'claim-link',
      offeredAt: null,
      failure: expect.stringMatching(/^The sender keys@keyturn\.example is not verified in Amazon SES/),
      receivedAt: null,
    });

    const refused = await keyturn('deliver', keyId, '--again');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/was not delivered: The sender .* is not verified/);
    expect((await keyturn('show', keyId)).stdout).toMatch(/not delivered by claim-link: The sender/);

    await verifySender(cloud);
    const again = await keyturn('deliver', keyId, '--again', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ version: 2, by: 'claim-link', failure: null });
    expect(await linkMailsAbout(keyId)).toHaveLength(2);
    expect((await auditEvents(keyId)).map(({ action }) => action)).toContain('version.not-delivered');
    await admin('rollback', { keyId, reason: 'end-to-end test' });
  });
});

test('a key is issued though its mail cannot be sent, and says why', async () => {
  await unverify();
  const issued = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'Search agent',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'claim-link',
  });
  expect(issued.deliveryFailure).toMatch(/^It could not be delivered: The sender .* is not verified/);
  expect(issued).not.toHaveProperty('link');
  expect(await deliveryOf(issued.keyId)).toMatchObject({ by: 'claim-link', failure: expect.any(String) });
});
