/** The rotation machine as it is deployed. */
import { describe, expect, it } from 'vitest';
import { DEFINITION_TEXT } from '../../support/rotation-definition.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { only, plain } from '../../support/template.ts';

const template = deployedTemplate();
const { properties } = only(template, 'AWS::StepFunctions::StateMachine', 'KeysWorkflow');

describe('the rotation machine', () => {
  it('runs the text of its file, word for word', () => {
    expect(properties['DefinitionString']).toBe(DEFINITION_TEXT);
  });

  it('invokes the rotation function and nothing else', () => {
    const substitutions = properties['DefinitionSubstitutions'] as Record<string, unknown>;
    expect(Object.keys(substitutions).sort()).toEqual(['LambdaInvoke', 'RotationFunctionArn']);
    expect(plain(substitutions['LambdaInvoke'])).toBe('arn:<AWS::Partition>:states:::lambda:invoke');
    const steps = only(template, 'AWS::Lambda::Function', 'KeysWorkflowSteps');
    expect(substitutions['RotationFunctionArn']).toEqual({ 'Fn::GetAtt': [steps.id, 'Arn'] });
  });

  it('may run for weeks', () => {
    expect(properties['StateMachineType']).toBe('STANDARD');
    expect(JSON.parse(DEFINITION_TEXT)).not.toHaveProperty('TimeoutSeconds');
  });

  it('logs every state without what it carries, for as long as the deployment says', () => {
    const logging = properties['LoggingConfiguration'] as Record<string, unknown>;
    expect(logging).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    expect(only(template, 'AWS::Logs::LogGroup', 'KeysWorkflowRotationLogs').properties).toMatchObject({
      RetentionInDays: 90,
    });
  });

  it('is traced', () => {
    expect(properties['TracingConfiguration']).toEqual({ Enabled: true });
  });
});
