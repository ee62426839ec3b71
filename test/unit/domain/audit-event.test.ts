import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuditEntry,
  type AuditEvent,
  CHAIN_START,
  chainEvent,
  firstBrokenLink,
  keyChain,
} from '../../../lambdas/core/domain/audit-event.ts';
import { START_MS } from '../../support/manual-clock.ts';

const KEY = keyChain({ keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' });

const entry = (number: number): AuditEntry => ({
  action: 'rotation.judged',
  actor: { principal: 'ops', via: 'cli' },
  atMs: START_MS + number,
  reason: `reason ${number}`,
  detail: { number, forced: false, scopes: ['a:b', 'c:d'] },
});

function chainOf(length: number): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let number = 1; number <= length; number += 1) {
    events.push(chainEvent(KEY, events.at(-1) ?? CHAIN_START, entry(number)));
  }
  return events;
}

const CHAIN = chainOf(5);
const at = (index: number): AuditEvent => CHAIN[index] as AuditEvent;
const changedAt = (index: number, changes: Partial<AuditEvent>): readonly AuditEvent[] =>
  CHAIN.map((event, place) => (place === index ? { ...event, ...changes } : event));

describe('chainEvent', () => {
  it('numbers the events of a key from 1 and gives each the hash of the one before', () => {
    expect(CHAIN.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(at(0).previousHash).toBe('0'.repeat(64));
    expect(CHAIN.slice(1).map(({ previousHash }) => previousHash)).toEqual(
      CHAIN.slice(0, -1).map(({ hash }) => hash),
    );
  });

  it('hashes the canonical form: the order of the fields says nothing', () => {
    const reversed = Object.fromEntries(Object.entries(at(2)).reverse()) as unknown as AuditEvent;

    expect(firstBrokenLink([at(0), at(1), reversed, at(3), at(4)])).toBeUndefined();
  });
});

describe('firstBrokenLink', () => {
  it('finds nothing in a chain that holds, and in none', () => {
    expect(firstBrokenLink(CHAIN)).toBeUndefined();
    expect(firstBrokenLink([])).toBeUndefined();
  });

  it.each<[string, Partial<AuditEvent>]>([
    ['action', { action: 'version.retired' }],
    ['actor', { actor: { principal: 'nobody', via: 'cli' } }],
    ['time', { atMs: START_MS }],
    ['reason', { reason: 'another' }],
    ['detail', { detail: { number: 3, forced: true, scopes: ['a:b', 'c:d'] } }],
    ['chain', { chain: 'key/Zb3dEf7hIj9L' }],
    ['key', { keyId: 'Zb3dEf7hIj9L' }],
    ['owner', { owner: 'b@example.com' }],
    ['origin', { origin: { address: '192.0.2.1' } }],
    ['outcome', { outcome: 'failure' }],
    ['sequence', { sequence: 4 }],
    ['previous hash', { previousHash: '1'.repeat(64) }],
    ['hash', { hash: '1'.repeat(64) }],
  ])('names the event whose %s was altered', (_field, changes) => {
    const altered = changedAt(2, changes);

    expect(firstBrokenLink(altered)).toBe(altered[2]);
  });

  it('names the event behind one that was altered and hashed anew', () => {
    const forged = chainEvent(KEY, at(1), { ...entry(3), reason: 'forged' });

    expect(firstBrokenLink([at(0), at(1), forged, at(3), at(4)])).toBe(at(3));
  });

  it.each([0, 1, 2, 3])('finds that event %i was dropped', (dropped) => {
    const left = CHAIN.filter((_, place) => place !== dropped);

    expect(firstBrokenLink(left)).toBe(CHAIN[dropped + 1]);
  });

  it('finds two events exchanged, one given twice, and one added', () => {
    expect(firstBrokenLink([at(0), at(2), at(1), at(3), at(4)])).toBe(at(2));
    expect(firstBrokenLink([at(0), at(1), at(1), at(2)])).toBe(at(1));
    const added = chainEvent(KEY, CHAIN_START, entry(9));
    expect(firstBrokenLink([at(0), added, at(1)])).toBe(added);
  });

  it('breaks on any exchange of two events', () => {
    const place = fc.nat(CHAIN.length - 1);
    fc.assert(
      fc.property(place, place, (one, other) => {
        const exchanged = [...CHAIN];
        exchanged[one] = at(other);
        exchanged[other] = at(one);
        expect(firstBrokenLink(exchanged) === undefined).toBe(one === other);
      }),
    );
  });
});
