/** Mail to owners: what is refused, what the functions are told, and that they may send from one address alone. */
import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import { InvalidConfiguration, type NotificationsConfig } from '../../../lib/index.ts';
import { statementsOf } from '../../support/statements.ts';
import { bench, deployedTemplate, restApi } from '../../support/synth.ts';
import { environmentOf, plain, resources } from '../../support/template.ts';

const untyped = (value: unknown) => value as never;
const SENDERS = ['KeysAdmin', 'KeysWorkflowSteps'];

function templateWith(notifications: NotificationsConfig): Template {
  const own = bench({ notifications });
  own.keys.protectRestApi(restApi(own.stack, own.backend).api);
  return Template.fromStack(own.stack);
}

const settingsIn = (template: Template, fn: string): DeliverySettings =>
  JSON.parse(plain(environmentOf(template, fn)['DELIVERY']));

const mailing = (template: Template, prefix = '') =>
  statementsOf(template, prefix).filter(({ actions }) => actions.some((action) => action.startsWith('ses:')));

describe('mail to owners', () => {
  it.each<[string, NotificationsConfig, RegExp, RegExp]>([
    ['nothing', { from: '' }, /notifications\.from '' is no mail address/, /keys@acme\.dev/],
    ['no from', untyped({}), /notifications\.from 'undefined' is no mail address/, /keys@acme\.dev/],
    [
      'a name beside it',
      { from: 'Keys <keys@acme.dev>' },
      /from 'Keys <keys@acme\.dev>' is no/,
      /without a name/,
    ],
    ['no domain', { from: 'keys' }, /from 'keys' is no mail address/, /keys@acme\.dev/],
    ['a domain of one word', { from: 'keys@localhost' }, /'keys@localhost' is no/, /keys@acme\.dev/],
    ['characters beyond ASCII', { from: 'schlüssel@acme.dev' }, /'schlüssel@acme\.dev' is no/, /ASCII/],
    ['a line break', { from: 'keys@acme.dev\nx' }, /is no mail address/, /keys@acme\.dev/],
    ['a wildcard', { from: '*@acme.dev\u0000' }, /is no mail address/, /keys@acme\.dev/],
    [
      'what is told when the template is written',
      { from: Lazy.string({ produce: () => 'keys@acme.dev' }) },
      /is not known when the stack is synthesized/,
      /keys@acme\.dev/,
    ],
    [
      'a bad address for answers',
      { from: 'keys@acme.dev', replyTo: 'help' },
      /notifications\.replyTo 'help' is no/,
      /keys@acme\.dev/,
    ],
    [
      'a setting that is not known',
      untyped({ from: 'keys@acme.dev', cc: 'x' }),
      /no setting 'cc'/,
      /from, replyTo/,
    ],
  ])('is refused with %s', (_what, notifications, wrong, mend) => {
    const act = () => bench({ notifications });
    expect(act).toThrow(InvalidConfiguration);
    expect(act).toThrow(wrong);
    expect(act).toThrow(mend);
  });

  it('is told to the functions that deliver, which alone may send, and only as that address', () => {
    const notifications = { from: 'keys@acme.dev', replyTo: 'help@acme.dev' };
    const template = templateWith(notifications);
    for (const fn of SENDERS) {
      expect(settingsIn(template, fn).mail).toEqual(notifications);
      expect(mailing(template, fn)).toEqual([
        {
          actions: ['ses:SendEmail'],
          resources: ['arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*'],
          conditions: { StringEquals: { 'ses:FromAddress': 'keys@acme.dev' } },
        },
      ]);
    }
    expect(mailing(template)).toHaveLength(SENDERS.length);
  });

  it('is not sent where nothing is said of it: nobody may', () => {
    expect(settingsIn(deployedTemplate(), 'KeysAdmin')).not.toHaveProperty('mail');
    expect(mailing(deployedTemplate())).toEqual([]);
    expect(resources(deployedTemplate(), 'AWS::SES::EmailIdentity')).toEqual([]);
  });
});
