/** What a function may reach of the store: beside the table the pepper, and the keys that both and new keys lie under. */
import { Aws } from 'aws-cdk-lib';
import type { PepperUser } from '../../lambdas/core/domain/pepper-fault.ts';
import { FAULTS_PARTITION } from '../../rules/table-items.ts';
import type { KeyStore } from './key-store.ts';
import type { NodeFunction } from './node-function.ts';
import { TableAccess } from './table-access.ts';
import { faultAttributes } from './table-attributes.ts';

type Stored = Pick<KeyStore, 'table' | 'pepper' | 'sealKey' | 'dataKey'>;

export class StoreAccess extends TableAccess {
  readonly #store: Stored;

  constructor(store: Stored) {
    super(store.table);
    this.#store = store;
  }

  allowPepper(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [this.#store.pepper.secretArn] });
  }

  allowWritingPepper(fn: NodeFunction<unknown>, looking: string[]): void {
    this.allowItems(fn, ['dynamodb:Query', 'dynamodb:PutItem'], ['PEPPER']);
    fn.allow({
      actions: [
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
        ...looking,
      ],
      resources: [this.#store.pepper.secretArn],
    });
  }

  /** Counting troubles with the pepper, in attributes of its own. */
  allowNotingFaults(fn: NodeFunction<unknown>, user: PepperUser): void {
    this.allowItems(fn, ['dynamodb:UpdateItem'], [FAULTS_PARTITION], faultAttributes(user));
  }

  /** A context of other entries than these is of something else that lies under the same key. */
  allowSealKey(fn: NodeFunction<unknown>, actions: string[], context: readonly string[]): void {
    fn.allow({
      actions,
      resources: [this.#store.sealKey.keyArn],
      conditions: { 'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': [...context] } },
    });
  }

  /** Only on the way through the two services that hold data under it. */
  allowDataKey(fn: NodeFunction<unknown>): void {
    fn.allow({
      actions: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      resources: [this.#store.dataKey.keyArn],
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
