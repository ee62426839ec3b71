/** Webhooks: what is refused at synth, what is said of, and what the functions are told. */
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import type { WebhookSettings } from '../../../lambdas/functions/webhooks.ts';
import { InvalidConfiguration, type WebhooksConfig } from '../../../lib/index.ts';
import { newAuthority } from '../../support/certificates.ts';
import { bench, keyturnTemplate, restApi } from '../../support/synth.ts';
import { environmentOf } from '../../support/template.ts';

const untyped = (value: unknown) => value as never;
const { cert } = newAuthority();
const WARNING = Match.stringLikeRegexp('private addresses and any port');

const toldOf = (webhooks?: WebhooksConfig): WebhookSettings =>
  JSON.parse(
    String(environmentOf(keyturnTemplate({ keys: webhooks ? { webhooks } : {} }), 'KeysAdmin')['WEBHOOKS']),
  );

it('webhooks call public addresses alone, with certificates of public authorities, unless they are told otherwise', () => {
  expect(toldOf()).toEqual({ allowPrivateAddresses: false });
  expect(toldOf({ allowPrivateAddresses: true, certificateAuthorities: [cert] })).toEqual({
    allowPrivateAddresses: true,
    certificateAuthorities: [cert],
  });
});

it('webhooks that may call private addresses are warned of at each synthesis, and others are not', () => {
  const saidOf = (webhooks: WebhooksConfig) => {
    const own = bench({ webhooks });
    own.keys.protectRestApi(restApi(own.stack, own.backend).api);
    return Annotations.fromStack(own.stack);
  };
  saidOf({ allowPrivateAddresses: true }).hasWarning('*', WARNING);
  saidOf({ certificateAuthorities: [cert] }).hasNoWarning('*', WARNING);
});

it.each<[string, WebhooksConfig, RegExp]>([
  ['an unknown setting', untyped({ ports: [22] }), /webhooks has no setting 'ports'.*allowPrivateAddresses/],
  [
    'a text for a flag',
    { allowPrivateAddresses: untyped('false') },
    /allowPrivateAddresses 'false' is neither/,
  ],
  ['what is no certificate', { certificateAuthorities: ['PEM'] }, /no certificate in PEM.*BEGIN CERTIFICATE/],
  [
    'too many',
    { certificateAuthorities: [cert, cert, cert, cert] },
    /characters long together, more than 1500/,
  ],
])('webhooks refuse %s', (_what, webhooks, message) => {
  expect(() => bench({ webhooks })).toThrow(InvalidConfiguration);
  expect(() => bench({ webhooks })).toThrow(message);
});
