/** Whether a change left exactly the audit event that belongs to it. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { Commit } from './commit.ts';

/** What each process may put on record. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  issue: ['key.issued', 'version.offered', 'version.not-delivered'],
  deliver: ['version.offered', 'version.not-delivered'],
  'deliver again': ['version.offered', 'version.not-delivered'],
  renew: ['version.claimed'],
  'open link': ['version.claimed', 'claim.refused'],
  begin: ['rotation.started', 'rotation.taken-over'],
  generate: ['version.generated'],
  undelivered: ['version.not-delivered'],
  activate: ['version.activated', 'rotation.failed'],
  judge: ['rotation.judged', 'rotation.postponed', 'rotation.reminded', 'rotation.looked'],
  retire: ['version.retired'],
  abandon: ['rotation.failed'],
  claim: ['version.claimed'],
  rollback: ['rotation.rolled-back'],
  disable: ['key.disabled'],
  enable: ['key.enabled'],
  revoke: ['key.revoked'],
  exempt: ['key.exempted'],
  'end exemption': ['key.unexempted'],
};

/** Reckoned here once more, so that the product's own check is not its judge. */
function hashOf({ hash: _said, ...rest }: AuditEvent): string {
  return createHash('sha256')
    .update(canonicalize(rest) as string)
    .digest('hex');
}

/** @returns what is wrong with the events after a change, or undefined */
export function objectionToEvent(commit: Commit, events: readonly AuditEvent[]): string | undefined {
  const { book, after, at, process } = commit;
  const { kind } = process.task;
  const added = events.slice(book.changes);
  const [event] = added;
  if (!event || added.length > 1) return `'${kind}' changed it with ${added.length} audit events`;
  if (event.sequence !== book.changes + 1 || event.previousHash !== book.lastHash) {
    return `the event of '${kind}' does not follow the one before`;
  }
  if (event.hash !== hashOf(event)) return `the event of '${kind}' has another hash than its own`;
  if (after.audit.hash !== event.hash || after.audit.sequence !== event.sequence) {
    return `the record does not end in the event of '${kind}'`;
  }
  if (after.revision !== book.changes + 1) return `'${kind}' made it revision ${after.revision}`;
  if (!ACTIONS[kind]?.includes(event.action)) return `'${kind}' is on record as ${event.action}`;
  if (event.keyId !== book.keyId) return `the event of '${kind}' is of key ${event.keyId}`;
  if (event.atMs < process.began.atMs || event.atMs > at.atMs)
    return `the event of '${kind}' has another time`;
  return objectionToDetail(commit, event);
}

/** What the event says became of a version has become of it. */
function objectionToDetail({ before, after }: Commit, { action, detail }: AuditEvent): string | undefined {
  const statusOf = (record: typeof after) =>
    record.versions.find(({ version }) => version === detail['version'])?.status;
  const becomes = {
    'version.activated': 'active',
    'version.retired': 'retired',
    'version.generated': 'pending',
  };
  const status = becomes[action as keyof typeof becomes];
  if (status === undefined) return undefined;
  const isTrue = statusOf(after) === status && statusOf(before) !== status;
  return isTrue
    ? undefined
    : `it is on record that version ${detail['version']} became ${status}, and it did not`;
}

/** Whether a key's whole chain, as it is stored at the end, still holds. */
export function objectionToChain(events: readonly AuditEvent[]): string | undefined {
  let previousHash = '0'.repeat(64);
  for (const [index, event] of events.entries()) {
    const follows = event.sequence === index + 1 && event.previousHash === previousHash;
    if (!follows || event.hash !== hashOf(event)) return `event ${index + 1} does not follow the one before`;
    previousHash = event.hash;
  }
  return undefined;
}
