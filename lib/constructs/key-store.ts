/** The table of keys, the key it is encrypted with, the pepper, and the key that seals new keys. */
import { Aws, type CfnElement, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { BACKUP_CONTEXT, SEAL_CONTEXT, WEBHOOK_CONTEXT } from '../../rules/seal-context.ts';
import { INDEX_AUDIT_BY_TIME, TABLE_INDEXES } from '../../rules/table-indexes.ts';
import { keySecretArns } from './key-secret-arns.ts';
import type { NodeFunction } from './node-function.ts';
import { TableAccess } from './table-access.ts';

export interface KeyStoreProps {
  readonly removalPolicy: RemovalPolicy;
}

/** What the authorizer may change: use counters, first uses and first refusals, never a status, a version or a scope. */
const USE_ATTRIBUTES = [
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

/** What a chain of events is checked from: no hash of a key, no seal. */
const EVENT_ATTRIBUTES = [
  'pk',
  'sk',
  'event',
  'audit',
  ...new Set(
    TABLE_INDEXES.filter(({ carries }) => carries?.includes('event')).flatMap(({ pk, sk }) => [pk, sk]),
  ),
];

/** What a sender reads of a notice. */
const NOTICE_ATTRIBUTES = ['pk', 'sk', 'notice', 'state'];

/** What changes of a notice. */
const STATE_ATTRIBUTES = ['pk', 'sk', 'state', 'noticePk', 'noticeSk', 'ttl'];

/** What the authorizer may change of the counters of wrong keys, which are no key's. */
const WRONG_KEY_ATTRIBUTES = [
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

/** What the minutes of a rotation are read from. */
const COUNTER_ATTRIBUTES = ['pk', 'sk', 'version', 'lastUsedAtMs', 'minute_*'];

const string = (name: string) => ({ name, type: AttributeType.STRING });

export class KeyStore extends Construct {
  readonly table: Table;
  readonly pepper: Secret;
  readonly sealKey: Key;
  readonly dataKey: Key;
  readonly #access: TableAccess;

  constructor(scope: Construct, id: string, { removalPolicy }: KeyStoreProps) {
    super(scope, id);
    this.dataKey = new Key(this, 'DataKey', {
      description: 'Keyturn: the table of keys, the pepper, and keys that clients read from Secrets Manager',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.#letReadersDecrypt();
    this.sealKey = new Key(this, 'SealKey', {
      description: 'Keyturn: data keys that seal a new key until its one delivery',
      enableKeyRotation: true,
      removalPolicy,
    });
    // `Table`, not `TableV2`: with a customer-managed key the latter cannot be synthesized without naming a Region.
    this.table = new Table(this, 'Table', {
      partitionKey: string('pk'),
      sortKey: string('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.dataKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'ttl',
      // What is to be told leaves from here: it is written in the transaction that causes it.
      stream: StreamViewType.NEW_IMAGE,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
    this.#access = new TableAccess(this.table);
    for (const { name, pk, sk, carries } of TABLE_INDEXES) {
      this.table.addGlobalSecondaryIndex({
        indexName: name,
        partitionKey: string(pk),
        sortKey: string(sk),
        ...(carries
          ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...carries] }
          : { projectionType: ProjectionType.KEYS_ONLY }),
      });
    }
    this.pepper = new Secret(this, 'Pepper', {
      description: 'Keyturn: the pepper under which keys are hashed. Losing it refuses every key.',
      encryptionKey: this.dataKey,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ current: '1' }),
        generateStringKey: '1',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy,
    });
  }

  /** One consistent read, and writes of use counters alone. */
  grantAuthorizing(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['KEY#*']);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['KEY#*'], USE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WRONG#*'], WRONG_KEY_ATTRIBUTES);
    this.#grantPepper(fn);
    this.#grantDataKey(fn);
  }

  /** Reads and writes of whole keys. */
  grantManaging(fn: NodeFunction<unknown>): void {
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    this.#access.allowAll(
      fn,
      actions.map((action) => `dynamodb:${action}`),
      TABLE_INDEXES.map(({ name }) => name),
    );
    this.#grantPepper(fn);
    this.#grantDataKey(fn);
  }

  /** Finding due keys in their index, and reading each of them. */
  grantSweeping(fn: NodeFunction<unknown>): void {
    this.#access.allowAll(fn, ['dynamodb:GetItem']);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byDueDate');
    this.#grantDataKey(fn);
  }

  /** Finding running rotations in their index, and reading counters: no hash, no scope, no key's item. */
  grantObserving(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:Query'], ['KEY#*'], COUNTER_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byRotation');
    this.#grantDataKey(fn);
  }

  /** Reading every chain of events and where keys have theirs end, and writing the audit's own chain: no key. */
  grantDigesting(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:Query'], ['KEY#*', 'PEPPER', 'CHAIN#*'], EVENT_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:BatchGetItem'], ['KEY#*'], EVENT_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query', 'dynamodb:Scan'], INDEX_AUDIT_BY_TIME);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['CHAIN#audit']);
    this.#grantDataKey(fn);
  }

  /** Reading counters of wrong keys, and putting on record what was seen: keys whole, since their chains grow with them. */
  grantWatching(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['KEY#*']);
    this.#access.allowItems(fn, ['dynamodb:Query'], ['CHAIN#wrong-keys', 'WRONG#*']);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['CHAIN#wrong-keys', 'KEY#*', 'WRONG#*']);
    this.#grantDataKey(fn);
  }

  /** Finding an emergency's keys and reading them, and writing what became of them: never a key itself. */
  grantRunning(fn: NodeFunction<unknown>): void {
    const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
    this.#access.allowAll(fn, reading, ['byOwner', 'byDueDate']);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['RUN#*', 'CHAIN#emergency/*']);
    this.#grantDataKey(fn);
  }

  /**
   * Reading every key and the pepper's record, and writing that record and the pepper: no key. The scan is of an index
   * that holds keys alone.
   */
  grantRotatingPepper(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], ['KEY#*']);
    this.#access.allowIndex(fn, ['dynamodb:Scan'], 'byOwner');
    this.#grantWritingPepper(fn, []);
    this.#grantDataKey(fn);
  }

  /** Adding a pepper as Secrets Manager asks for it, beside what the function may do already. */
  grantAddingPepper(fn: NodeFunction<unknown>): void {
    this.#grantWritingPepper(fn, ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecretVersionIds']);
  }

  /** Sealing a new key, and opening it again to verify it. */
  grantSealing(fn: NodeFunction<unknown>): void {
    this.#allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], SEAL_CONTEXT);
  }

  /** Opening a sealed new key. */
  grantOpening(fn: NodeFunction<unknown>): void {
    this.#allowSealKey(fn, ['kms:Decrypt'], SEAL_CONTEXT);
  }

  /** Encrypting what a vault held, and opening it to bring it back. */
  grantSealingBackups(fn: NodeFunction<unknown>): void {
    this.#allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], BACKUP_CONTEXT);
  }

  /** Handing a sealed new key to who proves to be its owner: one key's items, without any index and without the pepper. */
  grantTaking(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      ['KEY#*'],
    );
    this.grantOpening(fn);
    this.#grantDataKey(fn);
  }

  /** Whether mail to an address comes back. */
  grantLookingAtAddresses(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:GetItem'], ['MAIL#*'], ['pk', 'sk', 'mailBlock']);
  }

  /** Putting on record what became of mail: of keys with their notices, and of addresses. */
  grantSettlingMail(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['KEY#*', 'MAIL#*'],
    );
    // A webhook's owner is told by mail too: of what lies with it the notices alone.
    this.#access.allowReading(fn, ['dynamodb:GetItem'], ['WEBHOOK#*'], NOTICE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WEBHOOK#*'], STATE_ATTRIBUTES);
    this.#grantDataKey(fn);
  }

  /** Reading single keys and what belongs to them. */
  grantReadingKeys(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['KEY#*']);
    this.#grantDataKey(fn);
  }

  /** Reading the stream of changes; which of them a function is shown, its mapping's filter says. */
  grantReadingStream(fn: NodeFunction<unknown>): void {
    const stream = this.table.tableStreamArn as string;
    fn.allow({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [stream],
    });
    // A list is of all streams of a table, and of none by its own name.
    fn.allow({ actions: ['dynamodb:ListStreams'], resources: [`${this.table.tableArn}/stream/*`] });
    fn.acknowledge(
      `AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(this.table.node.defaultChild as CfnElement)}.Arn>/stream/*]`,
      'Listing the streams of the one table.',
    );
    this.#grantDataKey(fn);
  }

  /** Notices alone, wherever they lie: of a key's own item neither its versions nor anything else. */
  grantSending(fn: NodeFunction<unknown>): void {
    const partitions = ['KEY#*', 'WEBHOOK#*', 'ALERT#*'];
    this.#access.allowReading(fn, ['dynamodb:GetItem'], partitions, NOTICE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], partitions, STATE_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byNotice');
    this.#grantDataKey(fn);
  }

  /** Which webhooks there are, and what is to be sent to them: no key and no secret of a webhook in clear. */
  grantTellingWebhooks(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:Query'], ['WEBHOOKS']);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['WEBHOOK#*']);
    this.#grantDataKey(fn);
  }

  /** Webhooks, what is on record of them and what was sent to them, and the secrets to sign by: nothing of keys. */
  grantCallingWebhooks(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      ['WEBHOOKS', 'WEBHOOK#*', 'CHAIN#webhook/*'],
    );
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WEBHOOK#*']);
    this.#allowSealKey(fn, ['kms:Decrypt'], WEBHOOK_CONTEXT);
    this.#grantDataKey(fn);
  }

  /** Sealing the secrets of webhooks, and opening them to sign by. */
  grantSealingWebhooks(fn: NodeFunction<unknown>): void {
    this.#allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], WEBHOOK_CONTEXT);
  }

  /** How addresses want their mails, and nothing else. */
  grantReadingOwnerSettings(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['OWNER#*']);
  }

  /** Changing how addresses want their mails, with the events of that: no key. */
  grantOwnerSettings(fn: NodeFunction<unknown>): void {
    this.grantReadingOwnerSettings(fn);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['OWNER#*', 'CHAIN#owner/*']);
    this.#grantDataKey(fn);
  }

  /** Putting security alerts into the outbox, which lie apart from keys. */
  grantAlerting(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['ALERT#*']);
  }

  /** Whether the key can be used, asked before a rotation starts. */
  grantLookingAtDataKey(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['kms:DescribeKey'], resources: [this.dataKey.keyArn] });
  }

  /**
   * Whoever of the account may read a key's secret may have it decrypted on the way: who that is, its resource policy
   * and IAM say. By its ARN, which Secrets Manager authenticates with each text, and so neither the pepper nor the table.
   */
  #letReadersDecrypt(): void {
    this.dataKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReadersOfKeySecrets',
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:CallerAccount': Aws.ACCOUNT_ID,
            'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}`,
          },
          StringLike: { 'kms:EncryptionContext:SecretARN': keySecretArns() },
        },
      }),
    );
  }

  /** A context of other entries than these is of something else that lies under the same key. */
  #allowSealKey(fn: NodeFunction<unknown>, actions: string[], context: readonly string[]): void {
    fn.allow({
      actions,
      resources: [this.sealKey.keyArn],
      conditions: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': [...context] } },
    });
  }

  #grantWritingPepper(fn: NodeFunction<unknown>, looking: string[]): void {
    this.#access.allowItems(fn, ['dynamodb:Query', 'dynamodb:PutItem'], ['PEPPER']);
    fn.allow({
      actions: [
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
        ...looking,
      ],
      resources: [this.pepper.secretArn],
    });
  }

  #grantPepper(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [this.pepper.secretArn] });
  }

  /** Only on the way through the two services that hold data under it. */
  #grantDataKey(fn: NodeFunction<unknown>): void {
    fn.allow({
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [this.dataKey.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': ['dynamodb', 'secretsmanager'].map(
            (service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`,
          ),
        },
      },
    });
  }
}
