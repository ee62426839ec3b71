/** Use counters, written by the authorizer. */
import type { UseIncrement, UseWriter } from '../../core/ports/authorization.ts';
import { META, partitionOf } from '../dynamodb/key-item.ts';
import { type UpdateParts, useUpdate } from '../dynamodb/use-item.ts';
import type { CallAws } from './aws-call.ts';
import { isConditionFailed, updateItem } from './update-item.ts';

export class SignedUseWriter implements UseWriter {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  async add(increment: UseIncrement): Promise<void> {
    try {
      await this.#update(useUpdate(increment));
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      // The item's list of callers is full: the use still counts.
      await this.#update(useUpdate({ ...increment, callers: [] }));
    }
  }

  noteFirstUse(keyId: string, version: number, atMs: number): Promise<void> {
    return this.#noteFirst('firstUsesMs', keyId, version, atMs);
  }

  noteFirstRefusal(keyId: string, version: number, atMs: number): Promise<void> {
    return this.#noteFirst('firstRefusalsMs', keyId, version, atMs);
  }

  async #noteFirst(
    what: 'firstUsesMs' | 'firstRefusalsMs',
    keyId: string,
    version: number,
    atMs: number,
  ): Promise<void> {
    try {
      await this.#update({
        Key: { pk: partitionOf(keyId), sk: META },
        UpdateExpression: 'SET #f.#v = :at',
        // Never makes an item: a key that is gone stays gone. Never moves what is known.
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#f.#v)',
        ExpressionAttributeNames: { '#f': what, '#v': String(version) },
        ExpressionAttributeValues: { ':at': atMs },
      });
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }

  #update(parts: UpdateParts): Promise<void> {
    return updateItem(this.#call, this.#table, parts);
  }
}
