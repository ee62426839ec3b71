/** The topic of security alerts: encrypted, and for this stack and its alarms alone to publish to. */
import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { bench, deployedTemplate, keyturnTemplate, newApp } from '../../support/synth.ts';
import { type Json, only, resources } from '../../support/template.ts';

const template = deployedTemplate();
const topic = only(template, 'AWS::SNS::Topic', 'KeysSecurity');
const key = only(template, 'AWS::KMS::Key', 'KeysSecurityKey');

describe('the security topic', () => {
  it('is encrypted under a key of its own, and named by an output', () => {
    expect(topic.properties['KmsMasterKeyId']).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    expect(template.toJSON()['Outputs']['SecurityTopicArn']).toEqual({ Value: { Ref: topic.id } });
  });

  it('lets CloudWatch publish for alarms of this account, by its policy and by that of its key', () => {
    const ofAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const alarms = (statements: readonly Json[]) => statements.find(({ Sid }) => Sid === 'Alarms');
    const { PolicyDocument } = only(template, 'AWS::SNS::TopicPolicy', 'KeysSecurity').properties;
    expect(alarms((PolicyDocument as { Statement: Json[] }).Statement)).toMatchObject({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: { Ref: topic.id },
      Condition: ofAccount,
    });
    const { Statement } = key.properties['KeyPolicy'] as { Statement: Json[] };
    expect(alarms(Statement)).toMatchObject({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: ofAccount,
    });
  });

  it('takes nothing that comes without TLS', () => {
    const { PolicyDocument } = only(template, 'AWS::SNS::TopicPolicy', 'KeysSecurity').properties;
    expect((PolicyDocument as { Statement: Json[] }).Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('may be one that exists: then there is none, and no key', () => {
    const app = newApp();
    const own = new Topic(new Stack(app, 'OnCall'), 'Topic');
    const keys = keyturnTemplate({ keys: { securityTopic: own } }, app);
    expect(resources(keys, 'AWS::SNS::Topic')).toEqual([]);
    expect(resources(keys, 'AWS::KMS::Key', 'KeysSecurity')).toEqual([]);
    expect(JSON.stringify(keys.toJSON()['Outputs']['SecurityTopicArn'])).toContain('OnCall');
  });

  it('is refused where CloudWatch could not publish to it', () => {
    const app = newApp();
    const fifo = new Topic(new Stack(app, 'OnCall'), 'Topic', { fifo: true });
    expect(() => bench({ securityTopic: fifo }, app)).toThrow("securityTopic 'OnCall/Topic' is a FIFO topic");
  });

  it.each<[string, object, string]>([
    [
      'a window that is too short',
      { window: 'PT30S' },
      "wrongKeys.window 'PT30S' is out of range. Give PT1M to PT1H.",
    ],
    ['a window that is too long', { window: 'P1D' }, "wrongKeys.window 'P1D' is out of range."],
    ['a window that is none', { window: '5 minutes' }, "wrongKeys.window '5 minutes'"],
    ['a surge of none', { surge: 0 }, "wrongKeys.surge '0' is no count. Give a whole number from 1 on."],
    ['a surge that is no number', { surge: 'many' }, "wrongKeys.surge 'many' is no count."],
    ['an unknown setting', { threshold: 5 }, 'threshold'],
  ])('refuses %s', (_what, wrongKeys, message) => {
    expect(() => bench({ wrongKeys })).toThrow(message);
  });
});
