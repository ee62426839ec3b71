/** Every way to alter what is on record is found, and named with its chain and its place. */
import { describe, expect, it } from 'vitest';
import {
  type AuditEvent,
  CHAIN_START,
  chainEvent,
  hashOf,
} from '../../../lambdas/core/domain/audit-event.ts';
import type { AuditBreak } from '../../../lambdas/core/domain/audit-proof/audit-break.ts';
import type {
  AuditRecord,
  DigestRecord,
  EventRecord,
  HeaderRecord,
  HeadRecord,
} from '../../../lambdas/core/domain/audit-proof/audit-record.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { ProofBench, sealed, signingKey, verified } from '../../support/proof-bench.ts';

const A = 'key/AAAAAAAAAAAA';
const B = 'key/BBBBBBBBBBBB';
const HOUR_MS = DAY_MS / 24;

/** Three days: two chains and the pepper's, and two events that no digest has yet. */
const bench = new ProofBench();
bench.grow(A, B, A, 'pepper').digest().grow(A, B, A, A).digest().grow(B, 'pepper').digest().grow(A, A);
const RECORDS: readonly AuditRecord[] = bench.records();

const brokenBy = async (
  records: readonly AuditRecord[],
  key = bench.key,
): Promise<AuditBreak | undefined> => {
  const verification = await verified(records, key);
  return verification.outcome === 'broken' ? verification.broken : undefined;
};

const isEvent = (record: AuditRecord): record is EventRecord => record.type === 'event';
const isDigest = (record: AuditRecord): record is DigestRecord => record.type === 'digest';
const eventOf = (chain: string, sequence: number): EventRecord =>
  RECORDS.find(
    (record) =>
      isEvent(record) && record.chain === chain && (record.event as AuditEvent).sequence === sequence,
  ) as EventRecord;
const digestAt = (index: number): DigestRecord => RECORDS.filter(isDigest)[index] as DigestRecord;
const DAYS = RECORDS.filter(isDigest).map(({ digest }) => digest.date);

/** The records with some exchanged for others. */
const withThese = (changes: ReadonlyMap<AuditRecord, readonly AuditRecord[]>): AuditRecord[] =>
  sealed(RECORDS.flatMap((record) => changes.get(record) ?? [record]));
const instead = (record: AuditRecord, ...others: readonly AuditRecord[]): AuditRecord[] =>
  withThese(new Map([[record, others]]));
const changed = (record: EventRecord, changes: Partial<AuditEvent>): EventRecord => ({
  ...record,
  event: { ...(record.event as AuditEvent), ...changes },
});
const rehashed = (event: AuditEvent): AuditEvent => {
  const { hash: _old, ...rest } = event;
  return { ...rest, hash: hashOf(rest) };
};

/** The whole chain anew from an event on, with what holds its end outside of digests. */
function rewritten(chain: string, from: number, keepHeads: boolean): AuditRecord[] {
  const ends = new Map<number, AuditEvent>();
  let head: { readonly sequence: number; readonly hash: string } = CHAIN_START;
  return sealed(
    RECORDS.map((record) => {
      if (isEvent(record) && record.chain === chain) {
        const {
          sequence: _s,
          hash: _h,
          previousHash: _p,
          outcome: _o,
          chain: _c,
          ...entry
        } = record.event as AuditEvent;
        const reason = head.sequence + 1 === from ? { reason: 'another one' } : {};
        const event = chainEvent({ chain }, head, { ...entry, ...reason });
        ends.set(event.sequence, event);
        head = event;
        return { ...record, event };
      }
      const moves = record.type === 'live-head' || (record.type === 'head' && !keepHeads);
      if (moves && (record as HeadRecord).chain === chain)
        return { ...record, hash: ends.get((record as HeadRecord).sequence)?.hash } as HeadRecord;
      return record;
    }),
  );
}

describe('what is whole', () => {
  it('holds, and is counted', async () => {
    const verification = await verified(RECORDS, bench.key);
    expect(verification).toMatchObject({
      outcome: 'holds',
      fingerprint: bench.key.fingerprint,
      summary: {
        chains: 3,
        events: 12,
        digests: 3,
        startsAt: null,
        lastDigest: { date: '2026-11-03', takenAt: '2026-11-03T00:20:00.000Z' },
        notYetUnderDigest: { events: 2, chains: 1 },
      },
    });
  });

  it('holds in any interleaving of chains, and with heads before or after the events', async () => {
    const rank = (record: AuditRecord) => (record.type === 'head' ? 0 : isEvent(record) ? 1 : 2);
    const sections = RECORDS.slice(1, -1).reduce<AuditRecord[][]>(
      (all, record) => {
        all.at(-1)?.push(record);
        if (isDigest(record)) all.push([]);
        return all;
      },
      [[]],
    );
    const shuffled = sections.flatMap((section) =>
      [...section].sort((one, other) => {
        const byRank = rank(one) - rank(other);
        return byRank || (isEvent(one) && isEvent(other) ? one.chain.localeCompare(other.chain) : 0);
      }),
    );
    expect(await brokenBy(sealed([RECORDS[0] as AuditRecord, ...shuffled]))).toBeUndefined();
  });

  it('holds without any event and any digest', async () => {
    expect((await verified(new ProofBench().records(), bench.key)).outcome).toBe('holds');
  });
});

describe('an event', () => {
  it.each<[string, Partial<AuditEvent>]>([
    ['its reason', { reason: 'another' }],
    ['who', { actor: { principal: 'nobody', via: 'cli' } }],
    ['when', { atMs: 0 }],
    ['a detail', { detail: { number: 7 } }],
    ['a field more', { owner: 'x@example.com' }],
  ])('that was altered (%s) is named', async (_what, changes) => {
    const event = eventOf(A, 3);
    expect(await brokenBy(instead(event, changed(event, changes)))).toMatchObject({
      what: 'altered',
      chain: A,
      sequence: 3,
      sentence: `Chain ${A}: event 3 was altered: its content does not give its hash.`,
    });
  });

  it('that was altered and hashed anew alone does not lead to the next one', async () => {
    const event = eventOf(A, 3);
    const forged = rehashed({ ...(event.event as AuditEvent), reason: 'another' });
    expect(await brokenBy(instead(event, { ...event, event: forged }))).toMatchObject({
      what: 'unlinked',
      chain: A,
      sequence: 4,
    });
  });

  it('that was dropped is named, at once where more follows', async () => {
    expect(await brokenBy(instead(eventOf(A, 3)))).toMatchObject({
      what: 'dropped',
      chain: A,
      sequence: 3,
      sentence: `Chain ${A}: event 3 is missing: event 4 follows.`,
    });
  });

  it('that was the last of its chain under a digest is missed by the digest', async () => {
    expect(await brokenBy(instead(eventOf(B, 3)))).toMatchObject({
      what: 'truncated',
      chain: B,
      sequence: 3,
      sentence: expect.stringContaining('by the digest of 2026-11-03 the chain ends with event 3'),
    });
  });

  it('that was the newest, under no digest yet, is missed by its key’s own record', async () => {
    expect(await brokenBy(instead(eventOf(A, 7)))).toMatchObject({
      what: 'truncated',
      chain: A,
      sequence: 7,
    });
  });

  it('that stands behind its successor is out of order, not missing', async () => {
    const [third, fourth] = [eventOf(A, 3), eventOf(A, 4)];
    const swapped = new Map<AuditRecord, AuditRecord[]>([
      [third, [fourth]],
      [fourth, [third]],
    ]);
    expect(await brokenBy(withThese(swapped))).toMatchObject({ what: 'reordered', chain: A, sequence: 3 });
  });

  it.each([1, 3])('that comes twice (event %i of 3) is named', async (sequence) => {
    const last = eventOf(A, 3);
    expect(await brokenBy(instead(last, last, eventOf(A, sequence)))).toMatchObject({
      what: 'duplicated',
      chain: A,
      sequence,
    });
  });

  it('of another chain that was moved here is named', async () => {
    const event = eventOf(A, 3);
    expect(await brokenBy(instead(event, { ...event, event: eventOf(B, 2).event }))).toMatchObject({
      what: 'foreign',
      chain: A,
      sequence: 3,
      sentence: expect.stringContaining(B),
    });
  });

  it.each([null, 'text', {}, { chain: A, sequence: 3 }, { ...(eventOf(A, 3).event as object), atMs: 9e99 }])(
    'that is none (%j) is named',
    async (event) => {
      const record = eventOf(A, 3);
      expect(await brokenBy(instead(record, { ...record, event }))).toMatchObject({
        what: 'unreadable',
        chain: A,
        sequence: 3,
      });
    },
  );

  it('that was forged behind the last one is not on record with its key', async () => {
    const last = eventOf(A, 7);
    const {
      chain: _c,
      sequence: _s,
      hash: _h,
      previousHash: _p,
      outcome: _o,
      ...entry
    } = last.event as AuditEvent;
    const forged = chainEvent({ chain: A }, last.event as AuditEvent, entry);
    expect(await brokenBy(instead(last, last, { ...last, event: forged }))).toMatchObject({
      what: 'forged-continuation',
      chain: A,
      sequence: 8,
    });
  });

  it('that was slipped under a digest is not known to it', async () => {
    const last = eventOf('pepper', 2);
    const {
      chain: _c,
      sequence: _s,
      hash: _h,
      previousHash: _p,
      outcome: _o,
      ...entry
    } = last.event as AuditEvent;
    const forged = chainEvent({ chain: 'pepper' }, last.event as AuditEvent, entry);
    expect(await brokenBy(instead(last, last, { ...last, event: forged }))).toMatchObject({
      what: 'not-in-digest',
      chain: 'pepper',
      sequence: 3,
    });
  });
});

describe('a chain', () => {
  it('that was hashed anew from an altered event on differs from the digest that signed it', async () => {
    expect(await brokenBy(rewritten(A, 2, true))).toMatchObject({
      what: 'rewritten',
      chain: A,
      sequence: 2,
      sentence: expect.stringContaining('by the digest of 2026-11-01'),
    });
  });

  it('that was hashed anew with the lists of heads beside the digests differs from what they sign', async () => {
    expect(await brokenBy(rewritten(A, 2, false))).toMatchObject({ what: 'heads-differ', digest: DAYS[0] });
  });

  it('that was hashed anew only where no digest has it shows nothing: its key’s own record was altered too', async () => {
    expect(await brokenBy(rewritten(A, 6, true))).toBeUndefined();
  });

  it('that is gone is named', async () => {
    const without = sealed(RECORDS.filter((record) => !isEvent(record) || record.chain !== 'pepper'));
    expect(await brokenBy(without)).toMatchObject({ what: 'chain-missing', chain: 'pepper', sequence: 1 });
  });

  it('that is gone with its heads is missed by the digest', async () => {
    const without = sealed(RECORDS.filter((record) => !('chain' in record) || record.chain !== 'pepper'));
    expect(await brokenBy(without)).toMatchObject({ what: 'heads-differ', digest: DAYS[0] });
  });

  it('whose key’s own record is gone is named', async () => {
    const without = sealed(RECORDS.filter((record) => record.type !== 'live-head' || record.chain !== B));
    expect(await brokenBy(without)).toMatchObject({ what: 'key-gone', chain: B, sequence: 3 });
  });
});

describe('a digest', () => {
  it.each([
    ['its count', { events: 99 }],
    ['its heads', { headsSha256: '0'.repeat(64) }],
    ['its time', { takenAt: '2026-11-02T09:00:00.000Z' }],
    ['the one before it', { previousDigest: null }],
  ])('that was altered (%s) has no signature that holds', async (_what, changes) => {
    const second = digestAt(1);
    const altered = { ...second, digest: { ...second.digest, ...changes } } as DigestRecord;
    expect(await brokenBy(instead(second, altered))).toMatchObject({
      what: 'digest-forged',
      digest: DAYS[1],
      sentence: expect.stringContaining('altered or forged'),
    });
  });

  it('that was signed anew with another key is named', async () => {
    const second = digestAt(1);
    const resigned: DigestRecord = { type: 'digest', ...signingKey().signs(second.digest) };
    expect(await brokenBy(instead(second, resigned))).toMatchObject({
      what: 'digest-forged',
      digest: DAYS[1],
      sentence: expect.stringContaining('signed with another key'),
    });
  });

  it('that claims the key’s name for another one’s signature is named too', async () => {
    const second = digestAt(1);
    const { digest, signature } = signingKey().signs(second.digest);
    const publicKeySha256 = bench.key.fingerprint;
    const resigned: DigestRecord = { type: 'digest', digest, signature: { ...signature, publicKeySha256 } };
    expect(await brokenBy(instead(second, resigned))).toMatchObject({
      what: 'digest-forged',
      digest: DAYS[1],
    });
  });

  it('that another one was signed in place of, with the right key, is not what the next one follows', async () => {
    const second = digestAt(1);
    const other = { ...second.digest, takenAt: '2026-11-02T00:30:00.000Z' };
    const resigned: DigestRecord = { type: 'digest', ...bench.key.signs(other) };
    expect(await brokenBy(instead(second, resigned))).toMatchObject({
      what: 'digest-unlinked',
      digest: DAYS[2],
      sentence: expect.stringContaining(`the digest of ${DAYS[1]} is not the one that it follows`),
    });
  });

  it('that was swapped with the next one is out of order', async () => {
    const [second, third] = [digestAt(1), digestAt(2)];
    const swapped = new Map<AuditRecord, AuditRecord[]>([
      [second, [third]],
      [third, [second]],
    ]);
    expect(await brokenBy(withThese(swapped))).toMatchObject({ what: 'digest-reordered', digest: DAYS[1] });
  });

  it.each([0, 1])('that is gone (number %i) is missed by the next one', async (index) => {
    expect(await brokenBy(instead(digestAt(index)))).toMatchObject({
      what: 'digest-missing',
      digest: DAYS[index],
    });
  });

  it('that was the last is missed by its heads', async () => {
    expect(await brokenBy(instead(digestAt(2)))).toMatchObject({ what: 'incomplete' });
  });

  it('that was the last cannot be missed on its day; two days later it is', async () => {
    const gone = RECORDS.filter(
      (record, place) =>
        record !== digestAt(2) && !(record.type === 'head' && place > RECORDS.indexOf(digestAt(1))),
    );
    expect(await brokenBy(sealed(gone))).toBeUndefined();
    const [header, ...rest] = gone;
    const late = new Date(Date.parse(digestAt(1).digest.takenAt) + 2 * DAY_MS + 1).toISOString();
    const later = { ...header, exportedAt: late } as AuditRecord;
    expect(await brokenBy(sealed([later, ...rest]))).toMatchObject({
      what: 'digest-overdue',
      digest: DAYS[1],
      sentence: expect.stringContaining('48 hours old'),
    });
  });

  it('that never was taken is missed when events are two days old', async () => {
    const alone = new ProofBench().grow(A).records();
    expect(await brokenBy(alone)).toBeUndefined();
    const [header, ...rest] = alone;
    const late = { ...header, exportedAt: '2026-11-09T00:00:00.000Z' } as AuditRecord;
    expect(await brokenBy([late, ...rest])).toMatchObject({ what: 'digest-overdue' });
  });

  it('that comes twice is named', async () => {
    expect(await brokenBy(instead(digestAt(1), digestAt(1), digestAt(1)))).toMatchObject({
      what: 'digest-duplicated',
      digest: DAYS[1],
    });
  });

  it('of another deployment is named', async () => {
    const first = digestAt(0);
    const other: DigestRecord = { type: 'digest', ...bench.key.signs({ ...first.digest, table: 'other' }) };
    expect(await brokenBy(instead(first, other))).toMatchObject({ what: 'digest-of-another-deployment' });
  });

  it('that was written over is named, though what was stored first is whole', async () => {
    const second = digestAt(1);
    expect(await brokenBy(instead(second, { ...second, overwritten: true }))).toMatchObject({
      what: 'digest-overwritten',
      digest: DAYS[1],
    });
  });

  it('that names another algorithm than the one it is checked by is none', async () => {
    const second = digestAt(1);
    const signature = { ...second.signature, algorithm: 'none' } as unknown as DigestRecord['signature'];
    expect(await brokenBy(instead(second, { ...second, signature }))).toMatchObject({
      what: 'digest-unreadable',
    });
  });

  it.each([{}, { digest: null }, { digest: { date: '2026-11-02' }, signature: {} }])(
    'that is none (%j) is named',
    async (junk) => {
      const second = digestAt(1);
      const record = { type: 'digest', ...junk } as unknown as DigestRecord;
      expect(await brokenBy(instead(second, record))).toMatchObject({ what: 'digest-unreadable' });
    },
  );
});

describe('a list of heads', () => {
  const heads = RECORDS.filter((record): record is HeadRecord => record.type === 'head');

  it.each([
    ['dropped', (): AuditRecord[] => [], 'not-in-digest'],
    ['altered', (head: HeadRecord) => [{ ...head, hash: '1'.repeat(64) }], 'rewritten'],
    ['raised', (head: HeadRecord) => [{ ...head, sequence: head.sequence + 1 }], 'truncated'],
    ['of no chain', (head: HeadRecord) => [head, { ...head, chain: 'key/CCCCCCCCCCCC' }], 'chain-missing'],
  ])('with a head that was %s is not what the digest signs', async (_how, tamper, what) => {
    const head = heads[1] as HeadRecord;
    expect(await brokenBy(instead(head, ...tamper(head)))).toMatchObject({ what });
  });
});

describe('what was read', () => {
  it('that breaks off is not whole', async () => {
    for (const length of [1, 5, RECORDS.length - 1])
      expect((await verified(RECORDS.slice(0, length), bench.key)).outcome).toBe('broken');
    expect(await brokenBy([])).toMatchObject({ what: 'incomplete' });
  });

  it('with a record that cannot be read names its number', async () => {
    const verification = await verified([...RECORDS.slice(0, 4), undefined], bench.key);
    expect(verification).toMatchObject({ broken: { sentence: 'Record 5 cannot be read.' } });
  });

  it('with records after its end, or another number of them than it says, is not whole', async () => {
    expect(await brokenBy([...RECORDS, eventOf(A, 1)])).toMatchObject({ what: 'incomplete' });
    expect(await brokenBy([...RECORDS.slice(0, -1), { type: 'end', records: 3, live: true }])).toMatchObject({
      what: 'incomplete',
    });
  });

  it('with control characters in a name does not write them to a terminal', async () => {
    const chain = 'key/\u001b[2J';
    const broken = await brokenBy(instead(eventOf(A, 1), { type: 'event', chain, event: null }));
    expect(broken?.sentence).not.toContain('\u001b');
  });
});

it('a digest that cannot have been signed is one that was forged, and ends no check', async () => {
  const bench = new ProofBench().grow('key/A').digest();
  const records = bench
    .records()
    .map((record) =>
      record.type === 'digest'
        ? { ...record, digest: { ...record.digest, more: Number.POSITIVE_INFINITY } }
        : record,
    );
  expect(await verified(records, bench.key)).toMatchObject({
    outcome: 'broken',
    broken: { what: 'digest-forged' },
  });
});

describe('an event whose own time cannot be true', () => {
  it('before 1970 is none', async () => {
    const forged = new ProofBench().growBy(A, { atMs: -1 });
    expect(await brokenBy(forged.records(), forged.key)).toMatchObject({ what: 'unreadable', chain: A });
  });

  const DAYS_AGO = { atMs: bench.nowMs - 40 * DAY_MS };
  const begun = () => new ProofBench().grow(A, B).digest();

  it.each([
    ['under a later digest', () => begun().growBy(A, DAYS_AGO).grow(A).digest().grow(A)],
    ['under no digest yet', () => begun().growBy(A, DAYS_AGO).grow(A)],
  ])('put in afterwards among those of a time that is signed is named: %s', async (_where, make) => {
    const forged = make();
    expect(await brokenBy(forged.records(), forged.key)).toMatchObject({
      what: 'not-in-digest',
      chain: A,
      sequence: 2,
      sentence: expect.stringContaining('the digest of 2026-11-01, which was taken later'),
    });
  });

  it('is late by what a commit takes, and holds', async () => {
    const late = new ProofBench().grow(A).digest();
    late.growBy(A, { atMs: late.nowMs - 2 * HOUR_MS }).digest();
    expect(await brokenBy(late.records(), late.key)).toBeUndefined();
  });

  it.each([
    [
      'under a digest',
      () =>
        begun()
          .growBy(B, { atMs: bench.nowMs + 40 * DAY_MS })
          .digest()
          .grow(B),
      '2026-11-02',
    ],
    ['under none', () => begun().growBy(B, { atMs: bench.nowMs + 40 * DAY_MS }), 'the moment'],
  ])('dated ahead is named: %s', async (_where, make, when) => {
    const forged = make();
    expect(await brokenBy(forged.records(), forged.key)).toMatchObject({
      what: 'dated-ahead',
      chain: B,
      sequence: 2,
      sentence: expect.stringContaining(when),
    });
  });

  it.each([
    ['altered', undefined],
    ['not-in-digest', 'not-in-digest'],
  ])(
    'of a chain that digests left out, since it was %s, comes late when that is mended',
    async (why, what) => {
      const mended = begun();
      mended
        .growBy('audit', { action: 'audit.chain-broken', detail: { what: why, brokenChain: A } })
        .digest();
      mended.growBy(A, { atMs: mended.nowMs - 26 * HOUR_MS }).digest();
      expect((await brokenBy(mended.records(), mended.key))?.what).toBe(what);
    },
  );
});

describe('records of a period', () => {
  const isHead = ({ type }: AuditRecord): boolean => type === 'live-head';
  const last = RECORDS.lastIndexOf(digestAt(2));
  const header = { ...(RECORDS[0] as HeaderRecord), from: digestAt(2).digest.takenAt };
  const newest = RECORDS.slice(last + 1).filter((record) => isEvent(record) || isHead(record));
  const headsOf = (events: readonly AuditRecord[]) => {
    const ends = new Map<string, AuditRecord>();
    for (const record of events.filter(isEvent)) {
      const { chain, sequence, hash } = record.event as AuditEvent;
      ends.set(chain, { type: 'anchor-head', chain, sequence, hash });
    }
    return [...ends.values()];
  };
  const anchor: AuditRecord = { ...digestAt(2), type: 'anchor' };
  const heads = headsOf(RECORDS.slice(0, last));

  it('hold from a digest on, with the heads that it signs', async () => {
    expect(await brokenBy(sealed([header, anchor, ...heads, ...newest]))).toBeUndefined();
  });

  it('that start from other heads than the digest signs do not, though nothing later contradicts them', async () => {
    const before = { sequence: 7, hash: 'f'.repeat(64) };
    const forged = chainEvent({ chain: 'policy/forged' }, before, {
      action: 'policy.changed',
      actor: { principal: 'ops', via: 'cli' },
      atMs: bench.nowMs,
      detail: {},
    });
    const chain = 'policy/forged';
    const records = [
      header,
      anchor,
      ...heads,
      { type: 'anchor-head', chain, ...before } as const,
      { type: 'event', chain, event: forged } as const,
      ...newest,
      { type: 'live-head', chain, sequence: 8, hash: forged.hash } as const,
    ];
    expect(await brokenBy(sealed(records))).toMatchObject({ what: 'heads-differ', digest: DAYS[2] });
  });

  it('start from a digest once, at their beginning: one in between would jump over what lies before it', async () => {
    const records = [RECORDS[0] as AuditRecord, ...RECORDS.slice(1, 3), anchor, ...heads, ...newest];
    expect(await brokenBy(sealed(records))).toMatchObject({
      sentence: 'A digest to start from stands in the wrong place.',
    });
    const between = [RECORDS[0] as AuditRecord, ...RECORDS.slice(1, 3), ...heads];
    expect(await brokenBy(sealed(between))).toMatchObject({ what: 'incomplete' });
  });

  it('that end with a digest have nothing behind it, which none would hold', async () => {
    const until = (records: readonly AuditRecord[]): AuditRecord[] => {
      const to = digestAt(1).digest.takenAt;
      const body: AuditRecord[] = [{ ...(RECORDS[0] as HeaderRecord), to }, ...records.slice(1)];
      return [...body, { type: 'end', records: body.length, live: false }];
    };
    const upTo = RECORDS.indexOf(digestAt(1)) + 1;
    expect(await brokenBy(until(RECORDS.slice(0, upTo)))).toBeUndefined();
    expect(await brokenBy(until(RECORDS.slice(0, upTo + 1)))).toMatchObject({
      sentence: 'Events stand behind its last digest.',
    });
  });
});
