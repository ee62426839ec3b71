/** What Amazon SES says of the sender and the account. */
import {
  ConfigurationSetDoesNotExistException,
  DescribeConfigurationSetCommand,
  GetAccountSendingEnabledCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SESClient,
} from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { identitiesOf, SesStanding } from '../../../lambdas/adapters/ses/ses-standing.ts';

const client = new SESClient({ region: 'eu-central-1' });
const ses = mockClient(client);
const reader = new SesStanding(client, { from: 'keys@mail.acme.dev', configurationSet: 'Keyturn-set' });

const verified = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { VerificationStatus: 'Success' as const }]));

beforeEach(() => {
  ses.reset();
  ses.on(GetIdentityVerificationAttributesCommand).resolves({ VerificationAttributes: verified('acme.dev') });
  ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 7 });
  ses.on(GetAccountSendingEnabledCommand).resolves({ Enabled: true });
  ses.on(DescribeConfigurationSetCommand).resolves({});
});

it('is well outside the sandbox, by a domain above the address', async () => {
  expect(await reader.standing()).toEqual({
    verifiedBy: 'acme.dev',
    sandbox: false,
    sendingEnabled: true,
    hasConfigurationSet: true,
    dailyQuota: 50_000,
    sentToday: 7,
  });
  expect(ses.commandCalls(GetIdentityVerificationAttributesCommand)[0]?.args[0].input).toEqual({
    Identities: ['keys@mail.acme.dev', 'mail.acme.dev', 'acme.dev'],
  });
  expect(ses.commandCalls(DescribeConfigurationSetCommand)[0]?.args[0].input).toEqual({
    ConfigurationSetName: 'Keyturn-set',
  });
});

it('asks of the address and its domains, and of no top-level domain', () => {
  expect(identitiesOf('keys@acme.dev')).toEqual(['keys@acme.dev', 'acme.dev']);
});

it('knows no sender where the verification is pending or has failed', async () => {
  ses.on(GetIdentityVerificationAttributesCommand).resolves({
    VerificationAttributes: {
      'keys@mail.acme.dev': { VerificationStatus: 'Pending' },
      'acme.dev': { VerificationStatus: 'Failed' },
    },
  });
  expect(await reader.standing()).not.toHaveProperty('verifiedBy');
});

it('knows the sandbox by its quota of 200 mails a day, one a second', async () => {
  ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 0 });
  expect(await reader.standing()).toMatchObject({ sandbox: true, dailyQuota: 200 });
});

it('knows an account without a limit', async () => {
  ses.on(GetSendQuotaCommand).resolves({ Max24HourSend: -1, MaxSendRate: 100, SentLast24Hours: 1 });
  const standing = await reader.standing();
  expect(standing.sandbox).toBe(false);
  expect(standing).not.toHaveProperty('dailyQuota');
});

it('knows a paused account, and a configuration set that is gone', async () => {
  ses.on(GetAccountSendingEnabledCommand).resolves({ Enabled: false });
  ses
    .on(DescribeConfigurationSetCommand)
    .rejects(new ConfigurationSetDoesNotExistException({ message: 'no such set', $metadata: {} }));
  expect(await reader.standing()).toMatchObject({ sendingEnabled: false, hasConfigurationSet: false });
});

it('lets every other trouble through', async () => {
  ses.on(DescribeConfigurationSetCommand).rejects(new Error('unreachable'));
  await expect(reader.standing()).rejects.toThrow('unreachable');
});
