import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { LOCAL_SENDER, verifySender } from '../../../local/verify-sender.ts';

const CLOUD = { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' };

test.each([
  ['the local one', {}, LOCAL_SENDER],
  ['the one that the deployment is given', { notifyFrom: 'keys@acme.dev' }, 'keys@acme.dev'],
])('mail is sent from %s, which is verified', async (_what, context, address) => {
  const ses = mockClient(SESClient).on(VerifyEmailIdentityCommand).resolves({});
  await verifySender(CLOUD, context);
  expect(ses.commandCalls(VerifyEmailIdentityCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { EmailAddress: address },
  ]);
  ses.restore();
});
