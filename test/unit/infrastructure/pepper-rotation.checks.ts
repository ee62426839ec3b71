/** The pepper machine as it is deployed, its daily clean-up, and the waits that rest on the functions' time-outs. */
import { describe, expect, it } from 'vitest';
import { LONGEST_RUN_MS } from '../../../lambdas/core/domain/pepper-timing.ts';
import { parsePepperOrder } from '../../../lambdas/core/use-cases/pepper-order.ts';
import { PEPPER_DEFINITION_TEXT } from '../../support/run-pepper-machine.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();
const { id, properties } = only(template, 'AWS::StepFunctions::StateMachine', 'KeysPepperRotation');

describe('the pepper machine', () => {
  it('runs the text of its file, word for word, and invokes its function and nothing else', () => {
    expect(properties['DefinitionString']).toBe(PEPPER_DEFINITION_TEXT);
    const substitutions = properties['DefinitionSubstitutions'] as Record<string, unknown>;
    const steps = only(template, 'AWS::Lambda::Function', 'KeysPepperRotationSteps');
    expect(Object.keys(substitutions).sort()).toEqual(['LambdaInvoke', 'PepperFunctionArn']);
    expect(substitutions['PepperFunctionArn']).toEqual({ 'Fn::GetAtt': [steps.id, 'Arn'] });
    expect(plain(substitutions['LambdaInvoke'])).toBe('arn:<AWS::Partition>:states:::lambda:invoke');
  });

  it('logs every state without what it carries', () => {
    expect(properties['LoggingConfiguration']).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
  });

  it('is found by its output', () => {
    expect(template.findOutputs('PepperMachineArn')).toMatchObject({
      PepperMachineArn: { Value: { Ref: id } },
    });
  });

  it('knows the table and the pepper, and nothing else', () => {
    expect(environmentOf(template, 'KeysPepperRotationSteps')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      PEPPER_SECRET_ID: { Ref: only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id },
    });
  });
});

describe('the clean-up', () => {
  const schedule = only(template, 'AWS::Scheduler::Schedule', 'KeysPepperRotation').properties;
  const target = schedule['Target'] as {
    readonly Arn: unknown;
    readonly RoleArn: unknown;
    readonly Input: string;
  };

  it('is started once a day, by a role of its own', () => {
    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(30 4 * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      State: 'ENABLED',
    });
    const role = only(template, 'AWS::IAM::Role', 'KeysPepperRotationCleanUpRole').id;
    expect(target).toMatchObject({ Arn: { Ref: id }, RoleArn: { 'Fn::GetAtt': [role, 'Arn'] } });
  });

  it('asks for what the function takes', () => {
    expect(parsePepperOrder(JSON.parse(target.Input))).toEqual({
      ok: true,
      value: { purpose: 'clean-up', initiatedBy: 'keyturn:schedule' },
    });
  });
});

describe('who hashes under the pepper', () => {
  const hashing = resources(template, 'AWS::Lambda::Function').filter(
    ({ id: name }) => /^Keys(?!Authorizer)/.test(name) && 'PEPPER_SECRET_ID' in environmentOf(template, name),
  );

  it('ends before the count of what is hashed begins', () => {
    expect(hashing.length).toBeGreaterThanOrEqual(3);
    for (const { properties: fn } of hashing)
      expect(Number(fn['Timeout']) * 1_000).toBeLessThanOrEqual(LONGEST_RUN_MS);
  });
});
