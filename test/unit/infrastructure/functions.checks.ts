/** The Lambda functions: how they run, what they are told, and where they log. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();
const FUNCTIONS = resources(template, 'AWS::Lambda::Function');
const AUTHORIZERS = ['KeysAuthorizerExampleRest', 'KeysAuthorizerExampleHttp'];
const idOf = (type: string, prefix: string): string => only(template, type, prefix).id;

describe('every function', () => {
  it('is one of those that there are', () => {
    expect(FUNCTIONS.map(({ id }) => id.replace(/(Fn)?Function[0-9A-F]{8}$/, ''))).toEqual([
      'ExampleServer',
      'KeysRenewal',
      'KeysRenewalAuthorizer',
      'KeysClaimPage',
      'KeysSecretRotation',
      'KeysWorkflowSteps',
      'KeysBulkEmergencySteps',
      'KeysPepperRotationSteps',
      'KeysAuditTrail',
      'KeysAdmin',
      'KeysSweep',
      'KeysWatch',
      'KeysObserver',
      'KeysPublishing',
      'KeysOutbox',
      ...AUTHORIZERS,
    ]);
  });

  it.each(FUNCTIONS)('$id runs on the current runtime, on arm64, and ends in time', ({ id, properties }) => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
    // API Gateway waits 29 seconds for a REST backend; the machine's tasks and the CLI wait longer than 30.
    // Nobody waits for the sweep and the digest, which take their time, and the machine of many emergencies waits longer; the observer and the outbox are over before they are called again.
    const own = Object.entries({
      KeysSweep: 900,
      KeysAuditTrail: 900,
      KeysObserver: 59,
      KeysOutbox: 59,
      KeysWatch: 59,
      KeysBulkEmergency: 60,
    }).find(([name]) => id.startsWith(name));
    expect(properties['Timeout']).toBeLessThanOrEqual(own?.[1] ?? 30);
  });

  it.each(FUNCTIONS)('$id logs JSON to a log group of its own, which forgets', ({ properties }) => {
    const { LogFormat, SystemLogLevel, LogGroup } = properties['LoggingConfig'] as Record<string, unknown>;
    expect({ LogFormat, SystemLogLevel }).toEqual({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
    const group = template.findResources('AWS::Logs::LogGroup')[(LogGroup as { Ref: string }).Ref];
    expect(group?.['Properties'].RetentionInDays).toBeGreaterThan(0);
  });

  it('forgets after as long as the deployment says', () => {
    const own = keyturnTemplate({ keys: { logRetention: RetentionDays.ONE_YEAR } });
    const kept = resources(own, 'AWS::Logs::LogGroup', 'Keys').map(
      ({ properties }) => properties['RetentionInDays'],
    );
    expect(kept.length).toBeGreaterThan(16);
    expect(new Set(kept)).toEqual(new Set([365]));
    for (const { properties } of resources(template, 'AWS::Logs::LogGroup', 'Keys')) {
      expect(properties['RetentionInDays']).toBe(90);
    }
  });
});

describe('the authorizers', () => {
  it.each(AUTHORIZERS)('%s knows the table, the pepper and its rules, and nothing else', (authorizer) => {
    expect(environmentOf(template, authorizer)).toEqual({
      TABLE_NAME: { Ref: idOf('AWS::DynamoDB::Table', 'Keys') },
      PEPPER_SECRET_ID: { Ref: idOf('AWS::SecretsManager::Secret', 'KeysStorePepper') },
      API_RULES: JSON.stringify({
        prefix: 'mk',
        environments: ['live', 'test'],
        toolScopes: 'backend',
        routeScopes: {},
      }),
      KEY_HEADER: 'either',
      MEMORY_SECONDS: '5',
      FLUSH_SECONDS: '10',
      WRONG_KEY_WINDOW_SECONDS: '300',
      ANSWER: authorizer.endsWith('Rest') ? 'policy' : 'simple',
      CACHED: 'no',
      URL_SUFFIX: { Ref: 'AWS::URLSuffix' },
    });
  });

  it('outlive three attempts of a second each, and end before API Gateway gives up on them', () => {
    for (const authorizer of AUTHORIZERS) {
      const { Timeout } = only(template, 'AWS::Lambda::Function', authorizer).properties;
      expect(Timeout).toBeGreaterThan(2 * 3);
      expect(Timeout).toBeLessThanOrEqual(10);
    }
  });

  it('take memory, flush interval and prefix from the configuration', () => {
    const own = keyturnTemplate({ keys: { prefix: 'acme', keyMemory: 'PT0S', useFlushInterval: 'PT1M' } });
    const environment = environmentOf(own, 'KeysAuthorizerExampleRest');
    expect(environment).toMatchObject({ MEMORY_SECONDS: '0', FLUSH_SECONDS: '60' });
    expect(JSON.parse(String(environment['API_RULES'])).prefix).toBe('acme');
  });
});

describe('the functions that manage keys', () => {
  const common = {
    TABLE_NAME: { Ref: idOf('AWS::DynamoDB::Table', 'Keys') },
    PEPPER_SECRET_ID: { Ref: idOf('AWS::SecretsManager::Secret', 'KeysStorePepper') },
    SEAL_KEY_ID: { 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'KeysStoreSealKey'), 'Arn'] },
    KEY_PREFIX: 'mk',
    POLICIES: '{}',
    CACHED_STAGES: '[]',
  };

  it('verifies a new key by every authorizer that is deployed', () => {
    const { AUTHORIZER_FUNCTIONS, EVIDENCE_LAG_SECONDS, DELIVERY, ...rest } = environmentOf(
      template,
      'KeysWorkflowSteps',
    );
    expect(JSON.parse(plain(DELIVERY))).toMatchObject({
      claimLink: { pageUrl: expect.stringMatching(/^https:\/\/.*\/keys\/claim$/) },
    });
    expect(rest).toEqual(common);
    // Memory of 5 s, a flush interval of 10 s, a read of 1 s.
    expect(EVIDENCE_LAG_SECONDS).toBe('16');
    expect(plain(AUTHORIZER_FUNCTIONS).split(',')).toEqual(
      AUTHORIZERS.map((authorizer) => `<${idOf('AWS::Lambda::Function', authorizer)}.Arn>`),
    );
  });

  it('tells the admin function its machine and the revocation bound', () => {
    const {
      ROTATION_MACHINE_ARN,
      BULK_EMERGENCY_MACHINE_ARN,
      PEPPER_MACHINE_ARN,
      AUDIT_BUCKET,
      AUDIT_KEY_ID,
      REVOCATION_BOUND_MS,
      STARTS_PER_SECOND,
      WEBHOOKS,
      PUBLISH_FUNCTION,
      DELIVERY,
      ...rest
    } = environmentOf(template, 'KeysAdmin');
    expect(DELIVERY).toEqual(environmentOf(template, 'KeysWorkflowSteps')['DELIVERY']);
    expect(rest).toEqual(common);
    expect(BULK_EMERGENCY_MACHINE_ARN).toEqual({
      Ref: idOf('AWS::StepFunctions::StateMachine', 'KeysBulkEmergency'),
    });
    expect(PEPPER_MACHINE_ARN).toEqual({
      Ref: idOf('AWS::StepFunctions::StateMachine', 'KeysPepperRotation'),
    });
    expect(AUDIT_BUCKET).toEqual({ Ref: idOf('AWS::S3::Bucket', 'KeysAuditTrail') });
    expect(AUDIT_KEY_ID).toEqual({ 'Fn::GetAtt': [idOf('AWS::KMS::Key', 'KeysAuditTrail'), 'Arn'] });
    expect(STARTS_PER_SECOND).toBe('15');
    expect(PUBLISH_FUNCTION).toEqual({ Ref: idOf('AWS::Lambda::Function', 'KeysPublishing') });
    expect(JSON.parse(String(WEBHOOKS))).toEqual({ allowPrivateAddresses: false });
    expect(ROTATION_MACHINE_ARN).toEqual({ Ref: idOf('AWS::StepFunctions::StateMachine', 'KeysWorkflow') });
    // In-memory age plus one read.
    expect(REVOCATION_BOUND_MS).toBe('6000');
    const unremembering = keyturnTemplate({ keys: { keyMemory: 'PT0S' } });
    expect(environmentOf(unremembering, 'KeysAdmin')['REVOCATION_BOUND_MS']).toBe('1000');
  });

  it('hands the policies over as they were configured', () => {
    const policies = { weekly: { rotateEvery: 'P1W', gracePeriod: 'PT24H' } };
    const own = keyturnTemplate({ keys: { policies } });
    for (const name of ['KeysAdmin', 'KeysWorkflowSteps']) {
      expect(JSON.parse(String(environmentOf(own, name)['POLICIES']))).toEqual(policies);
    }
  });
});
