/** What those may do who watch, put on record, prove and tell what happens to keys. */
import { describe, expect, it } from 'vitest';
import { partitionOfChain } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { TOLD_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/pepper-fault-item.ts';
import { arnOf, statementsOf } from '../../support/statements.ts';
import { only } from '../../support/template.ts';
import { dataKey, logs, SEALING_WEBHOOKS, TABLE, template } from './roles-of-the-stack.ts';

const OPENING_WEBHOOKS = { ...SEALING_WEBHOOKS, actions: ['kms:Decrypt'] };

describe('the role of the digest', () => {
  it('reads events and where they end, writes the audit’s own chain, adds objects, signs, and can do nothing else', () => {
    const bucket = arnOf(template, 'AWS::S3::Bucket', 'KeysAuditTrail');
    const signingKey = arnOf(template, 'AWS::KMS::Key', 'KeysAuditTrail');
    const filed = ['auditDayPk', 'auditTimeSk', 'auditOwnerPk', 'auditActorPk', 'auditKindPk'];
    const attributes = { 'dynamodb:Attributes': ['pk', 'sk', 'event', 'audit', ...filed] };
    const reading = (...partitions: string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions, ...attributes },
    });
    expect(statementsOf(template, 'KeysAuditTrailFn')).toEqual([
      logs('KeysAuditTrail'),
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: {
          ...reading('KEY#*', 'PEPPER', 'CHAIN#*'),
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      { actions: ['dynamodb:BatchGetItem'], resources: [TABLE], conditions: reading('KEY#*') },
      { actions: ['dynamodb:Query', 'dynamodb:Scan'], resources: [`${TABLE}/index/auditByTime`] },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CHAIN#audit'] } },
      },
      dataKey,
      { actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [signingKey] },
      { actions: ['s3:ListBucketVersions'], resources: [bucket] },
      {
        actions: ['s3:GetObjectVersion', 's3:PutObject'],
        resources: ['digests', 'heads', 'moved'].map((kind) => `${bucket}/${kind}/*`),
      },
    ]);
  });
});

describe('the role of the observer', () => {
  it('reads counters and the index of rotations, tells the bus, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysObserverFn')).toEqual([
      logs('KeysObserver'),
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['KEY#*'],
            'dynamodb:Attributes': ['pk', 'sk', 'version', 'lastUsedAtMs', 'minute_*'],
          },
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/byRotation`] },
      dataKey,
      {
        actions: ['events:PutEvents'],
        resources: [arnOf(template, 'AWS::Events::EventBus', 'KeysObserver')],
      },
      {
        actions: ['lambda:InvokeFunction'],
        resources: [arnOf(template, 'AWS::Lambda::Function', 'KeysWatch')],
      },
    ]);
  });
});

describe('the role of who puts on record what others see', () => {
  const leading = (...keys: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } });

  it('reads counters of wrong keys and troubles with the pepper, writes keys and two chains, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysWatchFn')).toEqual([
      logs('KeysWatch'),
      {
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: leading('KEY#*'),
      },
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: leading('CHAIN#wrong-keys', 'FAULTS', 'PEPPER', 'WRONG#*'),
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: leading('CHAIN#wrong-keys', 'KEY#*', 'PEPPER', 'WRONG#*'),
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['FAULTS'],
            'dynamodb:Attributes': ['pk', 'sk', ...Object.values(TOLD_ATTRIBUTES)],
          },
        },
      },
      dataKey,
    ]);
    expect(partitionOfChain('wrong-keys')).toBe('CHAIN#wrong-keys');
  });
});

describe('the role of who tells of events', () => {
  it('reads the stream and which webhooks there are, tells the bus and the outbox, has uses put on record, says what was given up on, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysPublishingFn')).toEqual([
      logs('KeysPublishing'),
      {
        actions: ['events:PutEvents'],
        resources: [arnOf(template, 'AWS::Events::EventBus', 'KeysObserver')],
      },
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['WEBHOOKS'] } },
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['WEBHOOK#*'] } },
      },
      dataKey,
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ALERT#*'] } },
      },
      {
        actions: ['lambda:InvokeFunction'],
        resources: [arnOf(template, 'AWS::Lambda::Function', 'KeysWatch')],
      },
      {
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [TABLE.replace('.Arn', '.StreamArn')],
      },
      { actions: ['dynamodb:ListStreams'], resources: [`${TABLE}/stream/*`] },
      { actions: ['sqs:SendMessage'], resources: [arnOf(template, 'AWS::SQS::Queue', 'KeysPublishing')] },
    ]);
  });
});

describe('the role of who sends notices', () => {
  it('reads and settles notices alone, finds those that are due, and can do nothing else', () => {
    const partitions = { 'dynamodb:LeadingKeys': ['KEY#*', 'WEBHOOK#*', 'ALERT#*'] };
    const of = (attributes: string[]) => ({
      'ForAllValues:StringLike': { ...partitions, 'dynamodb:Attributes': attributes },
    });
    const webhooks = (partitions: string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    });
    expect(statementsOf(template, 'KeysOutboxFn')).toEqual([
      logs('KeysOutbox'),
      {
        actions: ['dynamodb:GetItem'],
        resources: [TABLE],
        conditions: {
          ...of(['pk', 'sk', 'notice', 'state']),
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: of(['pk', 'sk', 'state', 'noticePk', 'noticeSk', 'ttl']),
      },
      { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/byNotice`] },
      dataKey,
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [TABLE],
        conditions: webhooks(['WEBHOOKS', 'WEBHOOK#*', 'CHAIN#webhook/*']),
      },
      { actions: ['dynamodb:UpdateItem'], resources: [TABLE], conditions: webhooks(['WEBHOOK#*']) },
      OPENING_WEBHOOKS,
      {
        actions: ['sns:Publish'],
        resources: [`<${only(template, 'AWS::SNS::Topic', 'KeysSecurity').id}>`],
      },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [arnOf(template, 'AWS::KMS::Key', 'KeysSecurity')],
        conditions: { StringEquals: { 'kms:ViaService': expect.anything() } },
      },
      {
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [TABLE.replace('.Arn', '.StreamArn')],
      },
      { actions: ['dynamodb:ListStreams'], resources: [`${TABLE}/stream/*`] },
    ]);
  });
});
