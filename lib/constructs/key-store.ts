/** The table of keys, the key it is encrypted with, the pepper, and the key that seals new keys. */
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
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
import { BACKUP_CONTEXT, SEAL_CONTEXT } from '../../rules/seal-context.ts';
import { INDEX_AUDIT_BY_TIME, TABLE_INDEXES } from '../../rules/table-indexes.ts';
import { FAULTS_PARTITION } from '../../rules/table-items.ts';
import { keySecretArns } from './key-secret-arns.ts';
import type { NodeFunction } from './node-function.ts';
import { StoreAccess } from './store-access.ts';
import {
  COUNTER_ATTRIBUTES,
  EVENT_ATTRIBUTES,
  TOLD_ATTRIBUTES,
  USE_ATTRIBUTES,
  WRONG_KEY_ATTRIBUTES,
} from './table-attributes.ts';
import { TellingGrants } from './telling-grants.ts';

export interface KeyStoreProps {
  readonly removalPolicy: RemovalPolicy;
}

const string = (name: string) => ({ name, type: AttributeType.STRING });

export class KeyStore extends Construct {
  readonly table: Table;
  readonly pepper: Secret;
  readonly sealKey: Key;
  readonly dataKey: Key;
  /** For what is told of keys, and to whom. */
  readonly telling: TellingGrants;
  readonly #access: StoreAccess;

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
    this.#access = new StoreAccess(this);
    this.telling = new TellingGrants(this.table, this.#access);
  }

  /** One consistent read, and writes of use counters alone. */
  grantAuthorizing(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['KEY#*']);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['KEY#*'], USE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WRONG#*'], WRONG_KEY_ATTRIBUTES);
    this.#access.allowNotingFaults(fn, 'authorizer');
    this.#access.allowPepper(fn);
    this.#access.allowDataKey(fn);
  }

  /** Reads and writes of whole keys. */
  grantManaging(fn: NodeFunction<unknown>): void {
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];
    this.#access.allowAll(
      fn,
      actions.map((action) => `dynamodb:${action}`),
      TABLE_INDEXES.map(({ name }) => name),
    );
    this.#access.allowPepper(fn);
    this.#access.allowDataKey(fn);
  }

  /** Finding due keys in their index, and reading each of them. */
  grantSweeping(fn: NodeFunction<unknown>): void {
    this.#access.allowAll(fn, ['dynamodb:GetItem']);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byDueDate');
    this.#access.allowDataKey(fn);
  }

  /** Finding running rotations in their index, and reading counters: no hash, no scope, no key's item. */
  grantObserving(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:Query'], ['KEY#*'], COUNTER_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byRotation');
    this.#access.allowDataKey(fn);
  }

  /** Reading every chain of events and where keys have theirs end, and writing the audit's own chain: no key. */
  grantDigesting(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:Query'], ['KEY#*', 'PEPPER', 'CHAIN#*'], EVENT_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:BatchGetItem'], ['KEY#*'], EVENT_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query', 'dynamodb:Scan'], INDEX_AUDIT_BY_TIME);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['CHAIN#audit']);
    this.#access.allowDataKey(fn);
  }

  /**
   * Reading counters of wrong keys and troubles with the pepper, and putting on record what was seen: keys whole, since
   * their chains grow with them.
   */
  grantWatching(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['KEY#*']);
    const read = ['CHAIN#wrong-keys', FAULTS_PARTITION, 'PEPPER', 'WRONG#*'];
    this.#access.allowItems(fn, ['dynamodb:Query'], read);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['CHAIN#wrong-keys', 'KEY#*', 'PEPPER', 'WRONG#*']);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], [FAULTS_PARTITION], TOLD_ATTRIBUTES);
    this.#access.allowDataKey(fn);
  }

  /** Finding an emergency's keys and reading them, and writing what became of them: never a key itself. */
  grantRunning(fn: NodeFunction<unknown>): void {
    const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
    this.#access.allowAll(fn, reading, ['byOwner', 'byDueDate']);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['RUN#*', 'CHAIN#emergency/*']);
    this.#access.allowDataKey(fn);
  }

  /**
   * Reading every key and the pepper's record, and writing that record and the pepper: no key. The scan is of an index
   * that holds keys alone.
   */
  grantRotatingPepper(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], ['KEY#*']);
    this.#access.allowIndex(fn, ['dynamodb:Scan'], 'byOwner');
    this.#access.allowWritingPepper(fn, []);
    this.#access.allowNotingFaults(fn, 'pepper');
    this.#access.allowDataKey(fn);
  }

  /** Adding a pepper as Secrets Manager asks for it, beside what the function may do already. */
  grantAddingPepper(fn: NodeFunction<unknown>): void {
    this.#access.allowWritingPepper(fn, [
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecretVersionIds',
    ]);
    this.#access.allowNotingFaults(fn, 'secret-rotation');
  }

  /** Sealing a new key, and opening it again to verify it. */
  grantSealing(fn: NodeFunction<unknown>): void {
    this.#access.allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], SEAL_CONTEXT);
  }

  /** Opening a sealed new key. */
  grantOpening(fn: NodeFunction<unknown>): void {
    this.#access.allowSealKey(fn, ['kms:Decrypt'], SEAL_CONTEXT);
  }

  /** Encrypting what a vault held, and opening it to bring it back. */
  grantSealingBackups(fn: NodeFunction<unknown>): void {
    this.#access.allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], BACKUP_CONTEXT);
  }

  /** Handing a sealed new key to who proves to be its owner: one key's items, without any index and without the pepper. */
  grantTaking(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      ['KEY#*'],
    );
    this.grantOpening(fn);
    this.#access.allowDataKey(fn);
  }

  /** Reading single keys and what belongs to them. */
  grantReadingKeys(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['KEY#*']);
    this.#access.allowDataKey(fn);
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
}
