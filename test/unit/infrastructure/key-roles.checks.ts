/** What those may do who make keys, hand them out, rotate them or end them. */
import { describe, expect, it } from 'vitest';
import { PEPPER_PARTITION, partitionOf } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { INDEX_BY_OWNER } from '../../../rules/table-indexes.ts';
import { arnOf, statementsOf } from '../../support/statements.ts';
import { only } from '../../support/template.ts';
import {
  AUTHORIZERS,
  dataKey,
  executionsOf,
  logs,
  MANAGERS,
  machineOf,
  nameOf,
  notingFaults,
  OPENING,
  PEPPER,
  PLACING,
  pepper,
  READING,
  ROLES,
  SEALING_WEBHOOKS,
  SECRETS,
  TABLE,
  template,
} from './roles-of-the-stack.ts';

/** Whether a resource of a policy covers an ARN, both as `plain` spells them. */
const matchesGlob = (arn: string, resource: string): boolean =>
  new RegExp(
    `^${resource
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(arn);

describe.each(MANAGERS)('the role of %s', (manager) => {
  const actions = statementsOf(template, manager).flatMap((statement) => statement.actions);

  it('can do what its use cases do, and nothing else', () => {
    const common = [
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'secretsmanager:GetSecretValue',
      ...dataKey.actions,
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'states:DescribeExecution',
      'states:StopExecution',
      ...PLACING,
      'lambda:InvokeFunction',
    ];
    const own =
      manager === 'KeysAdmin'
        ? [
            'states:StartExecution',
            'states:DescribeExecution',
            'secretsmanager:DeleteSecret',
            's3:ListBucketVersions',
            's3:GetObjectVersion',
            'kms:GetPublicKey',
            'lambda:InvokeFunction',
            ...SEALING_WEBHOOKS.actions,
          ]
        : ['lambda:InvokeFunction', 'kms:DescribeKey'];
    expect([...actions].sort()).toEqual([...common, ...own].sort());
  });

  it('reads the pepper, and no key’s secret', () => {
    const reading = statementsOf(template, manager).filter((statement) =>
      statement.actions.includes('secretsmanager:GetSecretValue'),
    );
    expect(reading).toEqual([pepper]);
  });

  it('never scans the table', () => {
    expect(actions).not.toContain('dynamodb:Scan');
  });
});

describe('the role of renewals', () => {
  const LeadingKeys = { 'dynamodb:LeadingKeys': ['KEY#*'] };

  it('has the items of a key and its seal, not the pepper and no index, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysRenewalFn')).toEqual([
      logs('KeysRenewalFn'),
      {
        actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': LeadingKeys },
      },
      OPENING,
      dataKey,
      {
        actions: ['secretsmanager:GetSecretValue'],
        resources: [`<${only(template, 'AWS::SecretsManager::Secret', 'KeysRenewal').id}>`],
      },
    ]);
  });

  it('is apart from that of the authorizer before proposals, which is as any other', () => {
    const withoutLogs = (role: string) => statementsOf(template, role).slice(1);
    expect(withoutLogs('KeysRenewalAuthorizer')).toEqual(withoutLogs('KeysAuthorizerExampleRest'));
  });
});

describe('the role of the claim page', () => {
  it('has the items of a key and its seal, and no secret, no index and no other right', () => {
    expect(statementsOf(template, 'KeysClaimPageFn')).toEqual([
      logs('KeysClaimPageFn'),
      {
        actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['KEY#*'] } },
      },
      OPENING,
      dataKey,
    ]);
  });
});

describe('the role of rotations by Secrets Manager', () => {
  it('reads keys and opens their seals, reads and writes their secrets and the pepper, starts rotations, and writes no key', () => {
    const machine = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:${nameOf('KeysWorkflow')}`;
    expect(statementsOf(template, 'KeysSecretRotationFn')).toEqual([
      logs('KeysSecretRotation'),
      {
        actions: ['dynamodb:GetItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['KEY#*'] } },
      },
      dataKey,
      OPENING,
      {
        actions: READING,
        resources: [PEPPER, SECRETS],
      },
      { actions: ['states:StartExecution'], resources: [machineOf('KeysPepperRotation'), machine] },
      {
        actions: ['dynamodb:PutItem', 'dynamodb:Query'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['PEPPER'] } },
      },
      notingFaults('secret-rotation'),
      { actions: ['states:DescribeExecution'], resources: [executionsOf('KeysWorkflow')] },
      {
        actions: ['lambda:InvokeFunction'],
        resources: AUTHORIZERS.map((name) => arnOf(template, 'AWS::Lambda::Function', name)).sort(),
      },
    ]);
  });
});

describe('the role of the sweep', () => {
  it('reads keys and the index of due dates, starts rotations, and can do nothing else', () => {
    const machine = machineOf('KeysWorkflow');
    expect(statementsOf(template, 'KeysSweepFn')).toEqual([
      logs('KeysSweep'),
      { actions: ['dynamodb:GetItem'], resources: [TABLE] },
      { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/byDueDate`] },
      dataKey,
      { actions: ['states:StartExecution'], resources: [machine] },
    ]);
  });
});

describe('the role of emergencies of many keys', () => {
  const bulk = statementsOf(template, 'KeysBulkEmergencySteps');

  it('reads keys, writes what became of them beside them, starts rotations, and can do nothing else', () => {
    const indexes = ['byDueDate', 'byOwner'].map((name) => `${TABLE}/index/${name}`);
    expect(bulk).toEqual([
      logs('KeysBulkEmergencySteps'),
      {
        actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
        resources: [TABLE, ...indexes],
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RUN#*', 'CHAIN#emergency/*'] } },
      },
      dataKey,
      { actions: ['states:StartExecution'], resources: [machineOf('KeysWorkflow')] },
      { actions: ['states:DescribeExecution'], resources: [executionsOf('KeysWorkflow')] },
    ]);
  });

  it('lets the machine start and look after the children of its own map, and no other execution', () => {
    const machine = statementsOf(template, 'KeysBulkEmergencyMachineRole');
    const name = nameOf('KeysBulkEmergency');
    const states = 'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>';
    expect(machine.filter(({ actions }) => actions.some((action) => action.startsWith('states:')))).toEqual([
      { actions: ['states:StartExecution'], resources: [`${states}:stateMachine:${name}`] },
      {
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [`${states}:execution:${name}/RotateAll:*`, `${states}:execution:${name}:*`],
      },
    ]);
  });
});

describe('the role of the steps of a rotation of the pepper', () => {
  const leading = (key: string) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] } });

  it('reads keys, writes the pepper and its record, and can do nothing else: to no key', () => {
    expect(statementsOf(template, 'KeysPepperRotationSteps')).toEqual([
      logs('KeysPepperRotationSteps'),
      {
        actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
        resources: [TABLE],
        conditions: leading('KEY#*'),
      },
      { actions: ['dynamodb:Scan'], resources: [`${TABLE}/index/byOwner`] },
      {
        actions: ['dynamodb:PutItem', 'dynamodb:Query'],
        resources: [TABLE],
        conditions: leading('PEPPER'),
      },
      {
        actions: [
          'secretsmanager:GetSecretValue',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: [PEPPER],
      },
      notingFaults('pepper'),
      dataKey,
    ]);
  });

  it('may write the pepper, and so may what Secrets Manager calls: what writes all secrets of keys does not reach it', () => {
    const { id, properties } = only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper');
    // Without a name of its own CloudFormation names a secret by its logical id.
    expect(properties).not.toHaveProperty('Name');
    const arn = SECRETS.replace('keyturn/*', `${id}-1a2B3c4D5e6F-Ab3dEf`);
    expect(matchesGlob(SECRETS.replace('*', 'Ab3dEf7hIj9L-Ab3dEf'), SECRETS)).toBe(true);
    const covers = (on: string) => on === PEPPER || matchesGlob(arn, on);
    const writers = ROLES.filter((role) =>
      statementsOf(template, role).some(
        ({ actions, resources: on }) =>
          actions.some((action) => /^secretsmanager:(?!GetSecretValue$)/.test(action)) && on.some(covers),
      ),
    );
    expect(writers.map((id) => id.replace(/Role[0-9A-F]{8}$/, ''))).toEqual([
      'KeysSecretRotationFn',
      'KeysPepperRotationSteps',
    ]);
  });

  it('reaches as much of the table as its adapters address', () => {
    expect(partitionOf('Ab3dEf7hIj9L')).toMatch(/^KEY#/);
    expect(PEPPER_PARTITION).toBe('PEPPER');
    expect(INDEX_BY_OWNER).toBe('byOwner');
  });
});
