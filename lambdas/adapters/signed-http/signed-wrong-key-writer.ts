/** Counters of wrong keys, written by the authorizer. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { WrongKeyCount } from '../../core/domain/wrong-key.ts';
import type { RetiredUse, WrongKeyWriter } from '../../core/ports/authorization.ts';
import type { UpdateParts } from '../dynamodb/use-item.ts';
import { retiredUseUpdate, wrongKeyUpdate } from '../dynamodb/wrong-key-item.ts';
import { AwsCallError, type CallAws } from './aws-call.ts';

export class SignedWrongKeyWriter implements WrongKeyWriter {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  addWrong(windowMs: number, count: WrongKeyCount): Promise<void> {
    return this.#update(wrongKeyUpdate(windowMs, count));
  }

  async noteRetiredUse(windowMs: number, use: RetiredUse): Promise<void> {
    try {
      await this.#update(retiredUseUpdate(windowMs, use));
    } catch (error) {
      // Another environment was first.
      if (!(error instanceof AwsCallError && error.code === 'ConditionalCheckFailedException')) throw error;
    }
  }

  async #update(parts: UpdateParts): Promise<void> {
    await this.#call({
      service: 'dynamodb',
      target: 'DynamoDB_20120810.UpdateItem',
      body: {
        TableName: this.#table,
        ...parts,
        Key: marshall(parts.Key),
        ExpressionAttributeValues: marshall(parts.ExpressionAttributeValues),
      },
    });
  }
}
