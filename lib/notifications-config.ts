/** Mail to owners: the settings, and what is refused. */
import { Token } from 'aws-cdk-lib';
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface NotificationsConfig {
  /** Verified in Amazon SES, or of a domain that is, in the stack's Region. */
  readonly from: string;
  /** Default: answers go to the sender. */
  readonly replyTo?: string;
}

/** SES takes ASCII alone, and no name beside the address: what the policy compares must be what is sent. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,190}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;

export function resolveNotifications(config: NotificationsConfig): NotificationsConfig {
  refuseUnknownSettings('notifications', config, ['from', 'replyTo']);
  const from = checkedAddress('from', config.from);
  return config.replyTo === undefined
    ? { from }
    : { from, replyTo: checkedAddress('replyTo', config.replyTo) };
}

function checkedAddress(name: string, address: unknown): string {
  if (typeof address === 'string' && !Token.isUnresolved(address) && ADDRESS.test(address)) return address;
  const shown = Token.isUnresolved(address)
    ? 'is not known when the stack is synthesized'
    : 'is no mail address';
  throw new InvalidConfiguration(
    `notifications.${name} '${String(address)}' ${shown}.`,
    'Write one such as keys@acme.dev: of ASCII characters, without a name beside it.',
  );
}
