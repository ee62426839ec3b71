/**
 * Counts uses in memory and writes them so that what matters is never lost: a version's first use ever, and that a
 * version was used while its key was between two versions, are written before the request is answered. Other counts
 * wait for the flush interval, so an environment that dies loses at most one interval of them.
 */
import { SHORTEST_REFUSAL_WAIT_SECONDS } from '../../../rules/count-timing.ts';
import { cutText } from '../../../rules/free-text.ts';
import { HOUR_MS, MINUTE_MS } from '../../../rules/time-units.ts';
import { withoutKeys } from '../../../rules/without-keys.ts';
import type { Caller } from '../domain/caller.ts';
import { REFUSED } from '../domain/rotation-activity.ts';
import type { UseIncrement, UseWriter } from '../ports/authorization.ts';
import { FirstRefusals } from './first-refusals.ts';
import { PendingCounts } from './pending-counts.ts';

export interface Use {
  readonly keyId: string;
  readonly version: number;
  readonly deprecating: boolean;
  /** While the key has two accepted versions: when the window ends in which its migration is being measured. */
  readonly windowEndsAtMs?: number;
  /** The key's record already knows of a use of this version. */
  readonly firstUseKnown: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly atMs: number;
}

export interface RefusedRequest {
  readonly keyId: string;
  /** The key has two accepted versions. */
  readonly inWindow: boolean;
  /** The version presented, if it is accepted no more and the key's record knows of no refusal of it. */
  readonly firstOfVersion?: number;
  readonly atMs: number;
}

const LONGEST_USER_AGENT = 160;
/** Keys whose refusals wait at once; those of further keys are not counted. */
const MOST_REFUSED_KEYS = 1_000;
/** Versions of which it is remembered what was written; with one more, all are forgotten and written again. */
const MOST_REMEMBERED = 50_000;

export class UseMeter {
  readonly #writer: UseWriter;
  readonly #intervalMs: number;
  readonly #uses: PendingCounts;
  readonly #refusals: PendingCounts;
  readonly #firstRefusals: FirstRefusals;
  /** The last use of a version that was written before its answer, by `keyId/version`. */
  readonly #written = new Map<string, Pick<Use, 'atMs' | 'windowEndsAtMs'>>();
  readonly #firstUsesNoted = new Set<string>();

  /** @param intervalMs how long counts may wait; 0 writes each use before its answer */
  constructor(writer: UseWriter, intervalMs: number) {
    this.#writer = writer;
    this.#intervalMs = intervalMs;
    this.#uses = new PendingCounts(writer, intervalMs);
    this.#refusals = new PendingCounts(writer, Math.max(intervalMs, SHORTEST_REFUSAL_WAIT_SECONDS * 1000));
    this.#firstRefusals = new FirstRefusals(writer);
  }

  /** Counts one authorized use; await it before answering. Rejects only if a use that must not be lost was not written. */
  async record(use: Use): Promise<void> {
    const name = `${use.keyId}/${use.version}`;
    const increment = incrementOf(use);
    const slot = `${name}/${increment.hourMs}`;
    this.#uses.add(slot, increment, use.atMs);

    const writes: Promise<void>[] = [];
    if (!use.firstUseKnown && !this.#firstUsesNoted.has(name)) writes.push(this.#noteFirstUse(name, use));
    if (this.#intervalMs === 0 || this.#isEvidence(name, use)) {
      writes.push(this.#uses.write(slot).then(() => this.#remember(name, use)));
    }
    await Promise.all(writes);
  }

  /**
   * Counts a refused request of a key that has two accepted versions, in memory alone; and notes the first refusal of
   * a version, once. Never rejects: no refusal depends on being counted.
   */
  async refuse({ keyId, inWindow, firstOfVersion, atMs }: RefusedRequest): Promise<void> {
    if (inWindow) this.#countRefusal(keyId, atMs);
    if (firstOfVersion !== undefined) await this.#firstRefusals.note(keyId, firstOfVersion, atMs);
  }

  /** Writes counts that have waited their interval. Never rejects: what could not be written waits for the next time. */
  async flushDue(nowMs: number): Promise<void> {
    await Promise.all([this.#uses.flushDue(nowMs), this.#refusals.flushDue(nowMs)]);
  }

  /** Writes everything, when the environment is told that it ends. */
  async flushAll(): Promise<void> {
    await Promise.all([this.#uses.flushAll(), this.#refusals.flushAll()]);
  }

  #countRefusal(keyId: string, atMs: number): void {
    const increment: UseIncrement = {
      keyId,
      version: REFUSED,
      ...countedAt(atMs),
      deprecatingRequests: 0,
      minutes: { [minuteOf(atMs)]: 1 },
      callers: [],
    };
    const slot = `${keyId}/${increment.hourMs}`;
    if (this.#refusals.size >= MOST_REFUSED_KEYS && !this.#refusals.has(slot)) return;
    this.#refusals.add(slot, increment, atMs);
  }

  async #noteFirstUse(name: string, use: Use): Promise<void> {
    await this.#writer.noteFirstUse(use.keyId, use.version, use.atMs);
    if (this.#firstUsesNoted.size > MOST_REMEMBERED) this.#firstUsesNoted.clear();
    this.#firstUsesNoted.add(name);
  }

  /** The first use in each window under judgement, and then one each interval, must not be lost. */
  #isEvidence(name: string, { windowEndsAtMs, atMs }: Use): boolean {
    if (windowEndsAtMs === undefined) return false;
    const last = this.#written.get(name);
    return last?.windowEndsAtMs !== windowEndsAtMs || atMs - last.atMs >= this.#intervalMs;
  }

  #remember(name: string, { atMs, windowEndsAtMs }: Use): void {
    if (this.#written.size > MOST_REMEMBERED) this.#written.clear();
    this.#written.set(name, { atMs, ...(windowEndsAtMs === undefined ? {} : { windowEndsAtMs }) });
  }
}

const minuteOf = (atMs: number): number => Math.floor((atMs % HOUR_MS) / MINUTE_MS);

const countedAt = (atMs: number) => ({ hourMs: atMs - (atMs % HOUR_MS), requests: 1, lastUsedAtMs: atMs });

const incrementOf = (use: Use): UseIncrement => ({
  keyId: use.keyId,
  version: use.version,
  ...countedAt(use.atMs),
  deprecatingRequests: use.deprecating ? 1 : 0,
  minutes: use.windowEndsAtMs === undefined ? {} : { [minuteOf(use.atMs)]: 1 },
  callers: use.deprecating ? [callerOf(use)] : [],
});

const callerOf = (use: Use): Caller => ({
  address: use.address,
  userAgent: cutText(withoutKeys(use.userAgent), LONGEST_USER_AGENT),
  requests: 1,
  lastUsedAtMs: use.atMs,
});
