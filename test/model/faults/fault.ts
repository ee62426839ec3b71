/** A deliberate fault: the product with one thing wrong, which the model must find. */
import type { DeliveryName } from '../commands.ts';
import type { Weights } from '../generators.ts';
import type { Parts } from '../parts.ts';
import type { Invariant } from '../violation.ts';

export interface Fault {
  readonly name: string;
  /** Any of these may be seen first. */
  readonly breaks: readonly Invariant[];
  /** What its stories are about, where it shows in few of all others. */
  readonly shownBy?: Weights;
  /** Of the first key of its stories, where it shows with one alone. */
  readonly delivery?: DeliveryName;
  /** Where it shows only while others write as well. */
  readonly inRaces?: true;
  readonly spoil: (parts: Parts) => Parts;
}
