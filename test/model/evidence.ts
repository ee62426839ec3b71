/** What the ledger's own uses say of a migration. */

import {
  isBefore,
  type Judgement,
  type KeyBook,
  type RotationBook,
  type Use,
  type UsesSince,
  type Window,
} from './books.ts';
import type { Settings } from './commands.ts';
import type { Ledger } from './ledger.ts';
import type { Moment } from './moment.ts';

/** Counts are kept by the hour, and windows reach an hour back for late ones: this old, none is found any more. */
const LATEST_COUNT_MS = 2 * 3_600_000;
/** A machine's clock may be this much ahead of a function's. */
const CLOCK_TOLERANCE_MS = 1_000;

export interface JudgementFacts {
  readonly book: KeyBook;
  readonly rotation: RotationBook;
  /** When the process that judges began: what was answered before is on record, as far as it must be. */
  readonly began: Moment;
  readonly at: Moment;
  readonly endsAtMs: number;
}

export function judgementOf(ledger: Ledger, settings: Settings, facts: JudgementFacts): Judgement {
  const { book, rotation, began, at, endsAtMs } = facts;
  const { old, fresh } = rotation;
  const since = (window: Window | undefined): UsesSince => ({
    lastedMs: at.atMs - (window?.beganMs ?? at.atMs),
    oldUses: old ? leastCounted(old.uses, settings, window?.from, began) : 0,
    newUses: fresh ? mostCounted(ledger, book, fresh.version, window?.from) : 0,
  });
  return {
    ...since(book.window),
    sinceLook: since(book.look),
    wasEnabled: book.refusal === undefined,
    wasOnTime: at.atMs >= endsAtMs - CLOCK_TOLERANCE_MS,
    newIsReceived: fresh !== undefined && (fresh.isReceived || fresh.uses.length > 0),
    extensions: rotation.extensions,
  };
}

/**
 * Uses of the old version that no judgement may miss. An environment may still remember the version as active, or the
 * window before, for as long as its memory; then its first use in the window is written before the answer, and one in
 * each flush interval. So of each environment all are on record that lie a flush interval before its last, and one.
 */
function leastCounted(
  uses: readonly Use[],
  { memorySeconds, flushSeconds }: Settings,
  windowFrom: Moment | undefined,
  began: Moment,
): number {
  if (!windowFrom) return 0;
  const certain = uses.filter(
    ({ from, answered }) =>
      answered &&
      isBefore(windowFrom, from) &&
      from.atMs >= windowFrom.atMs + memorySeconds * 1000 &&
      isBefore(answered, began),
  );
  const environments = new Set(certain.map(({ environment }) => environment));
  return [...environments].reduce((sum, each) => {
    const own = certain.filter(({ environment }) => environment === each);
    const lastMs = Math.max(...own.map(({ from }) => from.atMs));
    const written = own.filter(({ from }) => from.atMs <= lastMs - flushSeconds * 1000);
    return sum + Math.max(1, written.length);
  }, 0);
}

/** Uses of a version that a judgement can have found: also late ones, unanswered ones, and those written twice. */
function mostCounted(ledger: Ledger, book: KeyBook, version: number, windowFrom: Moment | undefined): number {
  const sinceMs = (windowFrom?.atMs ?? 0) - LATEST_COUNT_MS;
  const uses = book.versions.get(version)?.uses.filter(({ from }) => from.atMs >= sinceMs) ?? [];
  const again = ledger.doubled.filter((each) => each.keyId === book.keyId && each.version === version);
  return uses.length + again.reduce((sum, { requests }) => sum + requests, 0);
}

/** Whether the books agree that the migration is done. */
export function isMigrated({ oldUses, newUses }: UsesSince, threshold: number): boolean {
  // A count of 2 in 3 divides to a little less than it should.
  return oldUses === 0 || newUses / (newUses + oldUses) >= threshold - 1e-9;
}
