/** Counters of wrong keys, written by the authorizer. */
import type { WrongKeyCount } from '../../core/domain/wrong-key.ts';
import type { RetiredUse, WrongKeyWriter } from '../../core/ports/authorization.ts';
import { retiredUseUpdate, wrongKeyUpdate } from '../dynamodb/wrong-key-item.ts';
import type { CallAws } from './aws-call.ts';
import { isConditionFailed, updateItem } from './update-item.ts';

export class SignedWrongKeyWriter implements WrongKeyWriter {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  addWrong(windowMs: number, count: WrongKeyCount): Promise<void> {
    return updateItem(this.#call, this.#table, wrongKeyUpdate(windowMs, count));
  }

  async noteRetiredUse(windowMs: number, use: RetiredUse): Promise<void> {
    try {
      await updateItem(this.#call, this.#table, retiredUseUpdate(windowMs, use));
    } catch (error) {
      // Another environment was first.
      if (!isConditionFailed(error)) throw error;
    }
  }
}
