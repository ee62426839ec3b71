/** How notices reach the function that sends them: quickly by the stream, and surely by a look each minute. */

import { describe, expect, it } from 'vitest';
import { noticeSortKey } from '../../../lambdas/adapters/dynamodb/notice-item.ts';
import { MOST_IN_ALL } from '../../../rules/sending-limits.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { environmentOf, only } from '../../support/template.ts';

const template = deployedTemplate();
const mapping = only(template, 'AWS::Lambda::EventSourceMapping', 'KeysOutbox').properties;
const fn = only(template, 'AWS::Lambda::Function', 'KeysOutbox');

describe('the sender of notices', () => {
  it('is shown inserted notices of the table, at once and from the beginning', () => {
    expect(mapping).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [only(template, 'AWS::DynamoDB::Table').id, 'StreamArn'] },
      FunctionName: { Ref: fn.id },
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 300,
    });
    expect(mapping).not.toHaveProperty('DestinationConfig');
    const { Filters } = mapping['FilterCriteria'] as { readonly Filters: readonly { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'NOTICE#' }] } } } },
    ]);
    expect(noticeSortKey('r-1#retired#team@example.com')).toMatch(/^NOTICE#/);
  });

  it('looks each minute, and has a minute for it', () => {
    const schedule = only(template, 'AWS::Scheduler::Schedule', 'KeysOutbox').properties;
    expect(schedule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { 'Fn::GetAtt': [fn.id, 'Arn'] } },
    });
    expect(fn.properties['Timeout']).toBeLessThan(60);
  });

  it('is told the table, and the ways to tell', () => {
    expect(environmentOf(template, 'KeysOutbox')).toMatchObject({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      NOTIFY: expect.anything(),
    });
  });

  it('has threads left to resolve the names of AWS where those of all receivers hang', () => {
    const { UV_THREADPOOL_SIZE } = environmentOf(template, 'KeysOutbox');
    expect(Number(UV_THREADPOOL_SIZE)).toBeGreaterThan(MOST_IN_ALL);
    expect(Number(UV_THREADPOOL_SIZE)).toBeLessThanOrEqual(1024);
  });
});
