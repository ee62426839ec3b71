/** What events say of their own times, against the digests around them. */
import type { AuditEvent } from '../audit-event.ts';
import type { ChainBreak } from './audit-break.ts';
import type { Digest } from './digest.ts';
import { datedAhead, keptOutBy, olderThanDigest } from './misdated-event.ts';

export class EventDates {
  /** The first one that is too old not to be under the digest before it, and the one that says it is the newest. */
  #late: ChainBreak | undefined;
  #newest: AuditEvent | undefined;
  readonly #keptOut = new Set<string>();
  /** What was left out before a later start is not on record here. */
  #fromStart = true;

  startLater(): void {
    this.#fromStart = false;
  }

  /** @param last the digest before it, if there is one */
  add(event: AuditEvent, last: Digest | undefined): void {
    const chain = keptOutBy(event);
    if (chain !== undefined) this.#keptOut.add(chain);
    if (!this.#newest || event.atMs > this.#newest.atMs) this.#newest = event;
    if (last && !this.#keptOut.has(event.chain)) this.#late ??= olderThanDigest(event, last);
  }

  /** Whether all so far can be under this digest. */
  brokenUnder({ date, takenAt }: Digest): ChainBreak | undefined {
    // Its own run has looked at how old they are, and knew which chains had been left out and were mended.
    if (!this.#fromStart) this.#late = undefined;
    return this.#brokenBy(Date.parse(takenAt), `the digest of ${date}, which it is under`);
  }

  /** Whether those that no digest has yet can be there at this moment. */
  brokenAt = (nowMs: number): ChainBreak | undefined => this.#brokenBy(nowMs, 'the moment when it was read');

  #brokenBy(nowMs: number, knownBy: string): ChainBreak | undefined {
    return this.#late ?? (this.#newest && datedAhead(this.#newest, nowMs, knownBy));
  }
}
