/** What statements of the deployed stack's roles are about, in the words of `statementsOf`. */
import { expect } from 'vitest';
import { arnOf, type Statement } from '../../support/statements.ts';
import { deployedTemplate } from '../../support/synth.ts';
import { only, resources } from '../../support/template.ts';

export const template = deployedTemplate();

export const ROLES = resources(template, 'AWS::IAM::Role').map(({ id }) => id);

export const TABLE = arnOf(template, 'AWS::DynamoDB::Table', 'Keys');

export const PEPPER = `<${only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper').id}>`;

const DATA_KEY = arnOf(template, 'AWS::KMS::Key', 'KeysStoreDataKey');

export const SEAL_KEY = arnOf(template, 'AWS::KMS::Key', 'KeysStoreSealKey');

export const AUTHORIZERS = ['KeysAuthorizerExampleRest', 'KeysAuthorizerExampleHttp'];

export const MANAGERS = ['KeysAdmin', 'KeysWorkflowSteps'];

/** New keys, and nothing else that lies under the same key: a backup has another context. */
export const OPENING = {
  actions: ['kms:Decrypt'],
  resources: [SEAL_KEY],
  conditions: {
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['environment', 'keyId', 'version'] },
  },
};

/** Secrets of webhooks, and no new key. */
export const SEALING_WEBHOOKS = {
  actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
  resources: [SEAL_KEY],
  conditions: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['webhookId', 'what'] } },
};

/** Of the counters of troubles with the pepper, each function its own. */
export const writableOfFaults = (user: string) => ['pk', 'sk', 'firstAtMs', 'lastAtMs', 'ttl', `by_${user}`];

export const notingFaults = (user: string): Statement => ({
  actions: ['dynamodb:UpdateItem'],
  resources: [TABLE],
  conditions: {
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': ['FAULTS'],
      'dynamodb:Attributes': writableOfFaults(user),
    },
  },
});

export const logs = (prefix: string): Statement => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [arnOf(template, 'AWS::Logs::LogGroup', prefix)],
});

export const machineOf = (prefix: string): string =>
  `<${only(template, 'AWS::StepFunctions::StateMachine', prefix).id}>`;

export const executionsOf = (prefix: string): string =>
  `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${nameOf(prefix)}:*`;

export const nameOf = (prefix: string): string =>
  String(only(template, 'AWS::StepFunctions::StateMachine', prefix).properties['StateMachineName']);

export const SECRETS = 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:keyturn/*';

/** Writes keys' secrets, and reads none. */
export const PLACING = [
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
export const READING = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:ListSecretVersionIds',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];

export const pepper: Statement = { actions: ['secretsmanager:GetSecretValue'], resources: [PEPPER] };

export const dataKey = {
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
