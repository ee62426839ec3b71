import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, chainEvent, hashOf } from '../../../lambdas/core/domain/audit-event.ts';
import { headsFacts } from '../../../lambdas/core/domain/audit-proof/chain-head.ts';
import {
  digestSha256,
  isSignedWith,
  type SignedDigest,
} from '../../../lambdas/core/domain/audit-proof/digest.ts';
import type { DigestReport } from '../../../lambdas/core/use-cases/take-digest.ts';
import { HOUR_SECONDS } from '../../../rules/time-units.ts';
import { AuditWorld } from '../../support/audit-world.ts';
import { signingKey } from '../../support/proof-bench.ts';

const A = 'key/AAAAAAAAAAAA';
const B = 'key/BBBBBBBBBBBB';

let world: AuditWorld;
beforeEach(() => {
  world = new AuditWorld();
});

const stored = (day: string): SignedDigest => world.digests.versions.get(day)?.[0] as SignedDigest;
const taken = (report: DigestReport) => {
  if (report.outcome !== 'taken') throw new Error(`No digest was taken: ${JSON.stringify(report)}`);
  return report;
};
const rehashed = ({ hash: _old, ...rest }: AuditEvent): AuditEvent => ({ ...rest, hash: hashOf(rest) });
const entryOf = ({ action, actor, atMs, detail }: AuditEvent) => ({ action, actor, atMs, detail });
const breaksOnRecord = () =>
  [...(world.chains.items.get('audit') ?? new Map()).values()].map((event) => (event as AuditEvent).detail);

describe('the first digest', () => {
  it('is over the ends of all chains, signed, and says that none is before it', async () => {
    await world.chains.grow(A, B, A, 'pepper');
    const { digest, moved, broken } = taken(await world.digest());
    expect(digest).toEqual({
      version: 1,
      table: 'a-table',
      date: '2026-11-23',
      takenAt: '2026-11-23T14:00:00.000Z',
      previousDigest: null,
      chains: 3,
      events: 4,
      headsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect({ moved, broken }).toEqual({ moved: 3, broken: [] });
    const heads = await world.digests.heads({ which: 'all', digest });
    expect(heads?.map(({ chain, sequence }) => [chain, sequence])).toEqual([
      [A, 2],
      [B, 1],
      ['pepper', 1],
    ]);
    expect(headsFacts(heads ?? []).headsSha256).toBe(digest.headsSha256);
    expect(isSignedWith(world.key, stored('2026-11-23'))).toBe(true);
  });

  it('is taken of nothing too', async () => {
    expect(taken(await world.digest()).digest).toMatchObject({ chains: 0, events: 0 });
  });
});

describe('a day later', () => {
  beforeEach(async () => {
    await world.chains.grow(A, B, 'pepper');
    world.clock.advanceSeconds(2 * HOUR_SECONDS);
    await world.digest();
    world.nextDay();
    world.chains.read = [];
  });

  it('the digest names the one before by its hash, and carries its heads on', async () => {
    await world.chains.grow(A);
    const { digest, moved } = taken(await world.digest());
    expect(digest.previousDigest).toEqual({
      date: '2026-11-23',
      sha256: digestSha256(stored('2026-11-23').digest),
    });
    expect(digest).toMatchObject({ chains: 3, events: 4 });
    expect(moved).toBe(1);
    expect((await world.digests.heads({ which: 'moved', digest }))?.map(({ chain }) => chain)).toEqual([A]);
  });

  it('costs what has changed: no other chain is read', async () => {
    await world.chains.grow(A);
    world.chains.read = [];
    await world.digest();
    expect([...new Set(world.chains.read)].sort()).toEqual(['audit', A]);
  });

  it('finds an event again that was made before the last digest and committed after it', async () => {
    world.clock.advanceSeconds(-24 * HOUR_SECONDS - 600);
    await world.chains.grow(B);
    world.clock.advanceSeconds(24 * HOUR_SECONDS + 600);
    expect(taken(await world.digest()).digest.events).toBe(4);
  });

  it('repeated, writes nothing', async () => {
    const first = taken(await world.digest());
    await world.chains.grow(A);
    expect(await world.digest()).toEqual({ outcome: 'exists', date: '2026-11-24', broken: [] });
    expect(stored('2026-11-24').digest).toEqual(first.digest);
    expect(world.digests.versions.get('2026-11-24')).toHaveLength(1);
  });

  it('twice at once, one of them writes', async () => {
    const reports = await Promise.all([world.digest(), world.digest(), world.digest()]);
    expect(reports.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1);
    expect(world.digests.versions.get('2026-11-24')).toHaveLength(1);
  });

  it('a run that died before its digest was written is made up for', async () => {
    await world.chains.grow(A);
    world.digests.failNextPut = true;
    await expect(world.digest()).rejects.toThrow('broke');
    await world.chains.grow(B);
    expect(taken(await world.digest()).digest).toMatchObject({ chains: 3, events: 5 });
  });

  it('days that were missed are made up for by the next run', async () => {
    await world.chains.grow(A);
    for (let day = 0; day < 9; day += 1) world.nextDay();
    await world.chains.grow(B);
    const { digest } = taken(await world.digest());
    expect(digest).toMatchObject({ date: '2026-12-03', events: 5, previousDigest: { date: '2026-11-23' } });
  });

  it('a clock that went back overwrites nothing', async () => {
    world.clock.advanceSeconds(-3 * 24 * HOUR_SECONDS);
    expect(await world.digest()).toEqual({ outcome: 'exists', date: '2026-11-23', broken: [] });
  });

  it('a key that changes while it is read is read to its end', async () => {
    await world.chains.grow(A);
    let once = true;
    world.chains.onEnds = () => {
      const first = once;
      once = false;
      return first ? world.chains.grow(A) : undefined;
    };
    const { digest, broken } = taken(await world.digest());
    expect(broken).toEqual([]);
    expect(digest.events).toBe(5);
  });
});

describe('a broken chain', () => {
  beforeEach(async () => {
    await world.chains.grow(A, B, A);
    await world.digest();
    world.nextDay();
    await world.chains.grow(A, A, A);
  });

  const found: readonly [string, () => void, { readonly what: string; readonly sequence: number }][] = [
    [
      'an altered event',
      () => world.chains.tamper(A, 4, (event) => ({ ...event, reason: 'another' })),
      { what: 'altered', sequence: 4 },
    ],
    ['a dropped event', () => world.chains.tamper(A, 4, () => undefined), { what: 'dropped', sequence: 4 }],
    ['a dropped end', () => world.chains.tamper(A, 5, () => undefined), { what: 'truncated', sequence: 5 }],
    [
      'an event of another chain',
      () => world.chains.tamper(A, 4, () => world.chains.items.get(B)?.get(1)),
      { what: 'foreign', sequence: 4 },
    ],
    [
      'an end that was altered and hashed anew',
      () => world.chains.tamper(A, 5, (event) => rehashed({ ...event, reason: 'another' })),
      { what: 'rewritten', sequence: 5 },
    ],
    [
      'a signed event that was altered and hashed anew with all behind it',
      () => {
        for (const place of [2, 3, 4, 5])
          world.chains.tamper(A, place, (event) => {
            const before = world.chains.items.get(A)?.get(place - 1) as AuditEvent;
            return rehashed({ ...event, reason: 'another', previousHash: before.hash });
          });
      },
      { what: 'unlinked', sequence: 3 },
    ],
    [
      'an event that was forged behind the end',
      () =>
        world.chains.tamper(A, 6, () => {
          const last = world.chains.items.get(A)?.get(5) as AuditEvent;
          return chainEvent({ chain: A }, last, entryOf(last));
        }),
      { what: 'forged-continuation', sequence: 6 },
    ],
    ['a key whose record is gone', () => world.chains.keys.delete(A), { what: 'key-gone', sequence: 5 }],
  ];

  it.each(found)('by %s is found, named and on record', async (_how, tamper, { what, sequence }) => {
    tamper();
    const { broken } = taken(await world.digest());
    expect(broken).toMatchObject([{ what, chain: A, sequence }]);
    expect(breaksOnRecord()).toEqual([
      { what, brokenChain: A, brokenSequence: sequence, brokenKeyId: 'AAAAAAAAAAAA' },
    ]);
  });

  it('stands in the digest as far as it holds, and the event that says so is under it', async () => {
    world.chains.tamper(A, 5, (event) => ({ ...event, reason: 'another' }));
    const { digest } = taken(await world.digest());
    const heads = await world.digests.heads({ which: 'all', digest });
    expect(heads?.map(({ chain, sequence }) => [chain, sequence])).toEqual([
      ['audit', 1],
      [A, 4],
      [B, 1],
    ]);
  });

  it('is put on record once, however often it is met', async () => {
    world.chains.tamper(A, 5, (event) => ({ ...event, reason: 'another' }));
    await world.digest();
    world.nextDay();
    const again = taken(await world.digest());
    expect(breaksOnRecord()).toHaveLength(1);
    expect(again.broken.length).toBeLessThanOrEqual(1);
  });
});

describe('the digest before', () => {
  beforeEach(async () => {
    await world.chains.grow(A, B);
    await world.digest();
    world.nextDay();
    await world.chains.grow(A);
  });

  const first = () => world.digests.versions.get('2026-11-23') as unknown[];

  it('that was altered is nothing to build on: all chains are read anew, and it is on record', async () => {
    const { digest, signature } = stored('2026-11-23');
    world.digests.versions.set('2026-11-23', [{ digest: { ...digest, events: 7 }, signature }]);
    const { digest: next, broken } = taken(await world.digest());
    expect(broken).toMatchObject([{ what: 'digest-forged', digest: '2026-11-23' }]);
    expect(next).toMatchObject({ events: 4, previousDigest: null });
    expect(breaksOnRecord()).toEqual([{ what: 'digest-forged', digest: '2026-11-23' }]);
  });

  it.each([null, 'text', {}])('that is %j is no digest', async (junk) => {
    world.digests.versions.set('2026-11-23', [junk]);
    expect(taken(await world.digest()).broken).toMatchObject([{ what: 'digest-forged' }]);
  });

  it('that another key signed is none', async () => {
    world.digests.versions.set('2026-11-23', [signingKey().signs(stored('2026-11-23').digest)]);
    expect(taken(await world.digest()).broken).toMatchObject([{ what: 'digest-forged' }]);
  });

  it('whose list of heads is gone or another one is followed, and all chains are read anew', async () => {
    world.digests.lists.clear();
    const { digest, broken } = taken(await world.digest());
    expect(broken).toMatchObject([{ what: 'heads-differ', digest: '2026-11-23' }]);
    expect(digest).toMatchObject({ events: 4, previousDigest: { date: '2026-11-23' } });
  });

  it('that somebody wrote over is what was stored first', async () => {
    first().push({ nonsense: true });
    const { digest, broken } = taken(await world.digest());
    expect(broken).toMatchObject([{ what: 'digest-overwritten' }]);
    expect(digest).toMatchObject({ events: 4, previousDigest: { date: '2026-11-23' } });
  });
});

describe('what somebody has laid into the bucket', () => {
  beforeEach(async () => {
    await world.chains.grow(A, B);
    await world.digest();
    world.nextDay();
    await world.chains.grow(A);
  });

  it.each([
    ['nonsense', { nonsense: true }],
    ['nothing but a deletion', undefined],
    ['a copy of the one before', () => stored('2026-11-23')],
  ])('under a day to come keeps no digest from being taken: %s', async (_what, junk) => {
    const value = typeof junk === 'function' ? junk() : junk;
    world.digests.versions.set('9999-12-31', value === undefined ? [] : [value]);
    const { digest, broken } = taken(await world.digest());
    expect(digest).toMatchObject({ date: '2026-11-24', events: 4, previousDigest: { date: '2026-11-23' } });
    expect(broken).toMatchObject([{ what: 'digest-forged', digest: '9999-12-31' }]);
    expect(breaksOnRecord()).toEqual([{ what: 'digest-forged', digest: '9999-12-31' }]);
  });

  it('under any number of days to come is told of some, and read of none that are far', async () => {
    const days = Array.from({ length: 3000 }, (_, day) => new Date(Date.UTC(2031, 0, day)).toISOString());
    for (const day of days) world.digests.versions.set(day.slice(0, 10), [{ nonsense: true }]);
    world.digests.found = [];
    const { digest, broken } = taken(await world.digest());
    expect(digest).toMatchObject({ date: '2026-11-24', previousDigest: { date: '2026-11-23' } });
    expect(broken).toHaveLength(5);
    expect(new Set(world.digests.found)).toEqual(new Set(['2026-11-23']));
  });

  it('under this day is told, and the next day follows the last that is whole', async () => {
    const { digest, signature } = stored('2026-11-23');
    const unhashable = {
      digest: {
        ...digest,
        date: '2026-11-24',
        takenAt: '2026-11-24T00:10:00.000Z',
        x: Number.POSITIVE_INFINITY,
      },
      signature,
    };
    world.digests.versions.set('2026-11-24', [unhashable]);
    expect(await world.digest()).toMatchObject({
      outcome: 'exists',
      broken: [{ what: 'digest-forged', digest: '2026-11-24' }],
    });
    world.nextDay();
    expect(taken(await world.digest()).digest).toMatchObject({
      date: '2026-11-25',
      previousDigest: { date: '2026-11-23' },
    });
  });

  it('of another deployment is not followed', async () => {
    const { digest } = stored('2026-11-23');
    world.digests.versions.set('2026-11-23', [world.key.signs({ ...digest, table: 'another' })]);
    const { digest: next, broken } = taken(await world.digest());
    expect(next.previousDigest).toBeNull();
    expect(broken).toMatchObject([{ what: 'digest-forged' }]);
  });
});

describe('an event whose own time cannot be true', () => {
  beforeEach(async () => {
    await world.chains.grow(A, B);
    await world.digest();
    world.nextDay();
  });

  it.each([
    ['put among those of a month ago', -30, 'not-in-digest'],
    ['dated a month ahead', 30, 'dated-ahead'],
  ])('%s is under no digest, and on record as forged', async (_how, days, what) => {
    await world.chains.growAt(A, world.clock.nowMs + days * 24 * HOUR_SECONDS * 1000);
    await world.chains.grow(A);
    const { digest, broken } = taken(await world.digest());
    expect(broken).toMatchObject([{ what, chain: A, sequence: 2 }]);
    expect(breaksOnRecord()).toMatchObject([{ what, brokenChain: A, brokenSequence: 2 }]);
    const heads = await world.digests.heads({ which: 'all', digest });
    expect(heads?.find(({ chain }) => chain === A)?.sequence).toBe(1);

    world.nextDay();
    await world.chains.grow(A);
    expect(taken(await world.digest()).broken).toMatchObject([{ what, chain: A, sequence: 2 }]);
  });

  it('is true of a chain that was left out for another reason, and was mended', async () => {
    await world.chains.grow(A);
    const whole = world.chains.items.get(A)?.get(2);
    world.chains.tamper(A, 2, (event) => ({ ...event, reason: 'another' }));
    expect(taken(await world.digest()).broken).toMatchObject([{ what: 'altered' }]);

    world.nextDay();
    world.chains.tamper(A, 2, () => whole);
    await world.chains.grow(A);
    const { digest, broken } = taken(await world.digest());
    expect(broken).toEqual([]);
    const heads = await world.digests.heads({ which: 'all', digest });
    expect(heads?.find(({ chain }) => chain === A)?.sequence).toBe(3);
  });

  it('is true of a chain that was mended, and has not grown since; still broken it is told of no more', async () => {
    await world.chains.grow(A);
    world.clock.advanceSeconds(2 * HOUR_SECONDS);
    const whole = world.chains.items.get(A)?.get(2);
    world.chains.tamper(A, 2, (event) => ({ ...event, reason: 'another' }));
    expect(taken(await world.digest()).broken).toHaveLength(1);

    world.nextDay();
    expect(taken(await world.digest())).toMatchObject({ broken: [] });
    world.nextDay();
    expect(taken(await world.digest())).toMatchObject({ moved: 0, broken: [] });

    world.nextDay();
    world.chains.tamper(A, 2, () => whole);
    const { digest, broken } = taken(await world.digest());
    expect(broken).toEqual([]);
    const heads = await world.digests.heads({ which: 'all', digest });
    expect(heads?.find(({ chain }) => chain === A)?.sequence).toBe(2);
  });
});
