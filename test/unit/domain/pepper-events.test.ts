import { describe, expect, it } from 'vitest';
import {
  type AuditAction,
  type AuditEvent,
  CHAIN_START,
  chainEvent,
} from '../../../lambdas/core/domain/audit-event.ts';
import {
  addedAtMs,
  alteredPeppers,
  isAnnounced,
  madeCurrentAtMs,
  owedEvent,
  PEPPER_CHAIN,
  waitingPepper,
  wasAdded,
  wasCurrent,
} from '../../../lambdas/core/domain/pepper-events.ts';
import { fingerprintOf } from '../../../lambdas/core/domain/pepper-rotation.ts';
import type { PepperSet, StoredPeppers } from '../../../lambdas/core/domain/peppers.ts';
import { START_MS } from '../../support/manual-clock.ts';

const A = 'pepper-a';
const B = 'pepper-b';
const secretOf = (name: string) => Buffer.from(name.padEnd(40, '.'));
const setOf = (current: string, ...names: string[]): PepperSet => ({
  current,
  secrets: new Map([current, ...names].map((name) => [name, secretOf(name)])),
});

const stored = (set: PepperSet, revision = 'r-9'): StoredPeppers => ({ set, revision });

type Said = readonly [action: AuditAction, name: string | readonly string[], from: string, more?: object];

function chainOf(...said: readonly Said[]): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (const [action, names, fromRevision, more] of said) {
    const entry = {
      action,
      actor: { principal: 'test', via: 'test' },
      atMs: START_MS + events.length,
      reason: `reason ${events.length + 1}`,
      detail: { pepperVersions: [names].flat(), fromRevision, ...more },
    };
    events.push(chainEvent(PEPPER_CHAIN, events.at(-1) ?? CHAIN_START, entry));
  }
  return events;
}

describe('a write is announced', () => {
  const write = { action: 'pepper.adding' as const, pepperVersions: [A], fromRevision: 'r-1' };

  it('once its event is there: of this action, these peppers and this revision', () => {
    expect(isAnnounced([], write)).toBe(false);
    expect(isAnnounced(chainOf(['pepper.adding', A, 'r-1']), write)).toBe(true);
    for (const other of [
      ['pepper.adding', B, 'r-1'],
      ['pepper.adding', A, 'r-2'],
      ['pepper.dropping', A, 'r-1'],
      ['pepper.adding', [A, B], 'r-1'],
    ] as const)
      expect(isAnnounced(chainOf(other), write)).toBe(false);
  });

  it('no more once another one from the same revision was made: it can only fail', () => {
    expect(isAnnounced(chainOf(['pepper.adding', B, 'r-1'], ['pepper.added', B, 'r-1']), write)).toBe(true);
    expect(isAnnounced(chainOf(['pepper.adding', B, 'r-0'], ['pepper.added', B, 'r-0']), write)).toBe(false);
  });
});

describe('the record owes an event', () => {
  it.each([
    ['pepper.adding', A, setOf('1', A), 'pepper.added'],
    ['pepper.making-current', A, setOf(A, '1'), 'pepper.made-current'],
    ['pepper.dropping', [A, B], setOf('1'), 'pepper.dropped'],
  ] as const)('after %s, once the secret shows that it was done', (action, names, set, owed) => {
    expect(owedEvent(chainOf([action, names, 'r-1']), stored(set))).toMatchObject({
      action: owed,
      reason: 'reason 1',
      detail: { pepperVersions: [names].flat(), fromRevision: 'r-1', announcedBy: 1 },
    });
  });

  it.each([
    ['pepper.adding', A, setOf('1')],
    ['pepper.making-current', A, setOf('1', A)],
    ['pepper.dropping', A, setOf('1', A)],
    ['pepper.dropping', [A, B], setOf('1', B)],
  ] as const)('not after %s that was not carried out', (action, names, set) => {
    expect(owedEvent(chainOf([action, names, 'r-1']), stored(set))).toBeUndefined();
  });

  it('once, and none for what was announced from the same revision and came too late', () => {
    const events = chainOf(
      ['pepper.adding', A, 'r-1'],
      ['pepper.adding', B, 'r-1'],
      ['pepper.added', B, 'r-1'],
    );

    expect(owedEvent(events, stored(setOf('1', A, B)))).toBeUndefined();
  });

  it('again for the same pepper from another revision', () => {
    const events = chainOf(
      ['pepper.dropping', A, 'r-1'],
      ['pepper.dropped', A, 'r-1'],
      ['pepper.dropping', A, 'r-5'],
    );

    expect(owedEvent(events, stored(setOf('1')))).toMatchObject({
      action: 'pepper.dropped',
      detail: { announcedBy: 3 },
    });
  });

  it('for nothing that was never announced: what a person did by hand is not ours', () => {
    expect(owedEvent([], stored(setOf('1', A)))).toBeUndefined();
  });

  it('after a copy, which changes no pepper, once its revision is or was the current one', () => {
    const events = chainOf(['pepper.copying', ['1', A], 'r-1', { toRevision: 'r-2' }]);
    const set = setOf('1', A);

    expect(owedEvent(events, stored(set, 'r-1'))).toBeUndefined();
    expect(owedEvent(events, stored(set, 'r-3'))).toBeUndefined();
    const owed = { action: 'pepper.copied', detail: { fromRevision: 'r-1', announcedBy: 1 } };
    expect(owedEvent(events, stored(set, 'r-2'))).toMatchObject(owed);
    const passed = [...events, ...chainOf(['pepper.making-current', A, 'r-2'])];
    expect(owedEvent(passed, stored(set, 'r-3'))).toMatchObject(owed);
  });

  it('with the fingerprint of what was added, and never the pepper', () => {
    const owed = owedEvent(chainOf(['pepper.adding', A, 'r-1']), stored(setOf('1', A)));

    expect(owed?.detail['fingerprint']).toBe(fingerprintOf(secretOf(A)));
    expect(JSON.stringify(owed)).not.toContain(secretOf(A).toString());
  });
});

describe('a pepper was added', () => {
  const added: Said = ['pepper.added', A, 'r-1', { fingerprint: fingerprintOf(secretOf(A)) }];

  it('if it is on record and is still what it was', () => {
    expect(wasAdded(chainOf(added), setOf('1', A), A)).toBe(true);
    expect(wasAdded(chainOf(added), setOf('1'), A)).toBe(false);
    expect(wasAdded(chainOf(['pepper.adding', A, 'r-1']), setOf('1', A), A)).toBe(false);
    const other: PepperSet = { current: '1', secrets: new Map([[A, secretOf('other')]]) };
    expect(wasAdded(chainOf(added), other, A)).toBe(false);
  });
});

describe('an altered pepper', () => {
  it('is one that is not what was added; of others nobody can say', () => {
    const events = chainOf(['pepper.added', A, 'r-1', { fingerprint: fingerprintOf(secretOf(A)) }]);
    const altered: PepperSet = {
      current: '1',
      secrets: new Map([...setOf('1', B).secrets, [A, secretOf('x')]]),
    };

    expect(alteredPeppers(events, altered)).toEqual([A]);
    expect(alteredPeppers(events, setOf('1', A, B))).toEqual([]);
    expect(alteredPeppers(events, setOf('1'))).toEqual([]);
  });
});

describe('madeCurrentAtMs', () => {
  it('is the last time that is on record', () => {
    const made = (name: string, from: string): Said => ['pepper.made-current', name, from];
    const events = chainOf(made(A, 'r-1'), made(B, 'r-2'), made(A, 'r-3'));

    expect(madeCurrentAtMs(events, A)).toBe(START_MS + 2);
    expect(madeCurrentAtMs(events, '1')).toBeUndefined();
  });
});

describe('a value of the secret was the current one', () => {
  it('where a write was to be made from it', () => {
    const events = chainOf(['pepper.adding', A, 'r-1', { toRevision: 'r-2' }]);
    expect(wasCurrent(events, 'r-1')).toBe(true);
    expect(wasCurrent(events, 'r-2')).toBe(false);
  });
});

describe('the pepper that waits', () => {
  const OLD = '20261101T000000000Z-aaaaaaaa';
  const NEW = '20261102T000000000Z-aaaaaaaa';
  const added: Said = ['pepper.added', NEW, 'r-1', { fingerprint: fingerprintOf(secretOf(NEW)) }];

  it('is newer than the current one, was added by a rotation, and was never the current one', () => {
    expect(waitingPepper(chainOf(added), setOf(OLD, NEW))).toBe(NEW);
    expect(addedAtMs(chainOf(added), NEW)).toBe(START_MS);
    expect(waitingPepper([], setOf(OLD, NEW))).toBeUndefined();
    expect(waitingPepper(chainOf(added), setOf(NEW, OLD))).toBeUndefined();
    const back = chainOf(added, ['pepper.made-current', NEW, 'r-2']);
    expect(waitingPepper(back, setOf(OLD, NEW))).toBeUndefined();
  });
});
