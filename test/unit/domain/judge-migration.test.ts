import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeMigration,
  type MigrationFacts,
  newShare,
} from '../../../lambdas/core/domain/judge-migration.ts';
import { TERMS } from '../../support/sample-records.ts';

type Changes = Partial<Omit<MigrationFacts, 'window' | 'terms'>> & {
  readonly terms?: Partial<MigrationFacts['terms']>;
};

/** A scheduled rotation of a received key, before its first extension, under the default policy. */
const facts = (oldRequests: number, newRequests: number, changes: Changes = {}): MigrationFacts => ({
  window: { oldRequests, newRequests },
  newFirstUsedInWindow: false,
  newReceived: true,
  purpose: 'scheduled',
  extensions: 0,
  ...changes,
  terms: { ...TERMS, ...changes.terms },
});

describe('judgeMigration: each row of the documented table', () => {
  it.each([
    ['old no, new yes', facts(0, 1), 'migrated', 'retire'],
    ['old no, new yes, never claimed', facts(0, 1, { newReceived: false }), 'migrated', 'retire'],
    ['old yes, share over the threshold', facts(1, 99), 'migrated', 'retire'],
    ['old yes, share exactly at the threshold', facts(5, 95), 'migrated', 'retire'],
    ['old yes, share just under the threshold', facts(50_001, 949_999), 'stragglers', 'extend'],
    ['old yes, new no', facts(1, 0), 'stragglers', 'extend'],
    ['old yes, new no, never delivered', facts(1, 0, { newReceived: false }), 'stragglers', 'extend'],
    ['old no, new no, delivered', facts(0, 0), 'idle', 'retire'],
    ['old no, new no, not delivered', facts(0, 0, { newReceived: false }), 'never-delivered', 'extend'],
    [
      'old no, new first used in the window, its count on the way',
      facts(0, 0, { newFirstUsedInWindow: true }),
      'migrated',
      'retire',
    ],
    [
      'old yes, new first used in the window, its count on the way',
      facts(1, 0, { newFirstUsedInWindow: true }),
      'stragglers',
      'extend',
    ],
  ])('%s', (_row, given, evidence, decision) => {
    expect(judgeMigration(given)).toEqual({ evidence, decision });
  });
});

describe('judgeMigration: the threshold', () => {
  it.each([
    [100, facts(1, 1_000_000), 'stragglers'],
    [100, facts(0, 1), 'migrated'],
    [50, facts(1, 1), 'migrated'],
    [50, facts(51, 50), 'stragglers'],
  ])('%i %%', (percent, given, evidence) => {
    const terms = { ...given.terms, migrationThreshold: percent / 100 };

    expect(judgeMigration({ ...given, terms }).evidence).toBe(evidence);
  });

  it('counts a share exactly at it as reached, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 10_000 }), (percent, factor) => {
        const given = facts((100 - percent) * factor, percent * factor, {
          terms: { migrationThreshold: percent / 100 },
        });
        expect(judgeMigration(given).evidence).toBe('migrated');
      }),
    );
  });
});

describe('judgeMigration: extensions', () => {
  const stragglers = (extensions: number, terms: Changes['terms'] = {}, newReceived = true) =>
    facts(9, newReceived ? 1 : 0, { newReceived, extensions, terms });
  const undelivered = (extensions: number, terms: Changes['terms'] = {}) =>
    facts(0, 0, { newReceived: false, extensions, terms });

  it.each([
    ['stragglers extend a last time below the limit', stragglers(6), 'extend'],
    ['stragglers hold at the limit', stragglers(7), 'hold'],
    ['stragglers hold past the limit', stragglers(8), 'hold'],
    [
      'stragglers extend below the limit of a retiring policy',
      stragglers(6, { afterMaxExtensions: 'retire' }),
      'extend',
    ],
    [
      'stragglers retire at the limit where the policy says so',
      stragglers(7, { afterMaxExtensions: 'retire' }),
      'retire',
    ],
    ['no extension allowed: stragglers hold at once', stragglers(0, { maxExtensions: 0 }), 'hold'],
    ['never delivered extends below the limit', undelivered(6), 'extend'],
    ['never delivered holds at the limit', undelivered(7), 'hold'],
    [
      'never delivered is never taken from its owner, even where the policy retires',
      undelivered(7, { afterMaxExtensions: 'retire' }),
      'hold',
    ],
    [
      'stragglers who never got the new version keep the old one, even where the policy retires',
      stragglers(7, { afterMaxExtensions: 'retire' }, false),
      'hold',
    ],
    ['idle retires at the limit too', facts(0, 0, { extensions: 7 }), 'retire'],
    ['migrated retires at the limit too', facts(0, 5, { extensions: 7 }), 'retire'],
  ])('%s', (_rule, given, decision) => {
    expect(judgeMigration(given).decision).toBe(decision);
  });
});

describe('judgeMigration: an emergency', () => {
  it.each([
    ['stragglers', facts(9, 1, { purpose: 'emergency' })],
    ['never-delivered', facts(0, 0, { purpose: 'emergency', newReceived: false })],
    ['idle', facts(0, 0, { purpose: 'emergency' })],
    ['migrated', facts(0, 1, { purpose: 'emergency' })],
  ])('retires on %s: a leaked key is never kept by an extension', (evidence, given) => {
    expect(judgeMigration(given)).toEqual({ evidence, decision: 'retire' });
  });
});

describe('newShare', () => {
  it.each([
    [0, 0, null],
    [0, 1, 1],
    [1, 0, 0],
    [1, 3, 0.75],
  ])('of %i old and %i new requests is %s', (oldRequests, newRequests, share) => {
    expect(newShare({ oldRequests, newRequests })).toBe(share);
  });
});
