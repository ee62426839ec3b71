/** A change of a key as it was stored: held against the invariants, and entered in the books. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord, KeyVersion } from '../../lambdas/core/domain/key-record.ts';
import type { VersionStatus } from '../../rules/words.ts';
import { objectionToEvent } from './audit.ts';
import { isAccepted, isBefore, type KeyBook, refusedAt, type VersionBook } from './books.ts';
import { enterOrder } from './emergency.ts';
import type { Moment } from './moment.ts';
import type { Process } from './process.ts';
import { checkRetirement } from './retirement.ts';
import { enterRotation, openWindow } from './rotations.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export interface Commit {
  readonly world: World;
  readonly process: Process;
  readonly book: KeyBook;
  readonly before: KeyRecord;
  readonly after: KeyRecord;
  /** The last one that the key has now. */
  readonly event: AuditEvent;
  readonly at: Moment;
}

const RANK: Record<VersionStatus, number> = { pending: 0, active: 1, deprecating: 2, retired: 3 };

/** @param events all that the key has now. Throws the first violation */
export function enterCommit(commit: Commit, events: readonly AuditEvent[]): void {
  const { book, before, after, event } = commit;
  const objection = objectionToEvent(commit, events);
  if (objection) throw new Violation(6, `Of key ${book.name}: ${objection}.`);
  for (const old of before.versions) checkVersion(commit, old);
  enterRotation(commit);
  if (after.status !== before.status) enterStatus(commit);
  for (const version of after.versions) enterVersion(commit, version);
  enterOrder(commit);
  if (event.action === 'version.activated' || after.status === 'revoked') book.mustBePlaced = undefined;
  book.changes += 1;
  book.lastHash = after.audit.hash;
  book.record = after;
}

function checkVersion(commit: Commit, old: KeyVersion): void {
  const { book, after, process } = commit;
  const now = after.versions.find(({ version }) => version === old.version);
  const named = `Version ${old.version} of key ${book.name}`;
  if (!now && old.status !== 'retired') throw new Violation(4, `${named} was ${old.status} and is gone.`);
  if (!now) return;
  if (now.hash !== old.hash) throw new Violation(4, `${named} has another secret than before.`);
  const isTakenBack = process.task.kind === 'rollback' && old.status === 'deprecating';
  if (RANK[now.status] < RANK[old.status] && !isTakenBack) {
    throw new Violation(4, `${named} was ${old.status} and is ${now.status} again.`);
  }
  if (now.status === 'retired' && isAccepted(old)) checkRetirement(commit, old);
}

function enterStatus({ book, before, after, at, process }: Commit): void {
  const { name } = book;
  if (before.status === 'revoked') {
    throw new Violation(5, `Key ${name} was revoked for good and is ${after.status} again.`);
  }
  if (process.task.kind !== CAUSES[after.status]) {
    throw new Violation(1, `Key ${name} became ${after.status} by '${process.task.kind}'.`);
  }
  const isEnabled = after.status === 'enabled';
  book.refusal = isEnabled ? undefined : refusedAt(at, process);
  if (isEnabled) book.enabledSince = at;
  // While the key was refused nobody could use the old version: that says nothing.
  if (isEnabled) openWindow({ book, at, process });
}

const CAUSES = { enabled: 'enable', disabled: 'disable', revoked: 'revoke' } as const;

function enterVersion({ book, at, process, event }: Commit, stored: KeyVersion): void {
  const version = book.versions.get(stored.version) ?? newVersion(stored, process.made);
  if (!book.versions.has(version.version)) {
    if (stored.status !== 'pending') {
      throw new Violation(4, `Version ${stored.version} of key ${book.name} began as ${stored.status}.`);
    }
    book.versions.set(version.version, version);
  }
  if (version.hash !== stored.hash) {
    throw new Violation(4, `The number of version ${stored.version} of key ${book.name} was given again.`);
  }
  const before = version.status;
  const wasAccepted = isAccepted(version);
  version.status = stored.status;
  if (isAccepted(version)) {
    if (!wasAccepted) version.acceptedSince = at;
    // Taken back it is the one again, whatever was announced.
    if (before === 'deprecating' && stored.status === 'active') {
      if (version.refusal) version.acceptedSince = at;
      version.takenBack = at;
      version.refusal = undefined;
    }
  } else if (wasAccepted && !(version.refusal && version.refusal.atLatestMs <= at.atMs)) {
    version.refusal = refusedAt(at, process);
  }
  if (version.isRenewed) enterSpent(version, process);
  const isTaken = TAKES.includes(process.task.kind) && TAKINGS.includes(event.action);
  if (!isTaken || version.text === undefined || process.opened !== version.text) return;
  if (!isAccepted(version)) {
    throw new Violation(
      1,
      `Version ${version.version} of key ${book.name} was claimed while ${version.status}.`,
    );
  }
  version.isReceived = true;
  version.isRenewed ||= process.task.kind === 'renew';
}

/** One that came too late may be on record as a try. */
const TAKINGS: readonly string[] = ['version.claimed', 'version.offered'];
/** Whoever opens a seal in one of these has the key, or is writing it where its client reads it. */
const TAKES = ['claim', 'open link', 'renew', 'deliver', 'deliver again', 'issue'];

function enterSpent(version: VersionBook, { began }: Process): void {
  version.isSpent ||= version.uses.some(({ answered }) => answered && isBefore(answered, began));
}

export const newVersion = ({ version, hash, status }: KeyVersion, text: string | undefined): VersionBook => ({
  version,
  hash,
  text,
  status,
  acceptedSince: undefined,
  refusal: undefined,
  isReceived: false,
  isRenewed: false,
  wasPlaced: false,
  isSpent: false,
  takenBack: undefined,
  uses: [],
});
