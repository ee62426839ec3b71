/** What was checked, counted. */
import type { AuditEvent } from '../audit-event.ts';
import type { SignedDigest } from './digest.ts';

export interface ProofSummary {
  readonly chains: number;
  readonly events: number;
  readonly digests: number;
  /** When the first and the last of these events were; null without any. */
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  /** The digest that it was started from: what was before it is vouched for by its signature alone. */
  readonly startsAt: DigestName | null;
  readonly lastDigest: DigestName | null;
  /** Events that no digest covers yet: nothing but their chains holds them. */
  readonly notYetUnderDigest: {
    readonly events: number;
    readonly chains: number;
    readonly oldestAt: string | null;
  };
}

export interface DigestName {
  readonly date: string;
  readonly takenAt: string;
}

export class ProofTally {
  #events = 0;
  #digests = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  #newEvents = 0;
  #oldestNewMs = Number.POSITIVE_INFINITY;

  event({ atMs }: Pick<AuditEvent, 'atMs'>): void {
    this.#events += 1;
    this.#newEvents += 1;
    this.#firstMs = Math.min(this.#firstMs, atMs);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    this.#oldestNewMs = Math.min(this.#oldestNewMs, atMs);
  }

  digest(): void {
    this.#digests += 1;
    this.#newEvents = 0;
    this.#oldestNewMs = Number.POSITIVE_INFINITY;
  }

  /** Milliseconds; undefined when every event is under a digest. */
  get oldestNewMs(): number | undefined {
    return this.#newEvents === 0 ? undefined : this.#oldestNewMs;
  }

  summary(
    chains: { readonly all: number; readonly grown: number },
    last: SignedDigest | undefined,
    start: SignedDigest | undefined,
  ): ProofSummary {
    return {
      chains: chains.all,
      events: this.#events,
      digests: this.#digests,
      firstEventAt: timeOf(this.#firstMs),
      lastEventAt: timeOf(this.#lastMs),
      startsAt: nameOf(start),
      lastDigest: nameOf(last),
      notYetUnderDigest: {
        events: this.#newEvents,
        chains: chains.grown,
        oldestAt: timeOf(this.#oldestNewMs),
      },
    };
  }
}

const timeOf = (atMs: number): string | null => (Number.isFinite(atMs) ? new Date(atMs).toISOString() : null);

const nameOf = (signed: SignedDigest | undefined): DigestName | null =>
  signed ? { date: signed.digest.date, takenAt: signed.digest.takenAt } : null;
