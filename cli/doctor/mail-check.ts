/** Whether owners can be sent mail: the sender, the account, the configuration set. */
import type { MailStatusView } from '../../lambdas/functions/admin/mail-contract.ts';
import { CliError } from '../exit.ts';

/** @throws CliError for the first thing that keeps mail from an owner */
export function checkMail(mail: MailStatusView | null): string {
  if (!mail) return 'none is sent: the stack has no notifications.from';
  const trouble = troubleOf(mail);
  if (trouble) throw trouble;
  const { from, verifiedBy, dailyQuota, sentToday } = mail;
  const of = verifiedBy === from ? '' : `, by ${verifiedBy}`;
  const quota = dailyQuota === null ? '' : `; ${sentToday} of ${dailyQuota} mails in the last 24 hours`;
  return `${from} is verified${of}${quota}`;
}

function troubleOf(mail: MailStatusView): CliError | undefined {
  const { from, configurationSet, verifiedBy, sandbox, sendingEnabled, hasConfigurationSet } = mail;
  if (verifiedBy === null) {
    return new CliError(
      'sender-unverified',
      `${from} is not verified in Amazon SES, nor is a domain of it`,
      "Verify the address or its domain in Amazon SES, in the stack's Region.",
    );
  }
  if (!sendingEnabled) {
    return new CliError(
      'sending-paused',
      'Amazon SES has paused sending for this account',
      'See its reputation page in Amazon SES, mend what it says, and resume sending there.',
    );
  }
  if (!hasConfigurationSet) {
    return new CliError(
      'configuration-set-missing',
      `the configuration set ${configurationSet} does not exist: nothing can be sent`,
      'Somebody has deleted it: create one of this name in Amazon SES, then deploy the stack again.',
    );
  }
  return sandbox
    ? new CliError(
        'ses-sandbox',
        `${from} is verified, but Amazon SES is in its sandbox: it sends to verified addresses only, 200 mails a day`,
        'Ask AWS for production access in Amazon SES; to try it out, verify the addresses of owners too.',
      )
    : undefined;
}
