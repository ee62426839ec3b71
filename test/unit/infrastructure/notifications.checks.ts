/** Mail to owners: what is refused, what the functions are told, and that they may send from one address alone. */
import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import { InvalidConfiguration, type NotificationsConfig } from '../../../lib/index.ts';
import { arnOf, type Statement, statementsOf } from '../../support/statements.ts';
import { bench, deployedTemplate, restApi } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const untyped = (value: unknown) => value as never;
const SENDERS = ['KeysAdmin', 'KeysWorkflowSteps'];

function templateWith(notifications: NotificationsConfig): Template {
  const own = bench({ notifications });
  own.keys.protectRestApi(restApi(own.stack, own.backend).api);
  return Template.fromStack(own.stack);
}

const settingsIn = (template: Template, fn: string): DeliverySettings =>
  JSON.parse(plain(environmentOf(template, fn)['DELIVERY']));

const SES = 'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>';

const mailing = (template: Template, prefix = '') =>
  statementsOf(template, prefix).filter(({ actions }) => actions.some((action) => action.startsWith('ses:')));

const isSending = ({ actions }: Statement) => actions.includes('ses:SendRawEmail');

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
      'a variable in the footer that is not known',
      { from: 'keys@acme.dev', footer: 'For {{secret}}' },
      /notifications\.footer has a variable '\{\{secret\}\}' that is not known/,
      /\{\{keyId\}\}, \{\{keyName\}\}, \{\{owner\}\}/,
    ],
    [
      'a variable in the footer that does not end',
      { from: 'keys@acme.dev', footer: 'For {{keyId' },
      /'For \{\{keyId' has braces that open or close no variable/,
      /\{\{keyId\}\}/,
    ],
    ['a footer of nothing', { from: 'keys@acme.dev', footer: ' ' }, /footer ' ' is empty/, /1 to 500/],
    [
      'a footer of two lines',
      { from: 'keys@acme.dev', footer: 'a\nb' },
      /footer holds control characters or line breaks/,
      /one line/,
    ],
    [
      'a footer that is told when the template is written',
      { from: 'keys@acme.dev', footer: Lazy.string({ produce: () => 'x' }) },
      /notifications\.footer is not known when the stack is synthesized/,
      /as text/,
    ],
    [
      'a setting that is not known',
      untyped({ from: 'keys@acme.dev', cc: 'x' }),
      /no setting 'cc'/,
      /from, replyTo, footer/,
    ],
  ])('is refused with %s', (_what, notifications, wrong, mend) => {
    const act = () => bench({ notifications });
    expect(act).toThrow(InvalidConfiguration);
    expect(act).toThrow(wrong);
    expect(act).toThrow(mend);
  });

  it('is told to the functions that deliver and to the outbox, which alone may send, and only as that address', () => {
    const notifications = { from: 'keys@acme.dev', replyTo: 'help@acme.dev' };
    const template = templateWith(notifications);
    for (const fn of SENDERS) {
      const set = `<${only(template, 'AWS::SES::ConfigurationSet').id}>`;
      expect(settingsIn(template, fn).mail).toEqual({ ...notifications, configurationSet: set });
      expect(mailing(template, fn).filter(isSending)).toEqual([
        {
          actions: ['ses:SendRawEmail'],
          resources: [`${SES}:configuration-set/${set}`, `${SES}:identity/*`],
          conditions: { StringEquals: { 'ses:FromAddress': 'keys@acme.dev' } },
        },
      ]);
    }
    const set = `<${only(template, 'AWS::SES::ConfigurationSet').id}>`;
    const told = JSON.parse(plain(environmentOf(template, 'KeysOutbox')['NOTIFY']));
    expect(told).toMatchObject({
      mail: { ...notifications, configurationSet: set, words: expect.anything() },
      securityTopic: `<${only(template, 'AWS::SNS::Topic', 'KeysSecurity').id}>`,
    });
    expect(mailing(template, 'KeysOutbox')).toEqual(mailing(template, 'KeysAdmin').filter(isSending));
    expect(mailing(template)).toHaveLength(SENDERS.length + 2);
  });

  it('is kept from addresses that it comes back from: the sender may see which these are', () => {
    const own = templateWith({ from: 'keys@acme.dev' });
    expect(statementsOf(own, 'KeysOutboxFn')).toContainEqual({
      actions: ['dynamodb:GetItem'],
      resources: [arnOf(own, 'AWS::DynamoDB::Table', 'Keys')],
      conditions: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': ['MAIL#*'],
          'dynamodb:Attributes': ['pk', 'sk', 'mailBlock'],
        },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
  });

  it('is looked at by operators’ commands alone', () => {
    const looking = mailing(templateWith({ from: 'keys@acme.dev' }), 'KeysAdmin').filter(
      (statement) => !isSending(statement),
    );
    expect(looking).toEqual([
      {
        actions: [
          'ses:DescribeConfigurationSet',
          'ses:GetAccountSendingEnabled',
          'ses:GetIdentityVerificationAttributes',
          'ses:GetSendQuota',
        ],
        resources: ['*'],
      },
    ]);
  });

  it('is not sent where nothing is said of it: nobody may', () => {
    expect(settingsIn(deployedTemplate(), 'KeysAdmin')).not.toHaveProperty('mail');
    expect(mailing(deployedTemplate())).toEqual([]);
    for (const type of ['EmailIdentity', 'ConfigurationSet', 'ConfigurationSetEventDestination']) {
      expect(resources(deployedTemplate(), `AWS::SES::${type}`)).toEqual([]);
    }
  });
});

describe('what stands in mails beside their words', () => {
  const footer = 'Help with {{keyId}}: help@acme.dev';
  const template = templateWith({ from: 'keys@acme.dev', footer });
  const secret = `<${only(template, 'AWS::SecretsManager::Secret', 'KeysRenewal').id}>`;
  const table = `<${only(template, 'AWS::DynamoDB::Table').id}.Arn>`;
  const owners = (fn: string) =>
    statementsOf(template, fn).filter(
      ({ conditions, resources: of }) => /OWNER#/.test(JSON.stringify(conditions)) || of.includes(secret),
    );

  it('is told to the outbox: the footer, where to unsubscribe, and under which secret', () => {
    const { mail } = JSON.parse(plain(environmentOf(template, 'KeysOutbox')['NOTIFY']));
    expect(mail.words).toEqual({
      footer,
      apiUrl: expect.stringMatching(/^https:.*\/keys$/),
      linkSecretId: secret,
    });
  });

  it('is told to the functions that mail claim links as far as they need it: the footer', () => {
    for (const fn of SENDERS) {
      expect(settingsIn(template, fn).mail).toMatchObject({ footer });
      expect(settingsIn(template, fn).mail).not.toHaveProperty('words');
    }
  });

  it.each(SENDERS)('%s may read how owners want their mails', (fn) => {
    const reading = statementsOf(template, fn).filter(
      ({ actions, resources: of, conditions }) =>
        actions.includes('dynamodb:GetItem') && of.includes(table) && conditions === undefined,
    );
    expect(reading).not.toEqual([]);
  });

  it('is read there, and changed by the unsubscribe page, which reaches no key', () => {
    const reads = {
      actions: ['dynamodb:GetItem'],
      resources: [table],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OWNER#*'] } },
    };
    const secretRead = { actions: ['secretsmanager:GetSecretValue'], resources: [secret] };
    expect(owners('KeysOutbox')).toEqual([reads, secretRead]);
    const all = statementsOf(template, 'KeysUnsubscribe').flatMap(({ actions }) => actions);
    expect(all.filter((action) => action.startsWith('dynamodb:'))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ]);
    expect(owners('KeysUnsubscribe')).toEqual([
      reads,
      {
        actions: ['dynamodb:PutItem'],
        resources: [table],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['OWNER#*', 'CHAIN#owner/*'] },
        },
      },
      secretRead,
    ]);
    expect(JSON.stringify(environmentOf(template, 'KeysUnsubscribe'))).not.toMatch(/Seal|Pepper/);
  });

  it('has no page where no mail is sent', () => {
    expect(resources(deployedTemplate(), 'AWS::Lambda::Function', 'KeysUnsubscribe')).toEqual([]);
  });
});

describe('what becomes of mail', () => {
  const template = templateWith({ from: 'keys@acme.dev' });
  const configurationSet = only(template, 'AWS::SES::ConfigurationSet');
  const topic = only(template, 'AWS::SNS::Topic', 'KeysMailEvents');
  const fromTheSet = { 'AWS:SourceArn': `${SES}:configuration-set/<${configurationSet.id}>` };

  const policyOf = (type: string, prefix: string): Record<string, unknown>[] => {
    const { properties } = only(template, type, prefix);
    const document = properties['PolicyDocument'] ?? properties['KeyPolicy'];
    return (document as { Statement: Record<string, unknown>[] }).Statement;
  };

  it('is told by SES to the topic: all but opens and clicks, which nobody follows', () => {
    const { properties } = only(template, 'AWS::SES::ConfigurationSetEventDestination');
    expect(properties).toEqual({
      ConfigurationSetName: { Ref: configurationSet.id },
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: [
          'send',
          'delivery',
          'deliveryDelay',
          'bounce',
          'complaint',
          'reject',
          'renderingFailure',
        ],
        SnsDestination: { TopicARN: { Ref: topic.id } },
      },
    });
    expect(configurationSet.properties).toEqual({
      ReputationOptions: { ReputationMetricsEnabled: true },
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
    });
  });

  it('is told by this configuration set of this account alone, over TLS', () => {
    const statements = policyOf('AWS::SNS::TopicPolicy', 'KeysMailEvents');
    const publishing = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(publishing).toHaveLength(1);
    const [{ Condition, ...rest } = {}] = publishing;
    expect(rest).toMatchObject({ Action: 'sns:Publish', Principal: { Service: 'ses.amazonaws.com' } });
    const { StringEquals } = Condition as { StringEquals: Record<string, unknown> };
    expect(
      Object.fromEntries(Object.entries(StringEquals).map(([name, value]) => [name, plain(value)])),
    ).toEqual({
      'AWS:SourceAccount': '<AWS::AccountId>',
      ...fromTheSet,
    });
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('lies encrypted under a key that SES may use, and that turns', () => {
    const key = only(template, 'AWS::KMS::Key', 'KeysMailEvents');
    expect(topic.properties['KmsMasterKeyId']).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    expect(key.properties['EnableKeyRotation']).toBe(true);
    expect(policyOf('AWS::KMS::Key', 'KeysMailEvents')).toContainEqual({
      Sid: 'EventsOfMail',
      Effect: 'Allow',
      Principal: { Service: 'ses.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    });
  });

  const queue = only(template, 'AWS::SQS::Queue', 'KeysMailEvents');
  const queueArn = `<${queue.id}.Arn>`;

  it('waits in a queue for the function, and comes again until it is on record', () => {
    expect(only(template, 'AWS::SNS::Subscription', 'KeysMailEvents').properties).toEqual({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      TopicArn: { Ref: topic.id },
      Endpoint: { 'Fn::GetAtt': [queue.id, 'Arn'] },
    });
    expect(queue.properties).toEqual({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
      VisibilityTimeout: 180,
    });
    expect(only(template, 'AWS::Lambda::EventSourceMapping', 'KeysMailEvents').properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      FunctionName: { Ref: only(template, 'AWS::Lambda::Function', 'KeysMailEvents').id },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('is put on record by a function that reaches keys, addresses and notices alone, and sends nothing', () => {
    const table = arnOf(template, 'AWS::DynamoDB::Table', 'Keys');
    const logs = arnOf(template, 'AWS::Logs::LogGroup', 'KeysMailEvents');
    const dataKey = arnOf(template, 'AWS::KMS::Key', 'KeysStoreDataKey');
    const statements = statementsOf(template, 'KeysMailEvents');
    expect(statements.map(({ resources: on }) => on.join())).toEqual([
      logs,
      table,
      table,
      table,
      dataKey,
      queueArn,
    ]);
    expect(statements[1]).toEqual({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [table],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['KEY#*', 'MAIL#*'] } },
    });
    const webhooks = { 'dynamodb:LeadingKeys': ['WEBHOOK#*'] };
    expect(statements[2]).toMatchObject({
      actions: ['dynamodb:GetItem'],
      conditions: {
        'ForAllValues:StringLike': {
          ...webhooks,
          'dynamodb:Attributes': ['pk', 'sk', 'notice', 'state'],
        },
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    });
    expect(statements[3]).toMatchObject({
      actions: ['dynamodb:UpdateItem'],
      conditions: {
        'ForAllValues:StringLike': {
          ...webhooks,
          'dynamodb:Attributes': ['pk', 'sk', 'state', 'noticePk', 'noticeSk', 'ttl'],
        },
      },
    });
    expect(environmentOf(template, 'KeysMailEvents')).toEqual({ TABLE_NAME: { Ref: table.slice(1, -5) } });
  });
});
