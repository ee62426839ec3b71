/** The machine of emergencies of many keys as it is deployed. */
import { describe, expect, it } from 'vitest';
import { BULK_DEFINITION_TEXT } from '../../support/run-bulk-machine.ts';
import { placeholder } from '../../support/scripted-machine.ts';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { environmentOf, only, plain } from '../../support/template.ts';

const template = deployedTemplate();
const machineIn = (from: typeof template) =>
  only(from, 'AWS::StepFunctions::StateMachine', 'KeysBulkEmergency').properties;
const properties = machineIn(template);

const filledIn = (batchesAtOnce: number) =>
  BULK_DEFINITION_TEXT.replace(`"${placeholder('BatchesAtOnce')}"`, String(batchesAtOnce));

describe('the machine of emergencies of many keys', () => {
  it('runs the text of its file, word for word but for the number of batches at once', () => {
    expect(properties['DefinitionString']).toBe(filledIn(4));
  });

  it.each([
    [1, 1, 1],
    [10, 10, 1],
    [60, 25, 2],
    [1_000, 25, 40],
  ])('rotates %i keys at once at most, in batches of %i', (keysAtOnce, batchKeys, batchesAtOnce) => {
    const own = keyturnTemplate({ keys: { emergency: { keysAtOnce } } });
    expect(machineIn(own)['DefinitionString']).toBe(filledIn(batchesAtOnce));
    expect(environmentOf(own, 'KeysBulkEmergency')['BATCH_KEYS']).toBe(String(batchKeys));
    expect(batchKeys * batchesAtOnce).toBeLessThanOrEqual(keysAtOnce);
  });

  it('invokes its function and nothing else', () => {
    const substitutions = properties['DefinitionSubstitutions'] as Record<string, unknown>;
    expect(Object.keys(substitutions).sort()).toEqual(['BulkEmergencyFunctionArn', 'LambdaInvoke']);
    expect(plain(substitutions['LambdaInvoke'])).toBe('arn:<AWS::Partition>:states:::lambda:invoke');
    const steps = only(template, 'AWS::Lambda::Function', 'KeysBulkEmergency');
    expect(substitutions['BulkEmergencyFunctionArn']).toEqual({ 'Fn::GetAtt': [steps.id, 'Arn'] });
  });

  it('is one whose executions are kept, logs every state without what it carries, and is traced', () => {
    expect(properties).toMatchObject({
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
    expect(only(template, 'AWS::Logs::LogGroup', 'KeysBulkEmergencyMachineLogs').properties).toMatchObject({
      RetentionInDays: 90,
    });
  });
});

describe('its function', () => {
  it('knows the table, the rotation machine and the size of a batch, and nothing else: no pepper, no seal', () => {
    expect(environmentOf(template, 'KeysBulkEmergency')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      ROTATION_MACHINE_ARN: { Ref: only(template, 'AWS::StepFunctions::StateMachine', 'KeysWorkflow').id },
      BATCH_KEYS: '25',
    });
  });
});
