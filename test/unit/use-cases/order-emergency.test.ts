/** What an emergency of many keys may be ordered as. */
import { describe, expect, it } from 'vitest';
import { parseIssueOrder } from '../../../lambdas/core/use-cases/issue-order.ts';
import { parseEmergencyOrder, parseRunTarget } from '../../../lambdas/core/use-cases/order-emergency.ts';
import { POLICIES } from '../../support/issued-key.ts';

describe('a target', () => {
  it('is an owner, or all keys', () => {
    expect(parseRunTarget({ owner: ' a@example.com ' })).toEqual({
      ok: true,
      value: { kind: 'owner', owner: 'a@example.com' },
    });
    expect(parseRunTarget({ all: true })).toEqual({ ok: true, value: { kind: 'all' } });
  });

  it.each([
    [{}, /missing/],
    [{ owner: 'a@example.com', all: true }, /twice/],
    [{ all: false }, /all 'false' is not true/],
    [{ all: 'yes' }, /all 'yes' is not true/],
    [{ owner: ' ' }, /owner ' ' is empty/],
    [{ owner: 7 }, /owner 7 is not text/],
    [{ owner: 'x'.repeat(255) }, /more than 254/],
  ])('is not %j', (input, message) => {
    expect(parseRunTarget(input)).toEqual({
      ok: false,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });
});

it('a target may be every owner to whom a key can be issued', () => {
  const owner = `a@${'b'.repeat(240)}.example.com`;
  const issued = { owner, name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  expect(parseIssueOrder(issued, POLICIES)).toMatchObject({ ok: true });
  expect(parseRunTarget({ owner })).toEqual({ ok: true, value: { kind: 'owner', owner } });
});

describe('an order', () => {
  const ORDER = { owner: 'a@example.com', reason: ' a laptop was stolen ' };

  it('is a target, a reason, and when the old versions are refused', () => {
    const target = { kind: 'owner', owner: 'a@example.com' };
    const reason = 'a laptop was stolen';
    expect(parseEmergencyOrder({ ...ORDER, immediateInvalidation: true })).toEqual({
      ok: true,
      value: { target, reason, immediate: true },
    });
    expect(parseEmergencyOrder({ ...ORDER, gracePeriod: 'PT10M' })).toEqual({
      ok: true,
      value: { target, reason, immediate: false, gracePeriod: 'PT10M' },
    });
  });

  it.each([
    [{ reason: undefined }, /needs a reason/],
    [{ reason: 'x'.repeat(501) }, /more than 500/],
    [{ reason: `mk_live_Ab3dEf6hIj9k_${'s'.repeat(43)}aaaaaa` }, /whole API key/],
    [{ gracePeriod: '10 minutes' }, /gracePeriod/],
    [{ gracePeriod: 'P91D' }, /out of range/],
    [{ gracePeriod: 'PT1H', immediateInvalidation: true }, /exclude each other/],
    [{ immediateInvalidation: 'yes' }, /neither true nor false/],
    [{ keyId: 'Ab3dEf6hIj9k', all: true }, /given twice/],
    [{ purge: true }, /'purge' is not known/],
    [{ keyId: 'Ab3dEf6hIj9k' }, /'keyId' is not known/],
    [{ purpose: 'manual' }, /'purpose' is not known/],
    [{ notifyClients: false }, /'notifyClients' is not known/],
    [{ initiatedBy: 'somebody else' }, /'initiatedBy' is not known/],
  ])('is refused by the rules of an emergency of one key: %j', (changes, message) => {
    expect(parseEmergencyOrder({ ...ORDER, ...changes })).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    });
  });
});
