/** Keys that clients read from Secrets Manager, as they are deployed. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import {
  backendIn,
  bench,
  deployedTemplate,
  httpApi,
  keyturnTemplate,
  newApp,
  restApi,
} from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();

const secretsOf = (of: Template, fn: string): Record<string, unknown> =>
  JSON.parse(plain(environmentOf(of, fn)['DELIVERY'])).secrets;

describe('the function that rotates secrets', () => {
  const fn = only(template, 'AWS::Lambda::Function', 'KeysSecretRotation').id;

  it('is for Secrets Manager of this account to call, and for nobody else', () => {
    const permission = only(template, 'AWS::Lambda::Permission', 'KeysSecretRotation').properties;
    expect(permission).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [fn, 'Arn'] },
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });

  it('knows the machines, the pepper, the authorizers, and where keys are used', () => {
    const { ROTATION_MACHINE_ARN, AUTHORIZER_FUNCTIONS, ENDPOINT, ...rest } = environmentOf(
      template,
      'KeysSecretRotation',
    );
    const { StateMachineName } = only(
      template,
      'AWS::StepFunctions::StateMachine',
      'KeysWorkflow',
    ).properties;
    expect(plain(ROTATION_MACHINE_ARN)).toMatch(new RegExp(`:stateMachine:${StateMachineName}$`));
    expect(plain(AUTHORIZER_FUNCTIONS).split(',')).toHaveLength(2);
    expect(plain(ENDPOINT)).toMatch(/^https:.*\/mcp$/);
    expect(rest).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table', 'Keys').id },
      PEPPER_SECRET_ID: { Ref: only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id },
      PEPPER_MACHINE_ARN: {
        Ref: only(template, 'AWS::StepFunctions::StateMachine', 'KeysPepperRotation').id,
      },
      SEAL_KEY_ID: { 'Fn::GetAtt': [only(template, 'AWS::KMS::Key', 'KeysStoreSealKey').id, 'Arn'] },
    });
  });

  it.each(['KeysWorkflowSteps', 'KeysAdmin'])(
    'is what %s names for each secret, under the data key',
    (manager) => {
      expect(secretsOf(template, manager)).toEqual({
        schedule: true,
        recoveryDays: 30,
        endpoint: expect.stringMatching(/\/mcp$/),
        account: '<AWS::AccountId>',
        kmsKeyId: `<${only(template, 'AWS::KMS::Key', 'KeysStoreDataKey').id}.Arn>`,
        rotationFunctionArn: `<${fn}.Arn>`,
        rotationRoleArn: `<${only(template, 'AWS::IAM::Role', 'KeysSecretRotationFnRole').id}.Arn>`,
      });
    },
  );
});

describe('the pepper', () => {
  const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';
  const fn = only(template, 'AWS::Lambda::Function', 'KeysSecretRotation').id;

  it('is rotated once a year by that function, and by no deployment', () => {
    expect(only(template, SCHEDULE).properties).toEqual({
      SecretId: { Ref: only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id },
      RotationLambdaARN: { 'Fn::GetAtt': [fn, 'Arn'] },
      RotationRules: { AutomaticallyAfterDays: 365 },
      RotateImmediatelyOnUpdate: false,
    });
  });

  it('is put on its schedule once Secrets Manager may call the function, and it may do what it must', () => {
    const [schedule] = Object.values(template.findResources(SCHEDULE));
    const [permission] = resources(template, 'AWS::Lambda::Permission', 'KeysSecretRotation');
    const [policy] = resources(template, 'AWS::IAM::Policy', 'KeysSecretRotation');
    expect(schedule?.DependsOn).toEqual(expect.arrayContaining([fn, permission?.id, policy?.id]));
  });

  it.each([
    ['P90D', 90],
    ['P30D', 30],
    ['P1000D', 1000],
    ['P52W', 364],
  ])('is rotated every %s', (rotateEvery, AutomaticallyAfterDays) => {
    const own = keyturnTemplate({ keys: { pepper: { rotateEvery } } });
    expect(only(own, SCHEDULE).properties['RotationRules']).toEqual({ AutomaticallyAfterDays });
  });

  it('is left to operators, and all else stays as it is', () => {
    const own = keyturnTemplate({ keys: { pepper: { rotateEvery: false } } });
    expect(own.findResources(SCHEDULE)).toEqual({});
    expect(environmentOf(own, 'KeysSecretRotation')).toEqual(environmentOf(template, 'KeysSecretRotation'));
  });

  it('is found by its output', () => {
    expect(template.findOutputs('PepperSecretArn')).toMatchObject({
      PepperSecretArn: {
        Value: { Ref: only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id },
      },
    });
  });
});

describe('the settings of secrets', () => {
  it('reach the functions', () => {
    const own = keyturnTemplate({
      keys: { secrets: { endpoint: 'https://mcp.example.com/', schedule: false, recoveryDays: 7 } },
    });
    expect(secretsOf(own, 'KeysAdmin')).toMatchObject({
      endpoint: 'https://mcp.example.com/',
      schedule: false,
      recoveryDays: 7,
    });
    expect(environmentOf(own, 'KeysSecretRotation')['ENDPOINT']).toBe('https://mcp.example.com/');
  });

  it('tell clients the first protected API, by its stage’s name: not by the stage, which needs every route', () => {
    const own = bench();
    own.keys.protectRestApi(restApi(own.stack, own.backend).api, { toolScopes: 'off' });
    own.keys.protectHttpApi(httpApi(own.stack, own.backend), { toolScopes: 'off' });
    const made = Template.fromStack(own.stack);
    expect(secretsOf(made, 'KeysAdmin')['endpoint']).toMatch(
      /^https:\/\/<Rest[0-9A-F]{8}>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/prod\/$/,
    );
  });

  it('tell clients an HTTP API without its default stage’s name', () => {
    const own = bench();
    own.keys.protectHttpApi(httpApi(own.stack, own.backend), { toolScopes: 'off' });
    expect(secretsOf(Template.fromStack(own.stack), 'KeysAdmin')['endpoint']).toMatch(
      /^https:\/\/<Http[0-9A-F]{8}>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/$/,
    );
  });

  it('tell clients nothing of an API of another stack, which refers to this one already', () => {
    const app = newApp();
    const own = bench({}, app);
    const other = new Stack(app, 'Other');
    own.keys.protectRestApi(restApi(other, backendIn(other)).api, { toolScopes: 'off' });
    expect(secretsOf(Template.fromStack(own.stack), 'KeysAdmin')['endpoint']).toBe('');
  });
});
