/** Mail to owners: the settings, and what is refused. */
import { Token } from 'aws-cdk-lib';
import { isEnvelopeAddress } from '../rules/envelope-address.ts';
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface NotificationsConfig {
  /** Verified in Amazon SES, or of a domain that is, in the stack's Region. */
  readonly from: string;
  /** Default: answers go to the sender. */
  readonly replyTo?: string;
}

export function resolveNotifications(config: NotificationsConfig): NotificationsConfig {
  refuseUnknownSettings('notifications', config, ['from', 'replyTo']);
  const from = checkedAddress('from', config.from);
  return config.replyTo === undefined
    ? { from }
    : { from, replyTo: checkedAddress('replyTo', config.replyTo) };
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
