/** The right to send mail from one address, and from no other. */
import { Aws } from 'aws-cdk-lib';
import type { MailSettings } from '../../lambdas/adapters/ses/ses-mailer.ts';
import type { NodeFunction } from './node-function.ts';

const SES = `arn:${Aws.PARTITION}:ses:${Aws.REGION}:${Aws.ACCOUNT_ID}`;

/**
 * Of identities the policy names all: SES goes by the address or by one of its domains, whichever is verified, and asks
 * for the right to a recipient's identity too where the account has that, as in its sandbox. The condition decides.
 */
export function allowSending(fn: NodeFunction<unknown>, { from, configurationSet }: MailSettings): void {
  fn.allow({
    actions: ['ses:SendRawEmail'],
    resources: [`${SES}:identity/*`, `${SES}:configuration-set/${configurationSet}`],
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  });
  fn.acknowledge(
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
    'The condition allows one address to send from; SES asks for recipients that are identities of the account too.',
  );
}

/** Whether the address may send, and to whom, as `keyturn doctor` asks. */
export function allowLookingAtSending(fn: NodeFunction<unknown>): void {
  fn.allow({
    actions: [
      'ses:DescribeConfigurationSet',
      'ses:GetAccountSendingEnabled',
      'ses:GetIdentityVerificationAttributes',
      'ses:GetSendQuota',
    ],
    resources: ['*'],
  });
  fn.acknowledge('AwsSolutions-IAM5[Resource::*]', 'What is asked of the account has no resource to name.');
}
