import {
  type MessageTag,
  SESClient,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
} from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { MailLinkSender } from '../../../lambdas/adapters/mail/mail-link-sender.ts';
import { refOfTags, tagsOf } from '../../../lambdas/adapters/ses/mail-tags.ts';
import { type Posted, SesMailer } from '../../../lambdas/adapters/ses/ses-mailer.ts';
import { MailNotSent } from '../../../lambdas/core/domain/errors.ts';
import type { MailRef } from '../../../lambdas/core/domain/mail-ref.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { ClaimLink } from '../../../lambdas/core/ports/key-place.ts';
import { headerOf, parseMail } from '../../support/parsed-mail.ts';

const client = new SESClient({ region: 'eu-central-1' });
const ses = mockClient(client);
const FROM = 'keys@acme.dev';
const TOKEN = 'Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';
const SETTINGS = { from: FROM, configurationSet: 'keyturn-set' };
const mailer = new SesMailer(client, SETTINGS);
const sender = new MailLinkSender(mailer, async () => ({ locale: 'en', timeZone: 'UTC' }));

const LINK: ClaimLink = {
  to: 'team@example.com',
  keyId: 'FF05xY0L9hQm',
  keyName: 'Search agent',
  environment: 'live',
  version: 2,
  url: new Plaintext(`https://keys.example.com/claim/FF05xY0L9hQm/${TOKEN}`),
  tokenHash: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
  expiresAtMs: Date.parse('2026-11-30T14:00:00Z'),
  again: false,
};

const named = (name: string, message = name): Error => Object.assign(new Error(message), { name });
const NOT_VERIFIED =
  'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ';

/** Tags as an event of SES has them, beside those of SES itself. */
const asInEvent = (tags: readonly MessageTag[] = []) =>
  Object.fromEntries([
    ['ses:configuration-set', ['keyturn-set']],
    ...tags.map(({ Name, Value }) => [Name, [Value]]),
  ]) as Record<string, string[]>;

beforeEach(() => ses.reset());

const REF: MailRef = {
  of: 'notice',
  notice: { partition: 'KEY#FF05xY0L9hQm', noticeId: 'r-1#reminder#team@example.com' },
  attempt: 2,
};
const POSTED: Posted = { to: LINK.to, ref: REF, subject: 'Reminder', text: 'Soon.', html: '<p>Soon.</p>' };

const sentInput = () => {
  const calls = ses.commandCalls(SendRawEmailCommand);
  expect(calls).toHaveLength(1);
  return calls[0]?.args[0].input as SendRawEmailCommandInput;
};
const sentMail = () => parseMail(sentInput().RawMessage?.Data as Uint8Array);

it('sends one mail, in HTML and in text, from the address and to the owner alone', async () => {
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });

  expect(await sender.send(LINK)).toBeUndefined();

  const { RawMessage, ...input } = sentInput();
  expect(input).toEqual({
    Source: FROM,
    Destinations: ['team@example.com'],
    ConfigurationSetName: 'keyturn-set',
    Tags: [
      { Name: 'keyturn-key', Value: 'FF05xY0L9hQm' },
      { Name: 'keyturn-version', Value: '2' },
      { Name: 'keyturn-link', Value: LINK.tokenHash },
    ],
  });
  const mail = sentMail();
  expect(headerOf(mail, 'To')).toBe('team@example.com');
  expect(headerOf(mail, 'Subject')).toContain('“Search agent”');
  expect(mail.parts['text/plain']).toContain(TOKEN);
  expect(mail.parts['text/html']).toContain(TOKEN);
  const besides = JSON.stringify([input, mail.headers]);
  expect(besides).not.toContain(TOKEN);
});

it('says what SES calls the mail', async () => {
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
  expect(await mailer.send(POSTED)).toEqual({ outcome: 'sent', receipt: 'm-1' });
});

it('leads answers elsewhere when it is told to', async () => {
  ses.on(SendRawEmailCommand).resolves({});
  await new SesMailer(client, { ...SETTINGS, replyTo: 'help@acme.dev' }).send(POSTED);
  expect(headerOf(sentMail(), 'Reply-To')).toBe('help@acme.dev');
});

describe('what a mail is of', () => {
  it('stands in its tags, with the try, and comes back from an event', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
    await mailer.send(POSTED);
    expect(refOfTags(asInEvent(sentInput().Tags))).toEqual(REF);
  });

  it.each<[string, MailRef]>([
    ['a link', { of: 'link', keyId: LINK.keyId, version: 2, tokenHash: LINK.tokenHash }],
    [
      'a notice to the longest address, in any writing',
      {
        of: 'notice',
        notice: {
          partition: 'KEY#FF05xY0L9hQm',
          noticeId: `${'r'.repeat(80)}#reminder#${'ü'.repeat(250)}@x.de`,
        },
        attempt: 12,
      },
    ],
  ])('%s fits into tags as SES takes them', (_what, ref) => {
    const tags = tagsOf(ref);
    for (const { Name, Value } of tags) {
      expect(Name).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
      expect(Value).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
    }
    expect(tags.length).toBeLessThanOrEqual(10);
    expect(refOfTags(asInEvent(tags))).toEqual(ref);
  });

  it('is in the header the same for each try', async () => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
    await mailer.send(POSTED);
    const first = headerOf(sentMail(), 'X-Keyturn-Notice');
    ses.resetHistory();
    await mailer.send({ ...POSTED, ref: { ...REF, attempt: 3 } as MailRef });
    expect(first).toMatch(/^[\w.-]+$/);
    expect(headerOf(sentMail(), 'X-Keyturn-Notice')).toBe(first);
  });

  it.each<[string, Record<string, string[]>]>([
    ['no tags', {}],
    ['tags of others', { campaign: ['spring'], 'ses:configuration-set': ['keyturn-set'] }],
    ['a try without its notice', { 'keyturn-attempt': ['1'] }],
    ['a notice that is none', { 'keyturn-attempt': ['1'], 'keyturn-notice-1': ['AAAA'] }],
    ['no try', { 'keyturn-notice-1': ['S0VZI2EKYg'] }],
    ['a try that is no number', { 'keyturn-attempt': ['x'], 'keyturn-notice-1': ['S0VZI2EKYg'] }],
    ['a link without its hash', { 'keyturn-key': ['FF05xY0L9hQm'], 'keyturn-version': ['1'] }],
  ])('%s is nothing of ours', (_what, tags) => {
    expect(refOfTags(tags)).toBeUndefined();
  });
});

describe('a recipient that is not one plain address', () => {
  it.each([
    'team@example.com, spy@evil.example',
    'team@example.com\r\nBcc: spy@evil.example',
    'team@example.com\n',
    'Team <team@example.com>',
    '<team@example.com>',
    'team@example.com>',
    '"a b"@example.com',
    'team@example.com;spy@evil.example',
    'group:team@example.com;',
    'tëam@example.com',
    'team@exämple.com',
    'team@example',
    'team@-example.com',
    'team@example.com\u0000',
    '@example.com',
    `${'a'.repeat(65)}@example.com`,
    '',
  ])('%j is refused before anything is sent', async (to) => {
    ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
    expect(await mailer.send({ ...POSTED, to })).toEqual({
      outcome: 'refused',
      why: expect.stringMatching(/owner's address\. It must be ASCII/),
    });
    expect(ses.commandCalls(SendRawEmailCommand)).toEqual([]);
  });
});

describe('the pause after what may pass', () => {
  it.each<[string, Error, number]>([
    ['is short for the rate of a second', named('Throttling', 'Maximum sending rate exceeded.'), 10_000],
    ['is long for the quota of a day', named('Throttling', 'Daily message quota exceeded.'), 3_600_000],
  ])('%s', async (_what, error, afterMs) => {
    ses.on(SendRawEmailCommand).rejects(error);
    expect(await mailer.send(POSTED)).toMatchObject({ outcome: 'later', afterMs, throttled: true });
  });

  it.each(['TimeoutError', 'ServiceUnavailable', 'InternalFailure'])(
    'is for the receiver’s own record to end where the answer was lost: %s',
    async (name) => {
      ses.on(SendRawEmailCommand).rejects(named(name));
      expect(await mailer.send(POSTED)).toEqual({
        outcome: 'unknown',
        why: `Amazon SES could not be reached or did not answer as it should (${name}).`,
      });
    },
  );
});

describe('what lasts until somebody changes something', () => {
  it.each<[string, Error, RegExp]>([
    [
      'an unverified sender',
      named('MessageRejected', `${NOT_VERIFIED}${FROM}`),
      /^The sender keys@acme\.dev is not verified in Amazon SES, in this Region\. Verify it/,
    ],
    [
      'an unverified sender that is not named',
      named('MessageRejected', 'Email address is not verified.'),
      /^The sender keys@acme\.dev is not verified/,
    ],
    ['both unverified', named('MessageRejected', `${NOT_VERIFIED}${FROM}, team@example.com`), /^The sender/],
    [
      'the sandbox',
      named('MessageRejected', `${NOT_VERIFIED}team@example.com`),
      /in its sandbox.*Ask AWS for production access\.$/,
    ],
    [
      'another rejection',
      named('MessageRejected', 'Virus found for team@example.com'),
      /^Amazon SES rejected the mail from keys@acme\.dev\.$/,
    ],
    [
      'a paused account',
      named('AccountSendingPausedException'),
      /has paused sending for this account.*resume/,
    ],
    [
      'a paused configuration set',
      named('ConfigurationSetSendingPausedException'),
      /paused for the configuration set/,
    ],
    [
      'a configuration set that is gone',
      named('ConfigurationSetDoesNotExistException'),
      /does not exist in Amazon SES\. Deploy/,
    ],
    ['a MAIL FROM domain', named('MailFromDomainNotVerifiedException'), /MAIL FROM domain of keys@acme\.dev/],
    [
      'an address that SES does not take',
      named('InvalidParameterValue', "Missing final '@domain'"),
      /owner's address\. It must be ASCII/,
    ],
    [
      'a missing right',
      named('AccessDenied', 'User: arn:… on resource identity/team@example.com'),
      /may not send as keys@acme\.dev/,
    ],
    ['a missing right by its other name', named('AccessDeniedException'), /may not send as/],
  ])('%s is said with its mend, and without the owner or the link', async (_what, error, sentence) => {
    ses.on(SendRawEmailCommand).rejects(error);

    const why = await sender.send(LINK);

    expect(why).toMatch(sentence);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(why).not.toContain('team@example.com');
    expect(why).not.toContain(TOKEN);
  });
});

describe('what may pass', () => {
  it.each<[string, Error, string]>([
    [
      'a throttle',
      named('Throttling', 'Maximum sending rate exceeded.'),
      'Amazon SES takes no more mail at this rate at the moment.',
    ],
    [
      'a throttle by its other name',
      named('ThrottlingException', 'Rate exceeded'),
      'Amazon SES takes no more mail at this rate at the moment.',
    ],
    [
      'the daily quota',
      named('Throttling', 'Daily message quota exceeded.'),
      'The daily quota of Amazon SES is used up. It frees up within 24 hours; ask AWS for more.',
    ],
    [
      'a broken connection',
      named('TimeoutError', `POST ${TOKEN} team@example.com`),
      'Amazon SES could not be reached or did not answer as it should (TimeoutError).',
    ],
  ])('%s is thrown, to be tried again, with a sentence of its own', async (_what, error, sentence) => {
    ses.on(SendRawEmailCommand).rejects(error);

    const failure = await sender.send(LINK).catch((caught: unknown) => caught);

    expect(failure).toBeInstanceOf(MailNotSent);
    expect(failure).toMatchObject({ name: 'MailNotSent', message: sentence });
    expect(failure).not.toHaveProperty('cause');
  });
});
