/** An emergency of many keys that says it is done: whether no version that was known when it began is let in. */
import { isAccepted, isBefore, type RunBook } from './books.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export function checkRun({ clock }: World, { label, since, known, isImmediate }: RunBook): void {
  for (const { book, version } of known) {
    // Refused by its state meanwhile, it was left out, and said so.
    if (book.refusal || isBefore(since, book.enabledSince)) continue;
    if (!isAccepted(version) || (version.takenBack && isBefore(since, version.takenBack))) continue;
    const { refusal } = version;
    if (refusal && (!isImmediate || clock.nowMs >= refusal.from.atMs)) continue;
    const seen = `${label} says that it is done, and version ${version.version} of key ${book.name}`;
    throw new Violation(5, `${seen}, which was known when it began, has no end${refusal ? ' yet' : ''}.`);
  }
}
