/** Mail to owners: the settings, and what is refused. */
import { Token } from 'aws-cdk-lib';
import { isEnvelopeAddress } from '../rules/envelope-address.ts';
import { parseFooter } from '../rules/mail-footer.ts';
import { InvalidConfiguration, refuseUnknownSettings, valid } from './invalid-configuration.ts';

export interface NotificationsConfig {
  /** Verified in Amazon SES, or of a domain that is, in the stack's Region. */
  readonly from: string;
  /** Default: answers go to the sender. */
  readonly replyTo?: string;
  /** Words below each mail, with the variables `{{keyId}}`, `{{keyName}}` and `{{owner}}`. Default: none. */
  readonly footer?: string;
}

export function resolveNotifications(config: NotificationsConfig): NotificationsConfig {
  refuseUnknownSettings('notifications', config, ['from', 'replyTo', 'footer']);
  const from = checkedAddress('from', config.from);
  const { replyTo, footer } = config;
  return {
    from,
    ...(replyTo === undefined ? {} : { replyTo: checkedAddress('replyTo', replyTo) }),
    ...(footer === undefined ? {} : { footer: checkedFooter(footer) }),
  };
}

function checkedFooter(footer: unknown): string {
  if (!Token.isUnresolved(footer)) return valid(parseFooter(footer, 'notifications.footer'));
  throw new InvalidConfiguration(
    'notifications.footer is not known when the stack is synthesized.',
    'Write it as text, so that its variables can be checked.',
  );
}

/** A policy compares what is sent with it: so no name stands beside it. */
function checkedAddress(name: string, address: unknown): string {
  if (!Token.isUnresolved(address) && isEnvelopeAddress(address)) return address;
  const shown = Token.isUnresolved(address)
    ? 'is not known when the stack is synthesized'
    : 'is no mail address';
  throw new InvalidConfiguration(
    `notifications.${name} '${String(address)}' ${shown}.`,
    'Write one such as keys@acme.dev: of ASCII characters, without a name beside it.',
  );
}
