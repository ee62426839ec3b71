/** The sweep as it is deployed: when it runs, what it may do at most, and who is told. */
import { describe, expect, it } from 'vitest';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { environmentOf, only, resources } from '../../support/template.ts';

const template = deployedTemplate();
const schedule = only(template, 'AWS::Scheduler::Schedule', 'KeysSweep').properties;

describe('the schedule of the sweep', () => {
  it('is once a day, some time within half an hour', () => {
    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      State: 'ENABLED',
    });
  });

  it('invokes the function by a role of its own, and gives up in bounded time', () => {
    expect(schedule['Target']).toEqual({
      Arn: { 'Fn::GetAtt': [only(template, 'AWS::Lambda::Function', 'KeysSweep').id, 'Arn'] },
      RoleArn: { 'Fn::GetAtt': [only(template, 'AWS::IAM::Role', 'KeysSweepScheduleRole').id, 'Arn'] },
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
    });
  });

  it('lends its role to nobody in another account', () => {
    const role = only(template, 'AWS::IAM::Role', 'KeysSweepScheduleRole').properties;
    const { Statement } = role['AssumeRolePolicyDocument'] as { Statement: unknown[] };
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });
});

describe('the sweep', () => {
  it('knows the table, the machine and its pace, and nothing else', () => {
    expect(environmentOf(template, 'KeysSweep')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      ROTATION_MACHINE_ARN: { Ref: only(template, 'AWS::StepFunctions::StateMachine', 'KeysWorkflow').id },
      STARTS_PER_SECOND: '15',
    });
  });

  it('runs when and as fast as the configuration says', () => {
    const own = keyturnTemplate({ keys: { sweep: { schedule: 'rate(12 hours)', startsPerSecond: 25 } } });
    const { properties } = only(own, 'AWS::Scheduler::Schedule', 'KeysSweep');
    expect(properties['ScheduleExpression']).toBe('rate(12 hours)');
    for (const name of ['KeysSweep', 'KeysAdmin'])
      expect(environmentOf(own, name)['STARTS_PER_SECOND']).toBe('25');
  });

  it('can be left out; operators may still sweep', () => {
    const own = keyturnTemplate({ keys: { sweep: false } });
    expect(resources(own, 'AWS::Scheduler::Schedule', 'KeysSweep')).toEqual([]);
    expect(resources(own, 'AWS::Lambda::Function', 'KeysSweep')).toEqual([]);
    expect(environmentOf(own, 'KeysAdmin')['STARTS_PER_SECOND']).toBe('15');
  });
});
