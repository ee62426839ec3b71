/**
 * Counts requests with wrong keys in memory, and writes them so that a flood costs few writes: every interval those
 * sources with the most requests, and one counter for all others. That a retired version is used is written at once, once
 * in each window.
 */
import { cutText } from '../../../rules/free-text.ts';
import { withoutKeys } from '../../../rules/without-keys.ts';
import { WRONG_KEYS_WAIT_SECONDS, windowStartMs } from '../../../rules/wrong-key-timing.ts';
import type { Unauthenticated } from '../domain/authorization.ts';
import {
  isWrongKey,
  mergeTallies,
  sourceName,
  type WrongKeyCount,
  type WrongKeySource,
  type WrongKeyTally,
} from '../domain/wrong-key.ts';
import type { WrongKeyWriter } from '../ports/authorization.ts';

/** One refused request. */
export interface WrongRequest {
  readonly reason: Unauthenticated;
  readonly keyId?: string;
  readonly version?: number;
  /** A key of that id exists: what was presented may name any. */
  readonly isKnown: boolean;
  readonly address: string;
  readonly userAgent: string;
  readonly atMs: number;
}

/** Sources of each kind between two writes: for one more, that with the fewest requests joins the others. */
const MOST_SOURCES = 256;
/** Sources of each kind that are written at once, those with the most requests. */
const MOST_WRITTEN = 10;
const MOST_NOTED = 10_000;
const LONGEST_USER_AGENT = 160;
const WAIT_MS = WRONG_KEYS_WAIT_SECONDS * 1000;

type Kind = WrongKeySource['kind'];

export class WrongKeyMeter {
  readonly #writer: WrongKeyWriter;
  readonly #windowSeconds: number;
  readonly #counts: Record<Kind, Map<string, WrongKeyCount>> = {
    key: new Map(),
    address: new Map(),
    others: new Map(),
  };
  #sinceMs: number | undefined;
  /** Retired versions whose use is on record already, of the window `#notedMs`. */
  readonly #noted = new Set<string>();
  #notedMs = 0;

  constructor(writer: WrongKeyWriter, windowSeconds: number) {
    this.#writer = writer;
    this.#windowSeconds = windowSeconds;
  }

  /** Never rejects: no refusal depends on being counted. Only the first use of a retired version in a window writes. */
  async count(request: WrongRequest): Promise<void> {
    const { reason, atMs } = request;
    if (!isWrongKey(reason)) return;
    this.#sinceMs ??= atMs;
    const { address } = request;
    const userAgent = cutText(withoutKeys(request.userAgent), LONGEST_USER_AGENT);
    this.#add(sourceOf(request), {
      requests: 1,
      reasons: { [reason]: 1 },
      firstAtMs: atMs,
      lastAtMs: atMs,
      callers: [{ address, userAgent, lastUsedAtMs: atMs }],
    });
    if (reason === 'retired') await this.#noteRetired({ ...request, userAgent });
  }

  /** Writes counts that have waited their interval. Never rejects: what could not be written waits for the next time. */
  async flushDue(nowMs: number): Promise<void> {
    if (this.#sinceMs === undefined || nowMs - this.#sinceMs < WAIT_MS) return;
    await this.flushAll(nowMs);
  }

  /** Writes everything there is. Never rejects. */
  async flushAll(nowMs: number): Promise<void> {
    this.#sinceMs = undefined;
    const windowMs = windowStartMs(nowMs, this.#windowSeconds);
    const counts = [...this.#take('key'), ...this.#take('address')];
    // The rest has joined the others by now.
    counts.push(...this.#take('others'));
    await Promise.all(counts.map((count) => this.#write(windowMs, count, nowMs)));
  }

  async #write(windowMs: number, count: WrongKeyCount, nowMs: number): Promise<void> {
    try {
      await this.#writer.addWrong(windowMs, count);
    } catch {
      this.#sinceMs ??= nowMs;
      this.#add(count.source, count);
    }
  }

  /** Those with the most requests; all others of the kind are counted together. */
  #take(kind: Kind): readonly WrongKeyCount[] {
    const counts = [...this.#counts[kind].values()].sort((one, other) => other.requests - one.requests);
    this.#counts[kind].clear();
    for (const left of counts.slice(MOST_WRITTEN)) this.#add({ kind: 'others' }, left);
    return counts.slice(0, MOST_WRITTEN);
  }

  #add(source: WrongKeySource, tally: WrongKeyTally): void {
    const name = sourceName(source);
    const counts = this.#counts[source.kind];
    const before = counts.get(name);
    if (before === undefined && counts.size >= MOST_SOURCES) this.#makeRoom(counts);
    counts.set(name, { ...(before ? mergeTallies(before, tally) : tally), source });
  }

  /** Whoever comes first must not hide by it who comes often: many single requests make room for another source. */
  #makeRoom(counts: Map<string, WrongKeyCount>): void {
    const [first, ...rest] = counts.values();
    const least = rest.reduce(
      (one, each) => (each.requests < one.requests ? each : one),
      first as WrongKeyCount,
    );
    counts.delete(sourceName(least.source));
    this.#add({ kind: 'others' }, least);
  }

  async #noteRetired({ keyId, version, address, userAgent, atMs }: WrongRequest): Promise<void> {
    if (keyId === undefined || version === undefined) return;
    const windowMs = windowStartMs(atMs, this.#windowSeconds);
    if (windowMs !== this.#notedMs || this.#noted.size >= MOST_NOTED) this.#noted.clear();
    this.#notedMs = windowMs;
    const name = `${keyId}/${version}`;
    if (this.#noted.has(name)) return;
    // Before the write: the uses that come meanwhile do not wait for it.
    this.#noted.add(name);
    try {
      await this.#writer.noteRetiredUse(windowMs, { keyId, version, address, userAgent, atMs });
    } catch {
      this.#noted.delete(name);
    }
  }
}

function sourceOf({ isKnown, keyId, address }: WrongRequest): WrongKeySource {
  if (isKnown && keyId !== undefined) return { kind: 'key', keyId };
  return address === 'unknown' ? { kind: 'others' } : { kind: 'address', address };
}
