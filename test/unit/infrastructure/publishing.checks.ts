/** How events on record reach the function that tells of them: nothing waits for a batch, and nothing is lost in silence. */
import { describe, expect, it } from 'vitest';
import { auditSortKey } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { retiredUseUpdate } from '../../../lambdas/adapters/dynamodb/wrong-key-item.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { environmentOf, only } from '../../support/template.ts';

const template = deployedTemplate();
const USE = { keyId: 'Ab3dEf7hIj9L', version: 1, address: 'a', userAgent: 'u', atMs: 0 };
const mapping = only(template, 'AWS::Lambda::EventSourceMapping', 'KeysPublishing').properties;

describe('the publisher', () => {
  it('is shown inserted events of the table, at once and from the beginning', () => {
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [only(template, 'AWS::DynamoDB::Table').id, 'StreamArn'] },
      FunctionName: { Ref: only(template, 'AWS::Lambda::Function', 'KeysPublishing').id },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
    });
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
    const { Filters } = mapping['FilterCriteria'] as { readonly Filters: readonly { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'AUDIT#' }] } } } },
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'RETIRED#' }] } } } },
    ]);
    expect(auditSortKey(1)).toMatch(/^AUDIT#/);
    expect(retiredUseUpdate(0, USE).Key['sk']).toMatch(/^RETIRED#/);
  });

  it('says which of a batch failed, is shown these again for a while, and then somebody hears of them', () => {
    const queue = only(template, 'AWS::SQS::Queue', 'KeysPublishing');
    expect(mapping).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue.id, 'Arn'] } } },
    });
    expect(queue.properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
  });

  it('knows the table, the bus and who puts on record, and nothing else', () => {
    expect(environmentOf(template, 'KeysPublishing')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      EVENT_BUS_NAME: { Ref: only(template, 'AWS::Events::EventBus').id },
      WATCH_FUNCTION: { Ref: only(template, 'AWS::Lambda::Function', 'KeysWatch').id },
    });
  });
});
