/** Whatever the chains and however they are interleaved: what is whole holds, and no single change of it does. */

import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../../lambdas/core/domain/audit-proof/audit-record.ts';
import { ChainEnds } from '../../../lambdas/core/domain/audit-proof/chain-ends.ts';
import { type ChainHead, headLine, headsFacts } from '../../../lambdas/core/domain/audit-proof/chain-head.ts';
import { ProofBench, sealed, verified } from '../../support/proof-bench.ts';

const CHAINS = ['key/A', 'key/B', 'pepper', 'webhook/é', 'policy/x'];
/** Of each day the chains that grow, in this order; a digest after each day but the last. */
const HISTORY = fc.array(fc.array(fc.constantFrom(...CHAINS), { maxLength: 8 }), {
  minLength: 1,
  maxLength: 5,
});

function benchOf(days: readonly (readonly string[])[]): ProofBench {
  const bench = new ProofBench();
  days.forEach((chains, day) => {
    bench.grow(...chains);
    if (day < days.length - 1) bench.digest();
  });
  return bench;
}

const holds = async (bench: ProofBench, records: readonly AuditRecord[]): Promise<boolean> =>
  (await verified(records, bench.key)).outcome === 'holds';

/** A record of which something else is said. */
function altered(record: AuditRecord): AuditRecord {
  switch (record.type) {
    case 'event':
      return { ...record, event: { ...(record.event as object), reason: 'another' } };
    case 'digest':
      return { ...record, digest: { ...record.digest, events: record.digest.events + 1 } };
    case 'head':
    case 'live-head':
      return { ...record, hash: record.hash.replace(/^./, (first) => (first === '0' ? '1' : '0')) };
    default:
      return record;
  }
}
const isProof = ({ type }: AuditRecord): boolean => type !== 'header' && type !== 'end';

/** Changes at a place; `at` chooses among the records that say something. */
const CHANGES: Readonly<Record<string, (records: readonly AuditRecord[], at: number) => AuditRecord[]>> = {
  altered: (records, at) => records.map((record, place) => (place === at ? altered(record) : record)),
  dropped: (records, at) => records.filter((_, place) => place !== at),
};

describe('an audit', () => {
  it('that is whole holds', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, async (days) => {
        const bench = benchOf(days);
        expect(await holds(bench, bench.records())).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(CHANGES))('of which any one record is %s does not hold', async (how) => {
    await fc.assert(
      fc.asyncProperty(HISTORY, fc.nat(), async (days, choice) => {
        const bench = benchOf(days);
        const records = bench.records();
        const places = records.flatMap((record, place) => (isProof(record) ? [place] : []));
        fc.pre(places.length > 0);
        const at = places[choice % places.length] as number;
        // The last digest of a day on which nothing happened leaves nothing behind that misses it.
        const record = records[at] as AuditRecord;
        const isLastDigest =
          record.type === 'digest' && !records.slice(at + 1).some(({ type }) => type === 'digest');
        const movedNothing = records[at - 1]?.type !== 'head';
        fc.pre(how !== 'dropped' || !isLastDigest || !movedNothing);
        const tampered = sealed(CHANGES[how]?.(records, at) ?? []);
        expect(await holds(bench, tampered), JSON.stringify(record)).toBe(false);
      }),
      { numRuns: 120 },
    );
  });

  it('whose chains are interleaved in another way between two digests holds', async () => {
    await fc.assert(
      fc.asyncProperty(HISTORY, fc.infiniteStream(fc.nat()), async (days, chance) => {
        const bench = benchOf(days);
        const mixed: AuditRecord[] = [];
        let section: AuditRecord[] = [];
        const flush = () => {
          const queues = new Map<string, AuditRecord[]>();
          for (const record of section) {
            const queue = 'chain' in record ? record.chain : '';
            queues.set(queue, [...(queues.get(queue) ?? []), record]);
          }
          const left = [...queues.values()];
          while (left.length > 0) {
            const at = Number(chance.next().value) % left.length;
            mixed.push(left[at]?.shift() as AuditRecord);
            if (left[at]?.length === 0) left.splice(at, 1);
          }
          section = [];
        };
        for (const record of bench.records()) {
          if (record.type === 'event' || record.type === 'head') section.push(record);
          else {
            flush();
            mixed.push(record);
          }
        }
        expect(await holds(bench, mixed)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a list of heads', () => {
  const HEAD: fc.Arbitrary<ChainHead> = fc.record({
    chain: fc.string({ unit: 'grapheme', minLength: 1 }),
    sequence: fc.nat().map((number) => number + 1),
    hash: fc.stringMatching(/^[0-9a-f]{64}$/),
  });

  it('has lines in canonical JSON', () => {
    fc.assert(
      fc.property(HEAD, (head) => {
        expect(headLine(head)).toBe(`${canonicalize(head)}
`);
      }),
    );
  });

  it('is sorted by chain whatever the order in which heads came, and the latest head of a chain counts', () => {
    fc.assert(
      fc.property(fc.array(HEAD, { maxLength: 12 }), (heads) => {
        const ends = new ChainEnds();
        for (const head of heads) {
          ends.set(head.chain, { sequence: head.sequence, hash: '0'.repeat(64) });
          ends.set(head.chain, head);
          ends.facts();
        }
        const latest = new Map(heads.map((head) => [head.chain, head]));
        const sorted = [...latest.values()].sort((one, other) => (one.chain < other.chain ? -1 : 1));
        expect([...ends.sorted()]).toEqual(sorted);
        expect(ends.facts()).toEqual(headsFacts(sorted));
      }),
    );
  });
});
