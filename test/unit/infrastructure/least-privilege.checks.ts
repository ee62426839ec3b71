/** Who may do what: every role can do what it needs, and nothing else. */
import { describe, expect, it } from 'vitest';
import {
  AUTHORIZING_ATTRIBUTES,
  PEPPER_PARTITION,
  partitionOf,
  partitionOfChain,
} from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { pepperFaultUpdate, TOLD_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/pepper-fault-item.ts';
import { useUpdate } from '../../../lambdas/adapters/dynamodb/use-item.ts';
import { retiredUseUpdate, wrongKeyUpdate } from '../../../lambdas/adapters/dynamodb/wrong-key-item.ts';
import { PEPPER_USERS } from '../../../lambdas/core/domain/pepper-fault.ts';
import { INDEX_BY_OWNER } from '../../../rules/table-indexes.ts';
import { arnOf, type Statement, statementsOf } from '../../support/statements.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { type Json, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();
const ROLES = resources(template, 'AWS::IAM::Role').map(({ id }) => id);
const TABLE = arnOf(template, 'AWS::DynamoDB::Table', 'Keys');
const PEPPER = `<${only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id}>`;
const DATA_KEY = arnOf(template, 'AWS::KMS::Key', 'KeysStoreDataKey');
const SEAL_KEY = arnOf(template, 'AWS::KMS::Key', 'KeysStoreSealKey');
const AUTHORIZERS = ['KeysAuthorizerExampleRest', 'KeysAuthorizerExampleHttp'];
const MANAGERS = ['KeysAdmin', 'KeysWorkflowSteps'];

/** New keys, and nothing else that lies under the same key: a backup has another context. */
const OPENING = {
  actions: ['kms:Decrypt'],
  resources: [SEAL_KEY],
  conditions: {
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['environment', 'keyId', 'version'] },
  },
};

/** Secrets of webhooks, and no new key. */
const SEALING_WEBHOOKS = {
  actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
  resources: [SEAL_KEY],
  conditions: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['webhookId', 'what'] } },
};

const OPENING_WEBHOOKS = { ...SEALING_WEBHOOKS, actions: ['kms:Decrypt'] };

/** Whether a resource of a policy covers an ARN, both as `plain` spells them. */
const matchesGlob = (arn: string, resource: string): boolean =>
  new RegExp(
    `^${resource
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(arn);

/** What the authorizer's UpdateItem may touch. */
const WRITABLE = [
  'pk',
  'sk',
  'version',
  'requests',
  'deprecatingRequests',
  'lastUsedAtMs',
  'ttl',
  'callerTags',
  'caller_*',
  'callerRequests_*',
  'minute_*',
  'firstUsesMs',
  'firstRefusalsMs',
];

/** Of the counters of wrong keys, which lie apart from keys. */
const WRITABLE_OF_WRONG_KEYS = [
  'pk',
  'sk',
  'version',
  'requests',
  'reason_*',
  'firstAtMs',
  'lastAtMs',
  'caller_*',
  'ttl',
];

/** Of the counters of troubles with the pepper, each function its own. */
const writableOfFaults = (user: string) => ['pk', 'sk', 'firstAtMs', 'lastAtMs', 'ttl', `by_${user}`];
const notingFaults = (user: string): Statement => ({
  actions: ['dynamodb:UpdateItem'],
  resources: [TABLE],
  conditions: {
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': ['FAULTS'],
      'dynamodb:Attributes': writableOfFaults(user),
    },
  },
});

const logs = (prefix: string): Statement => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [arnOf(template, 'AWS::Logs::LogGroup', prefix)],
});
const machineOf = (prefix: string): string =>
  `<${only(template, 'AWS::StepFunctions::StateMachine', prefix).id}>`;
const nameOf = (prefix: string): string =>
  String(only(template, 'AWS::StepFunctions::StateMachine', prefix).properties['StateMachineName']);
const executionsOf = (prefix: string): string =>
  `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${nameOf(prefix)}:*`;
const SECRETS = 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:keyturn/*';
/** Writes keys' secrets, and reads none. */
const PLACING = [
  'secretsmanager:CancelRotateSecret',
  'secretsmanager:CreateSecret',
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetResourcePolicy',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:PutSecretValue',
  'secretsmanager:RotateSecret',
  'secretsmanager:TagResource',
  'secretsmanager:UpdateSecretVersionStage',
];
/** Rotates them, which is to read what is tested. */
const READING = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:ListSecretVersionIds',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];
const pepper: Statement = { actions: ['secretsmanager:GetSecretValue'], resources: [PEPPER] };
const dataKey = {
  actions: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  resources: [DATA_KEY],
  conditions: { StringEquals: { 'kms:ViaService': [expect.anything(), expect.anything()] } },
};

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

describe.each(AUTHORIZERS)('the role of %s', (authorizer) => {
  const statements = statementsOf(template, authorizer);

  it('reads one item, counts uses and wrong keys, reads the pepper, and can do nothing else', () => {
    const LeadingKeys = { 'dynamodb:LeadingKeys': ['KEY#*'] };
    expect(statements).toEqual([
      logs(authorizer),
      {
        actions: ['dynamodb:GetItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': LeadingKeys },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { ...LeadingKeys, 'dynamodb:Attributes': WRITABLE } },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['WRONG#*'],
            'dynamodb:Attributes': WRITABLE_OF_WRONG_KEYS,
          },
        },
      },
      notingFaults('authorizer'),
      pepper,
      dataKey,
    ]);
  });

  it('uses the data key only through the two services that hold data under it', () => {
    const { StringEquals } = (statements.at(-1) as Statement).conditions as {
      StringEquals: Record<string, unknown[]>;
    };
    expect(StringEquals['kms:ViaService']?.map(plain)).toEqual([
      'dynamodb.<AWS::Region>.<AWS::URLSuffix>',
      'secretsmanager.<AWS::Region>.<AWS::URLSuffix>',
    ]);
  });
});

describe('what an authorizer may write', () => {
  const covered = (attribute: string, writable = WRITABLE) =>
    writable.some((name) =>
      name.endsWith('*') ? attribute.startsWith(name.slice(0, -1)) : attribute === name,
    );

  it('covers all that counting a use writes', () => {
    const caller = { address: '192.0.2.1', userAgent: 'agent', requests: 1, lastUsedAtMs: 0 };
    const { Key, ExpressionAttributeNames } = useUpdate({
      keyId: 'k',
      version: 1,
      hourMs: 0,
      requests: 1,
      deprecatingRequests: 1,
      minutes: { 0: 1, 59: 1 },
      lastUsedAtMs: 0,
      callers: [caller],
    });
    const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
    expect(written.filter((attribute) => !covered(attribute))).toEqual([]);
  });

  it('covers all that counting wrong keys writes', () => {
    const caller = { address: '192.0.2.1', userAgent: 'agent', lastUsedAtMs: 0 };
    const reasons = { malformed: 1, unknown: 1, 'wrong-secret': 1, expired: 1, retired: 1 };
    const callers = Array(9).fill(caller);
    const updates = [
      wrongKeyUpdate(0, {
        source: { kind: 'others' },
        requests: 1,
        reasons,
        firstAtMs: 0,
        lastAtMs: 0,
        callers,
      }),
      retiredUseUpdate(0, { keyId: 'k', version: 1, address: 'a', userAgent: 'u', atMs: 0 }),
    ];
    for (const { Key, ExpressionAttributeNames } of updates) {
      const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
      expect(written.filter((attribute) => !covered(attribute, WRITABLE_OF_WRONG_KEYS))).toEqual([]);
      expect(Key['pk']).toMatch(/^WRONG#/);
    }
  });

  it('covers all that noting a trouble with the pepper writes, and nothing by which it is told', () => {
    const fault = { trouble: 'missing', pepperVersion: '1', windowMs: 0, firstAtMs: 0, lastAtMs: 0 } as const;
    for (const user of PEPPER_USERS) {
      const { Key, ExpressionAttributeNames } = pepperFaultUpdate({ ...fault, metBy: { [user]: 1 } });
      const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
      expect(written.filter((attribute) => !covered(attribute, writableOfFaults(user)))).toEqual([]);
      expect(Key['pk']).toBe('FAULTS');
      for (const told of Object.values(TOLD_ATTRIBUTES))
        expect(covered(told, writableOfFaults(user))).toBe(false);
    }
  });

  it('is nothing that decides: no status, version list, scope, owner, rotation or audit head', () => {
    const deciding = AUTHORIZING_ATTRIBUTES.filter((name) => !/^first(Uses|Refusals)Ms$/.test(name));
    const more = ['rotation', 'revision', 'audit', 'policy', 'dueAtMs', 'sealed', 'event'];
    expect([...deciding, ...more].filter((attribute) => covered(attribute))).toEqual([]);
  });
});

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

describe('the role of the digest', () => {
  it('reads events and where they end, writes the audit’s own chain, adds objects, signs, and can do nothing else', () => {
    const bucket = arnOf(template, 'AWS::S3::Bucket', 'KeysAuditTrail');
    const signingKey = arnOf(template, 'AWS::KMS::Key', 'KeysAuditTrail');
    const filed = ['auditDayPk', 'auditTimeSk', 'auditOwnerPk', 'auditActorPk', 'auditKindPk'];
    const attributes = { 'dynamodb:Attributes': ['pk', 'sk', 'event', 'audit', ...filed] };
    const reading = (...partitions: string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions, ...attributes },
    });
    expect(statementsOf(template, 'KeysAuditTrailFn')).toEqual([
      logs('KeysAuditTrail'),
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: {
          ...reading('KEY#*', 'PEPPER', 'CHAIN#*'),
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      { actions: ['dynamodb:BatchGetItem'], resources: [TABLE], conditions: reading('KEY#*') },
      { actions: ['dynamodb:Query', 'dynamodb:Scan'], resources: [`${TABLE}/index/auditByTime`] },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CHAIN#audit'] } },
      },
      dataKey,
      { actions: ['kms:GetPublicKey', 'kms:Sign'], resources: [signingKey] },
      { actions: ['s3:ListBucketVersions'], resources: [bucket] },
      {
        actions: ['s3:GetObjectVersion', 's3:PutObject'],
        resources: ['digests', 'heads', 'moved'].map((kind) => `${bucket}/${kind}/*`),
      },
    ]);
  });
});

describe('the role of the observer', () => {
  it('reads counters and the index of rotations, tells the bus, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysObserverFn')).toEqual([
      logs('KeysObserver'),
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['KEY#*'],
            'dynamodb:Attributes': ['pk', 'sk', 'version', 'lastUsedAtMs', 'minute_*'],
          },
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/byRotation`] },
      dataKey,
      {
        actions: ['events:PutEvents'],
        resources: [arnOf(template, 'AWS::Events::EventBus', 'KeysObserver')],
      },
      {
        actions: ['lambda:InvokeFunction'],
        resources: [arnOf(template, 'AWS::Lambda::Function', 'KeysWatch')],
      },
    ]);
  });
});

describe('the role of who puts on record what others see', () => {
  const leading = (...keys: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } });

  it('reads counters of wrong keys and troubles with the pepper, writes keys and two chains, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysWatchFn')).toEqual([
      logs('KeysWatch'),
      {
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: leading('KEY#*'),
      },
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: leading('CHAIN#wrong-keys', 'FAULTS', 'PEPPER', 'WRONG#*'),
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: leading('CHAIN#wrong-keys', 'KEY#*', 'PEPPER', 'WRONG#*'),
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['FAULTS'],
            'dynamodb:Attributes': ['pk', 'sk', ...Object.values(TOLD_ATTRIBUTES)],
          },
        },
      },
      dataKey,
    ]);
    expect(partitionOfChain('wrong-keys')).toBe('CHAIN#wrong-keys');
  });
});

describe('the role of who tells of events', () => {
  it('reads the stream and which webhooks there are, tells the bus and the outbox, has uses put on record, says what was given up on, and can do nothing else', () => {
    expect(statementsOf(template, 'KeysPublishingFn')).toEqual([
      logs('KeysPublishing'),
      {
        actions: ['events:PutEvents'],
        resources: [arnOf(template, 'AWS::Events::EventBus', 'KeysObserver')],
      },
      {
        actions: ['dynamodb:Query'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['WEBHOOKS'] } },
      },
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['WEBHOOK#*'] } },
      },
      dataKey,
      {
        actions: ['dynamodb:PutItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ALERT#*'] } },
      },
      {
        actions: ['lambda:InvokeFunction'],
        resources: [arnOf(template, 'AWS::Lambda::Function', 'KeysWatch')],
      },
      {
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [TABLE.replace('.Arn', '.StreamArn')],
      },
      { actions: ['dynamodb:ListStreams'], resources: [`${TABLE}/stream/*`] },
      { actions: ['sqs:SendMessage'], resources: [arnOf(template, 'AWS::SQS::Queue', 'KeysPublishing')] },
    ]);
  });
});

describe('the role of who sends notices', () => {
  it('reads and settles notices alone, finds those that are due, and can do nothing else', () => {
    const partitions = { 'dynamodb:LeadingKeys': ['KEY#*', 'WEBHOOK#*', 'ALERT#*'] };
    const of = (attributes: string[]) => ({
      'ForAllValues:StringLike': { ...partitions, 'dynamodb:Attributes': attributes },
    });
    const webhooks = (partitions: string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    });
    expect(statementsOf(template, 'KeysOutboxFn')).toEqual([
      logs('KeysOutbox'),
      {
        actions: ['dynamodb:GetItem'],
        resources: [TABLE],
        conditions: {
          ...of(['pk', 'sk', 'notice', 'state']),
          StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: of(['pk', 'sk', 'state', 'noticePk', 'noticeSk', 'ttl']),
      },
      { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/byNotice`] },
      dataKey,
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [TABLE],
        conditions: webhooks(['WEBHOOKS', 'WEBHOOK#*', 'CHAIN#webhook/*']),
      },
      { actions: ['dynamodb:UpdateItem'], resources: [TABLE], conditions: webhooks(['WEBHOOK#*']) },
      OPENING_WEBHOOKS,
      {
        actions: ['sns:Publish'],
        resources: [`<${only(template, 'AWS::SNS::Topic', 'KeysSecurity').id}>`],
      },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [arnOf(template, 'AWS::KMS::Key', 'KeysSecurity')],
        conditions: { StringEquals: { 'kms:ViaService': expect.anything() } },
      },
      {
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [TABLE.replace('.Arn', '.StreamArn')],
      },
      { actions: ['dynamodb:ListStreams'], resources: [`${TABLE}/stream/*`] },
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
