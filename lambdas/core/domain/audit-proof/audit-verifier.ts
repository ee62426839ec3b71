/**
 * Checks the audit from its records, and from nothing else than a public key. It reads them once, in their order, keeps
 * what stands in proportion to chains, not to events, and names the first broken link.
 */
import { DAY_MS, HOUR_MS } from '../../../../rules/time-units.ts';
import { type AuditBreak, chainBreak, digestBreak, incomplete, type ReadingBreak } from './audit-break.ts';
import type { AuditRecord, DigestRecord, EndRecord, EventRecord, HeaderRecord } from './audit-record.ts';
import { ChainStanding, isEventAt } from './chain-standing.ts';
import type { ProofKey, SignedDigest } from './digest.ts';
import { DigestChain } from './digest-chain.ts';
import { EventDates } from './event-dates.ts';
import { type ProofSummary, ProofTally } from './proof-tally.ts';

/** Something did not come: if it comes later it stood in the wrong place, and if it never does it is missing. */
interface Gap {
  readonly missing: AuditBreak;
  readonly misplaced: AuditBreak;
  isClosedBy(record: AuditRecord): boolean;
}

/** A day, and another one that a run may take to make up for it. */
const OVERDUE_MS = 2 * DAY_MS;
/** Events happen while all that there is is read, from the time in the header on. */
const LONGEST_READ_MS = DAY_MS;

export class AuditVerifier {
  readonly #header: HeaderRecord;
  readonly #digests: DigestChain;
  readonly #standing = new ChainStanding();
  readonly #tally = new ProofTally();
  readonly #live = new Set<string>();
  #start: SignedDigest | undefined;
  /** Heads of the digest to start from still come. */
  #starting = false;
  #gap: Gap | undefined;
  readonly #dates = new EventDates();
  #records = 1;
  #ended = false;

  /** @param header the first record */
  constructor(header: HeaderRecord, key: ProofKey) {
    this.#header = header;
    this.#digests = new DigestChain(key, header.table);
  }

  /** @returns the first broken link, if this record shows it; nothing is to be handed over after that */
  take(record: AuditRecord): AuditBreak | undefined {
    if (this.#ended) return incomplete('There is more after the record that ends it.');
    const broken = this.#gap ? inGap(this.#gap, record) : this.#look(record);
    this.#records += 1;
    return broken;
  }

  /** @returns what is wrong with what was read as a whole: to be asked when no record comes any more */
  finish(): AuditBreak | undefined {
    if (this.#gap) return this.#gap.missing;
    return this.#ended ? undefined : incomplete('It breaks off: the record that ends it is missing.');
  }

  summary(): ProofSummary {
    const { chains: all, grown } = this.#standing;
    return this.#tally.summary({ all, grown }, this.#digests.last, this.#start);
  }

  #look(record: AuditRecord): AuditBreak | undefined {
    if (this.#starting && record.type !== 'anchor-head') {
      this.#starting = false;
      const differs = this.#start && this.#standing.asSigned(this.#start.digest);
      if (differs) return differs;
    }
    switch (record.type) {
      case 'header':
        return incomplete('It has a second header.');
      case 'anchor':
        return this.#anchor(record);
      case 'anchor-head':
        if (!this.#starting) return misplaced('Heads to start from stand');
        this.#standing.anchor(record);
        return undefined;
      case 'event':
        return this.#event(record);
      case 'head':
        this.#standing.move(record);
        return undefined;
      case 'digest':
        return this.#digest(record);
      case 'live-head':
        this.#live.add(record.chain);
        return this.#standing.compare(record, 'what its key is on record with', 'forged-continuation');
      case 'end':
        return this.#end(record);
    }
  }

  #anchor(record: DigestRecord): AuditBreak | undefined {
    if (this.#records > 1) return misplaced('A digest to start from stands');
    const next = this.#digests.anchor(record);
    if (next.outcome === 'broken') return next.broken;
    if (
      next.outcome === 'follows' &&
      !(Date.parse(next.signed.digest.takenAt) <= Date.parse(this.#header.from ?? ''))
    )
      return incomplete('It starts at a digest that is later than it says that it begins.');
    this.#start = this.#digests.last;
    this.#starting = true;
    this.#dates.startLater();
    return overwritten(record);
  }

  #event({ chain, event }: EventRecord): AuditBreak | undefined {
    const followed = this.#standing.follow(chain, event);
    if (followed.outcome === 'broken') return followed.broken;
    if (followed.outcome === 'gap') this.#gap = gapOfEvents(chain, followed.missing, followed.found);
    else {
      this.#tally.event(followed.event);
      this.#dates.add(followed.event, this.#digests.last?.digest);
    }
    return undefined;
  }

  #digest(record: DigestRecord): AuditBreak | undefined {
    const next = this.#digests.next(record);
    if (next.outcome === 'broken') return next.broken;
    if (next.outcome === 'follows') {
      const { digest } = next.signed;
      const broken = this.#standing.underDigest(digest) ?? this.#dates.brokenUnder(digest);
      if (!broken) this.#tally.digest();
      return broken ?? overwritten(record);
    }
    this.#gap = gapOfDigests(next.missing, next.found);
    return undefined;
  }

  #end({ records, live }: EndRecord): AuditBreak | undefined {
    this.#ended = true;
    if (records !== this.#records)
      return incomplete(
        `${records} records are said to stand before its end, and there are ${this.#records}.`,
      );
    if (this.#standing.moved > 0) return incomplete('It has heads of a digest, and the digest is not there.');
    if (live) return this.#standing.firstBut(this.#live) ?? this.#misdated() ?? this.#unlessOverdue();
    if (this.#standing.grown > 0) return incomplete('Events stand behind its last digest.');
    return this.#reachesItsEnd()
      ? undefined
      : incomplete('It ends before it says that it does: digests or newer events are missing.');
  }

  /** Whoever leaves out the end of it cannot say that it was made to end there without saying when. */
  #reachesItsEnd(): boolean {
    const last = this.#digests.last?.digest.takenAt ?? '';
    return Date.parse(last) >= Date.parse(this.#header.to ?? '');
  }

  #misdated(): AuditBreak | undefined {
    return this.#dates.brokenAt(Date.parse(this.#header.exportedAt) + LONGEST_READ_MS);
  }

  #unlessOverdue(): AuditBreak | undefined {
    const last = this.#digests.last?.digest;
    const sinceMs = last ? Date.parse(last.takenAt) : this.#tally.oldestNewMs;
    const ageMs = Date.parse(this.#header.exportedAt) - (sinceMs ?? Number.POSITIVE_INFINITY);
    if (ageMs <= OVERDUE_MS) return undefined;
    const hours = Math.floor(ageMs / HOUR_MS);
    const why = last
      ? `it is the last one, and ${hours} hours old: the daily run fails, or later ones are gone`
      : `there is none at all, and the oldest event is ${hours} hours old`;
    return digestBreak('digest-overdue', last?.date ?? this.#header.exportedAt.slice(0, 10), why);
  }
}

function gapOfEvents(chain: string, missing: number, found: number): Gap {
  const facts = { lastSequence: found };
  return {
    missing: chainBreak('dropped', chain, missing, facts),
    misplaced: chainBreak('reordered', chain, missing, facts),
    isClosedBy: (record) =>
      record.type === 'event' && record.chain === chain && isEventAt(record.event, missing),
  };
}

const gapOfDigests = (missing: string, found: string): Gap => ({
  missing: digestBreak('digest-missing', missing, `it is not there, and the one of ${found} follows it`),
  misplaced: digestBreak('digest-reordered', missing, `it stands behind the one of ${found}`),
  isClosedBy: (later) => later.type === 'digest' && later.digest?.date === missing,
});

function inGap(gap: Gap, record: AuditRecord): AuditBreak | undefined {
  if (gap.isClosedBy(record)) return gap.misplaced;
  return record.type === 'end' ? gap.missing : undefined;
}

const misplaced = (what: string): ReadingBreak => incomplete(`${what} in the wrong place.`);

const overwritten = ({ digest, overwritten: is }: DigestRecord): AuditBreak | undefined =>
  is
    ? digestBreak(
        'digest-overwritten',
        digest.date,
        'somebody has written over it or deleted it: what was stored first is whole, and was checked; who can write the bucket is to be found',
      )
    : undefined;
