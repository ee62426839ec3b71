import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SesLinkSender } from '../../../lambdas/adapters/ses/ses-link-sender.ts';
import { SesMailer } from '../../../lambdas/adapters/ses/ses-mailer.ts';
import { MailNotSent } from '../../../lambdas/core/domain/errors.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { ClaimLink } from '../../../lambdas/core/ports/key-place.ts';

const client = new SESClient({ region: 'eu-central-1' });
const ses = mockClient(client);
const FROM = 'keys@acme.dev';
const TOKEN = 'Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';
const sender = new SesLinkSender(new SesMailer(client, { from: FROM }));

const LINK: ClaimLink = {
  to: 'team@example.com',
  keyId: 'FF05xY0L9hQm',
  keyName: 'Search agent',
  environment: 'live',
  version: 2,
  url: new Plaintext(`https://keys.example.com/claim/FF05xY0L9hQm/${TOKEN}`),
  expiresAtMs: Date.parse('2026-11-30T14:00:00Z'),
  again: false,
};

const named = (name: string, message = name): Error => Object.assign(new Error(message), { name });
const NOT_VERIFIED =
  'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ';

beforeEach(() => ses.reset());

it('sends one mail, in HTML and in text, from the address and to the owner alone', async () => {
  ses.on(SendEmailCommand).resolves({ MessageId: 'm-1' });

  expect(await sender.send(LINK)).toBeUndefined();

  const [call] = ses.commandCalls(SendEmailCommand);
  expect(ses.commandCalls(SendEmailCommand)).toHaveLength(1);
  expect(call?.args[0].input).toEqual({
    Source: FROM,
    Destination: { ToAddresses: ['team@example.com'] },
    Message: {
      Subject: { Data: expect.stringContaining('Search agent'), Charset: 'UTF-8' },
      Body: {
        Text: { Data: expect.stringContaining(TOKEN), Charset: 'UTF-8' },
        Html: { Data: expect.stringContaining(TOKEN), Charset: 'UTF-8' },
      },
    },
  });
});

it('leads answers elsewhere when it is told to', async () => {
  ses.on(SendEmailCommand).resolves({});
  const mailer = new SesMailer(client, { from: FROM, replyTo: 'help@acme.dev' });
  await new SesLinkSender(mailer).send(LINK);
  expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input.ReplyToAddresses).toEqual(['help@acme.dev']);
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
      /paused for the default configuration set/,
    ],
    [
      'a configuration set that is gone',
      named('ConfigurationSetDoesNotExistException'),
      /does not exist\. Mend/,
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
    ses.on(SendEmailCommand).rejects(error);

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
    ses.on(SendEmailCommand).rejects(error);

    const failure = await sender.send(LINK).catch((caught: unknown) => caught);

    expect(failure).toBeInstanceOf(MailNotSent);
    expect(failure).toMatchObject({ name: 'MailNotSent', message: sentence });
    expect(failure).not.toHaveProperty('cause');
  });
});
