/** What the steps of the pepper's rotation need from outside, and how they answer the state machine. */
import type { PepperNeeds } from '../domain/pepper-rotation.ts';
import { WRITERS_SETTLE_AFTER_MS } from '../domain/pepper-timing.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeyWalk, PepperRecord, PepperSecret } from '../ports/pepper-rotation.ts';
import type { PepperOrder } from './pepper-order.ts';
import { waitUntil } from './wait-until.ts';

export interface PepperDeps {
  readonly secret: PepperSecret;
  readonly record: PepperRecord;
  readonly keys: KeyWalk;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** One execution of the pepper machine. */
export interface PepperRun {
  readonly executionId: string;
  readonly order: PepperOrder;
}

/** A count as far as it has come. It holds only while the secret is the one that it was begun with. */
export interface PepperCount {
  readonly secretRevision: string;
  /** The id of the key that was counted last; empty before the first. */
  readonly after: string;
  readonly needs: PepperNeeds;
}

/** Where the machine goes next. Names, ids, numbers and times only: nothing here may not be seen by everybody. */
export interface PepperStepResult {
  readonly next: 'add' | 'wait' | 'count' | 'drop' | 'done' | 'refuse';
  /** The pepper that was added. */
  readonly pepperVersion?: string;
  /** ISO 8601 UTC, whole seconds; with `wait`. */
  readonly waitUntil?: string;
  readonly count?: PepperCount;
  readonly dropped?: readonly string[];
  /** Needed by versions and not in the secret. */
  readonly missing?: readonly string[];
  /** In the secret, and not what was added. */
  readonly altered?: readonly string[];
  /** In words for who reads the execution. */
  readonly message?: string;
}

/** The count begins once nobody hashes under another pepper than the current one of this very secret. */
export const waitForWriters = (
  { clock }: Pick<PepperDeps, 'clock'>,
  secretRevision: string,
): PepperStepResult => ({
  next: 'wait',
  waitUntil: waitUntil(clock() + WRITERS_SETTLE_AFTER_MS),
  count: { secretRevision, after: '', needs: {} },
});
