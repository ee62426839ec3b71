/** Webhooks: the settings, and what is refused. */
import { X509Certificate } from 'node:crypto';
import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { WebhookSettings } from '../lambdas/functions/webhooks.ts';
import { checkedFlag } from './flag.ts';
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface WebhooksConfig {
  /** Whether receivers may be in private networks and on loopback, and at any port. Default: `false`. */
  readonly allowPrivateAddresses?: boolean;
  /** PEM of authorities that sign receivers' certificates. Default: those that Node.js trusts; these come beside them. */
  readonly certificateAuthorities?: readonly string[];
}

/** All environment variables of a function have 4 KB together. */
const LONGEST_AUTHORITIES = 1_500;

export function resolveWebhooks(config: WebhooksConfig): WebhookSettings {
  refuseUnknownSettings('webhooks', config, ['allowPrivateAddresses', 'certificateAuthorities']);
  const allow = config.allowPrivateAddresses ?? false;
  const authorities = config.certificateAuthorities ?? [];
  return {
    allowPrivateAddresses: checkedFlag('webhooks.allowPrivateAddresses', allow),
    ...(authorities.length === 0 ? {} : { certificateAuthorities: checkedAuthorities(authorities) }),
  };
}

/** Whoever may add a webhook can then have requests sent into the deployment's own network: that is said at each synthesis. */
export function warnOfPrivateAddresses(scope: Construct, { allowPrivateAddresses }: WebhookSettings): void {
  if (!allowPrivateAddresses) return;
  Annotations.of(scope).addWarningV2(
    'keyturn:webhooks-private-addresses',
    'webhooks.allowPrivateAddresses lets webhooks call private addresses and any port: whoever may add one can have requests sent there. Leave it out unless receivers are inside.',
  );
}

function checkedAuthorities(authorities: readonly string[]): readonly string[] {
  const length = authorities.join('').length;
  if (length > LONGEST_AUTHORITIES) {
    throw new InvalidConfiguration(
      `webhooks.certificateAuthorities are ${length} characters long together, more than ${LONGEST_AUTHORITIES}.`,
      'Give the certificates of the authorities themselves, not bundles; those on elliptic curves are short.',
    );
  }
  for (const pem of authorities) {
    try {
      new X509Certificate(pem);
    } catch {
      throw new InvalidConfiguration(
        'webhooks.certificateAuthorities holds what is no certificate in PEM.',
        'Give texts from -----BEGIN CERTIFICATE----- to the end line.',
      );
    }
  }
  return authorities;
}
