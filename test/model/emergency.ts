/** What an order makes of the old versions once the new one is accepted: announced, or refused from a time on. */
import type { Commit } from './commit.ts';
import { isAccepted } from './ledger.ts';
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
  const used = before.versions.find(({ status }) => status === 'active')?.version;
  for (const version of book.versions.values()) {
    if (version.version === newest || !isAccepted(version)) continue;
    const isGranted = !order.isImmediate && (version.version === used || !order.isEmergency);
    const graceMs = isGranted ? order.graceSeconds * 1000 : 0;
    if (order.isEmergency) {
      version.refusal = {
        from: { order: at.order, atMs: (isGranted ? process.began.atMs : at.atMs) + graceMs },
        atLatestMs: at.atMs + graceMs,
      };
    }
    const told = after.versions.find((each) => each.version === version.version)?.expiresAtMs ?? 0;
    if (told < process.began.atMs + graceMs || told > at.atMs + graceMs) {
      throw new Violation(3, `Version ${version.version} of key ${book.name} is announced to end at another time than its order says.`);
    }
  }
}
