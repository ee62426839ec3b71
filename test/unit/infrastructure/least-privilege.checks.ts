/** Who may do what, over all roles: what opens keys, who may call whom, and that each right is named. */
import { describe, expect, it } from 'vitest';
import { arnOf, type Statement, statementsOf } from '../../support/statements.ts';
import { type Json, only, plain, resources } from '../../support/template.ts';
import {
  AUTHORIZERS,
  executionsOf,
  MANAGERS,
  machineOf,
  OPENING,
  PEPPER,
  PLACING,
  READING,
  ROLES,
  SEAL_KEY,
  SEALING_WEBHOOKS,
  SECRETS,
  TABLE,
  template,
} from './roles-of-the-stack.ts';

/** Neither log delivery nor X-Ray has resources to name. */
const LOG_DELIVERY_AND_TRACES = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

describe('the seal key', () => {
  it('opens for those who hand keys out alone, and seals for those who make them', () => {
    const holders = ROLES.filter((role) =>
      statementsOf(template, role).some((statement) => statement.resources.includes(SEAL_KEY)),
    );
    expect(holders.map((id) => id.replace(/(Fn)?Role[0-9A-F]{8}$/, '')).sort()).toEqual([
      'KeysAdmin',
      'KeysClaimPage',
      'KeysOutbox',
      'KeysRenewal',
      'KeysSecretRotation',
      'KeysWorkflowSteps',
    ]);
    const openers = ['KeysClaimPageFn', 'KeysRenewalFn', 'KeysSecretRotationFn'];
    for (const holder of [...openers, ...MANAGERS]) {
      const sealing = statementsOf(template, holder).filter(({ resources: on }) => on.includes(SEAL_KEY));
      const seal = openers.includes(holder) ? [] : ['kms:GenerateDataKey'];
      const webhooks = holder === 'KeysAdmin' ? [SEALING_WEBHOOKS] : [];
      expect(sealing).toEqual([{ ...OPENING, actions: ['kms:Decrypt', ...seal] }, ...webhooks]);
    }
  });

  const keyPolicy = (key: string) =>
    (
      only(template, 'AWS::KMS::Key', key).properties['KeyPolicy'] as {
        Statement: { Principal: { AWS: unknown }; Action: unknown; Condition?: Json }[];
      }
    ).Statement;
  const principals = (key: string) => keyPolicy(key).map(({ Principal }) => plain(Principal.AWS));
  const ACCOUNT = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root';

  it('names no other principal than the account', () => {
    expect(principals('KeysStoreSealKey')).toEqual([ACCOUNT]);
  });

  it('is beside a data key that decrypts for others of the account on the way through Secrets Manager alone, and keys’ secrets alone', () => {
    expect(new Set(principals('KeysStoreDataKey'))).toEqual(new Set([ACCOUNT, '*']));
    const open = keyPolicy('KeysStoreDataKey').filter(({ Principal }) => plain(Principal.AWS) === '*');
    expect(open).toHaveLength(1);
    const { Action, Condition } = open[0] ?? {};
    expect(Action).toBe('kms:Decrypt');
    const { StringEquals, StringLike, ...others } = Condition as Record<string, Json>;
    expect(others).toEqual({});
    expect(StringEquals).toEqual({
      'kms:CallerAccount': { Ref: 'AWS::AccountId' },
      'kms:ViaService': expect.anything(),
    });
    expect(plain(StringEquals?.['kms:ViaService'])).toBe('secretsmanager.<AWS::Region>.<AWS::URLSuffix>');
    expect(Object.keys(StringLike as Json)).toEqual(['kms:EncryptionContext:SecretARN']);
    expect(plain(StringLike?.['kms:EncryptionContext:SecretARN'])).toBe(SECRETS);
  });
});

describe('invoking', () => {
  const invoked = (role: string) =>
    statementsOf(template, role).flatMap((statement) =>
      statement.actions.includes('lambda:InvokeFunction') ? statement.resources : [],
    );

  it('is for each machine to its steps, for who verifies a key to the authorizers, for each schedule to its function, and for who names it to what rotates secrets', () => {
    const fn = (name: string) => arnOf(template, 'AWS::Lambda::Function', name);
    expect(invoked('KeysWorkflowRotationRole')).toEqual([fn('KeysWorkflowSteps')]);
    expect(invoked('KeysWorkflowSteps')).toEqual([...AUTHORIZERS, 'KeysSecretRotation'].map(fn).sort());
    expect(invoked('KeysAdmin')).toEqual([fn('KeysSecretRotation'), fn('KeysPublishing')]);
    expect(invoked('KeysSecretRotation')).toEqual(AUTHORIZERS.map(fn).sort());
    expect(invoked('KeysBulkEmergencyMachineRole')).toEqual([fn('KeysBulkEmergencySteps')]);
    expect(invoked('KeysSweepScheduleRole')).toEqual([fn('KeysSweepFn')]);
    expect(invoked('KeysAuditTrailScheduleRole')).toEqual([fn('KeysAuditTrailFn')]);
    expect(invoked('KeysObserverScheduleRole')).toEqual([fn('KeysObserverFn')]);
    expect(invoked('KeysOutboxScheduleRole')).toEqual([fn('KeysOutboxFn')]);
    const invokers = ROLES.filter((role) => invoked(role).length > 0);
    expect(invoked('KeysPepperRotationMachineRole')).toEqual([fn('KeysPepperRotationSteps')]);
    expect(invoked('KeysWatchScheduleRole')).toEqual([fn('KeysWatch')]);
    expect(invoked('KeysObserverFn')).toEqual([fn('KeysWatch')]);
    expect(invoked('KeysPublishingFn')).toEqual([fn('KeysWatch')]);
    expect(invokers).toHaveLength(13);
  });

  it('of the rotation machine is for the admin function, the sweep and emergencies of many, of theirs for the admin function', () => {
    const starters = (machine: string) =>
      ROLES.filter((role) =>
        statementsOf(template, role).some(
          ({ actions, resources: on }) => actions.includes('states:StartExecution') && on.includes(machine),
        ),
      ).map((id) => id.replace(/(Fn)?Role[0-9A-F]{8}$/, ''));
    expect(starters(machineOf('KeysWorkflow')).sort()).toEqual([
      'KeysAdmin',
      'KeysBulkEmergencySteps',
      'KeysSweep',
    ]);
    expect(starters(machineOf('KeysBulkEmergency'))).toEqual(['KeysAdmin']);
    expect(starters(machineOf('KeysPepperRotation')).sort()).toEqual([
      'KeysAdmin',
      'KeysPepperRotationCleanUp',
      'KeysSecretRotation',
    ]);
  });
});

describe('every role', () => {
  it.each(ROLES)('%s names its actions one by one', (role) => {
    const wild = statementsOf(template, role).flatMap(({ actions }) =>
      actions.filter((action) => /[*?]/.test(action)),
    );
    expect(wild).toEqual([]);
  });

  it.each(ROLES)('%s names its resources, but where AWS has none to name', (role) => {
    const wild = statementsOf(template, role).filter(({ resources: on }) =>
      on.some((arn) => arn.includes('*')),
    );
    const ends = (actions: readonly string[], ...on: readonly string[]) => ({ actions, resources: on });
    const lookAfter = ends(
      ['states:DescribeExecution', 'states:StopExecution'],
      executionsOf('KeysWorkflow'),
    );
    const children = executionsOf('KeysBulkEmergency').replace(/:\*$/, '/RotateAll:*');
    const logging = ends(LOG_DELIVERY_AND_TRACES, '*');
    const lookAt = (...prefixes: string[]) =>
      ends(['states:DescribeExecution'], ...prefixes.map(executionsOf));
    const digests = ['digests', 'heads', 'moved'].map(
      (kind) => `${arnOf(template, 'AWS::S3::Bucket', 'KeysAuditTrail')}/${kind}/*`,
    );
    const acknowledged: Readonly<Record<string, readonly Statement[]>> = {
      KeysWorkflowRotation: [logging],
      KeysWorkflowSteps: [lookAfter, ends(PLACING, SECRETS)],
      KeysAuditTrail: [ends(['s3:GetObjectVersion', 's3:PutObject'], ...digests)],
      KeysAdmin: [
        ends(['s3:GetObjectVersion'], ...digests),
        lookAfter,
        lookAt('KeysBulkEmergency', 'KeysPepperRotation'),
        ends([...PLACING, 'secretsmanager:DeleteSecret'].sort(), SECRETS),
      ],
      KeysSecretRotation: [ends(READING, PEPPER, SECRETS), lookAt('KeysWorkflow')],
      KeysPublishing: [ends(['dynamodb:ListStreams'], `${TABLE}/stream/*`)],
      KeysOutbox: [ends(['dynamodb:ListStreams'], `${TABLE}/stream/*`)],
      KeysPepperRotationMachine: [logging],
      KeysBulkEmergencySteps: [lookAt('KeysWorkflow')],
      KeysBulkEmergencyMachine: [
        logging,
        ends(
          ['states:DescribeExecution', 'states:StopExecution'],
          children,
          executionsOf('KeysBulkEmergency'),
        ),
      ],
    };
    expect(wild).toEqual(acknowledged[role.replace(/(Fn)?Role[0-9A-F]{8}$/, '')] ?? []);
  });

  it('has no policy that AWS manages, but the one for logs of API Gateway', () => {
    const managed = resources(template, 'AWS::IAM::Role').flatMap(({ properties }) =>
      ((properties['ManagedPolicyArns'] ?? []) as unknown[]).map(plain),
    );
    expect(managed).toEqual([
      'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    ]);
  });
});
