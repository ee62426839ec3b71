/** Whether Amazon SES lets the deployment's address send, and to whom. */
import {
  ConfigurationSetDoesNotExistException,
  DescribeConfigurationSetCommand,
  GetAccountSendingEnabledCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  type SESClient,
} from '@aws-sdk/client-ses';
import type { MailServiceReader, MailStanding } from '../../core/ports/mail-standing.ts';
import type { MailSettings } from './ses-mailer.ts';

/** What an account has in the sandbox, in each Region, and no other account: 200 mails a day, one a second. */
const SANDBOX = { perDay: 200, perSecond: 1 };

export class SesStanding implements MailServiceReader {
  readonly #client: SESClient;
  readonly #settings: MailSettings;

  constructor(client: SESClient, settings: MailSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  async standing(): Promise<MailStanding> {
    const [verifiedBy, quota, sendingEnabled, hasConfigurationSet] = await Promise.all([
      this.#verifiedBy(),
      this.#client.send(new GetSendQuotaCommand({})),
      this.#sendingEnabled(),
      this.#hasConfigurationSet(),
    ]);
    const { Max24HourSend = 0, MaxSendRate = 0, SentLast24Hours = 0 } = quota;
    return {
      ...(verifiedBy === undefined ? {} : { verifiedBy }),
      sandbox: Max24HourSend === SANDBOX.perDay && MaxSendRate === SANDBOX.perSecond,
      sendingEnabled,
      hasConfigurationSet,
      // -1 says that there is no limit.
      ...(Max24HourSend < 0 ? {} : { dailyQuota: Max24HourSend }),
      sentToday: SentLast24Hours,
    };
  }

  async #verifiedBy(): Promise<string | undefined> {
    const Identities = identitiesOf(this.#settings.from);
    const { VerificationAttributes = {} } = await this.#client.send(
      new GetIdentityVerificationAttributesCommand({ Identities }),
    );
    return Identities.find((name) => VerificationAttributes[name]?.VerificationStatus === 'Success');
  }

  async #sendingEnabled(): Promise<boolean> {
    const { Enabled } = await this.#client.send(new GetAccountSendingEnabledCommand({}));
    return Enabled === true;
  }

  async #hasConfigurationSet(): Promise<boolean> {
    const ConfigurationSetName = this.#settings.configurationSet;
    try {
      await this.#client.send(new DescribeConfigurationSetCommand({ ConfigurationSetName }));
      return true;
    } catch (error) {
      if (error instanceof ConfigurationSetDoesNotExistException) return false;
      throw error;
    }
  }
}

/** The address, its domain, and the domains above that: any of them may be verified. */
export function identitiesOf(address: string): string[] {
  const labels = (address.split('@')[1] ?? '').split('.');
  const domains = labels.slice(0, -1).map((_, from) => labels.slice(from).join('.'));
  return [address, ...domains];
}
