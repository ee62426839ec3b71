/** The one table, in memory: what the fakes of the ports read and write together. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { Caller } from '../../lambdas/core/domain/caller.ts';
import type { KeyRecord, Rotation } from '../../lambdas/core/domain/key-record.ts';
import type { StoredNotice } from '../../lambdas/core/domain/notice.ts';
import type { SealedKey } from '../../lambdas/core/ports/key-sealer.ts';

/** Use of one version in one hour. */
export interface UseHour {
  readonly version: number;
  readonly hourMs: number;
  requests: number;
  deprecatingRequests: number;
  /** By minute of the hour. */
  readonly minutes: Map<number, number>;
  lastUsedAtMs: number;
  callers: readonly Caller[];
}

/** What a crash looks like to whoever called: the write may or may not have been made. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export class MemoryTable {
  readonly keys = new Map<string, KeyRecord>();
  readonly events = new Map<string, AuditEvent[]>();
  /** Those of chains that are no key's, by chain. */
  readonly chains = new Map<string, AuditEvent[]>();
  /** Those that have ended, by `keyId/rotationId`. */
  readonly rotations = new Map<string, Rotation>();
  /** By `keyId/version`. */
  readonly seals = new Map<string, SealedKey>();
  /** By `partition/noticeId`. */
  readonly notices = new Map<string, StoredNotice>();
  readonly uses = new Map<string, UseHour[]>();

  /** Awaited by every operation before it acts: where others may come between. */
  turn: () => Promise<void> = () => Promise.resolve();
  #crash: 'before' | 'after' | undefined;

  /** The next change of a key throws, before or after it is written. */
  crashOnce(when: 'before' | 'after'): void {
    this.#crash = when;
  }

  /** Makes one change of a key, all of it or nothing. */
  commit(write: () => void): void {
    const crash = this.#crash;
    this.#crash = undefined;
    if (crash === 'before') throw new Crash('The connection broke before the write.');
    write();
    if (crash === 'after') throw new Crash('The connection broke after the write.');
  }
}
