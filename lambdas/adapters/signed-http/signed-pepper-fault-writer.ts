/** Troubles with the pepper, noted by the authorizer. */
import type { PepperFaultCount } from '../../core/domain/pepper-fault.ts';
import type { PepperFaultWriter } from '../../core/ports/pepper-faults.ts';
import { pepperFaultUpdate } from '../dynamodb/pepper-fault-item.ts';
import type { CallAws } from './aws-call.ts';
import { updateItem } from './update-item.ts';

export class SignedPepperFaultWriter implements PepperFaultWriter {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  add(fault: PepperFaultCount): Promise<void> {
    return updateItem(this.#call, this.#table, pepperFaultUpdate(fault));
  }
}
