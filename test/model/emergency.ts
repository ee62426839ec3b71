/** What an order makes of the old versions once the new one is accepted: announced, or refused from a time on. */

import { bothAccepted, isAccepted, refusedAt } from './books.ts';
import type { Commit } from './commit.ts';
import { Violation } from './violation.ts';

/**
 * By the order alone, whatever is stored: after an emergency every older version is refused, the one that clients use
 * when the grace period is over that the order gives.
 */
export function enterOrder({ book, before, after, at, process }: Commit): void {
  const order = book.rotations.get(process.task.rotationId ?? '');
  if (process.task.kind !== 'activate' || !order) return;
  const newest = Math.max(...after.versions.map(({ version }) => version));
  const isDone = after.versions.some(({ version, status }) => version === newest && status === 'active');
  if (!isDone) return;
  Object.assign(order, bothAccepted(book));
  const used = before.versions.find(({ status }) => status === 'active')?.version;
  for (const version of book.versions.values()) {
    if (version.version === newest || !isAccepted(version)) continue;
    const isGranted = !order.isImmediate && (version.version === used || !order.isEmergency);
    const graceMs = order.graceSeconds * 1000;
    if (!isGranted) {
      version.refusal = refusedAt(at, process);
      continue;
    }
    const [fromMs, toMs] = [process.began.atMs + graceMs, at.atMs + graceMs];
    if (order.isEmergency) {
      const from = { order: at.order, atMs: fromMs };
      version.refusal = { from, atLatestMs: toMs, by: undefined, settled: undefined };
    }
    const told = after.versions.find((each) => each.version === version.version)?.expiresAtMs ?? 0;
    if (told < fromMs || told > toMs) {
      const seen = `Version ${version.version} of key ${book.name} is announced to end`;
      throw new Violation(3, `${seen} at another time than its order says.`);
    }
  }
}
