import { describe, expect, it } from 'vitest';
import { parseRotationOrder } from '../../../lambdas/core/use-cases/rotation-request.ts';

const KEY_ID = 'Ab3dEf7hIj9L';
const parse = (changes: Record<string, unknown> = {}) =>
  parseRotationOrder({ keyId: KEY_ID, purpose: 'manual', ...changes });

describe('parseRotationOrder', () => {
  it('needs a key and a purpose only; the rest comes from the policy', () => {
    expect(parse()).toEqual({
      ok: true,
      value: {
        keyId: KEY_ID,
        purpose: 'manual',
        initiatedBy: 'unstated',
        immediate: false,
        notifyClients: true,
        alertSecurity: true,
      },
    });
  });

  it('takes the whole documented input', () => {
    const input = {
      purpose: 'emergency',
      reason: ' leaked ',
      initiatedBy: 'ops@example.com',
      gracePeriod: 'PT5M',
      immediateInvalidation: false,
      notifyClients: false,
      alertSecurity: false,
    };

    expect(parse(input)).toEqual({
      ok: true,
      value: {
        keyId: KEY_ID,
        purpose: 'emergency',
        reason: 'leaked',
        initiatedBy: 'ops@example.com',
        graceSeconds: 300,
        immediate: false,
        notifyClients: false,
        alertSecurity: false,
      },
    });
  });

  it.each([
    ['PT1S', 1],
    ['P90D', 90 * 86_400],
  ])('takes a grace period of %s', (gracePeriod, graceSeconds) => {
    expect(parse({ gracePeriod })).toMatchObject({ ok: true, value: { graceSeconds } });
  });

  it.each([undefined, null, 'text', 7, [], ['x']])('refuses %j: no object', (input) => {
    expect(parseRotationOrder(input)).toMatchObject({
      ok: false,
      message: 'The input is not a JSON object.',
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ keyId: undefined }, "keyId (absent) is not a key's id."],
    [{ keyId: 'short' }, "keyId '\"short\"' is not a key's id."],
    [{ keyId: 7 }, "keyId '7' is not a key's id."],
    [{ purpose: undefined }, 'purpose (absent) is not known.'],
    [{ purpose: 'now' }, 'purpose \'"now"\' is not known.'],
    [{ gracePeroid: 'PT1H' }, "Field 'gracePeroid' is not known."],
    [{ reason: 7 }, 'reason 7 is not text.'],
    [{ initiatedBy: {} }, 'initiatedBy {} is not text.'],
    [{ notifyClients: 'no' }, 'notifyClients \'"no"\' is neither true nor false.'],
    [{ alertSecurity: 1 }, "alertSecurity '1' is neither true nor false."],
    [{ immediateInvalidation: 'true' }, 'immediateInvalidation \'"true"\' is neither true nor false.'],
    [{ gracePeriod: 72 }, "gracePeriod '72' is not text."],
    [{ gracePeriod: '72h' }, "gracePeriod '72h' is not an ISO 8601 duration."],
    [{ gracePeriod: 'PT0S' }, "gracePeriod 'PT0S' is out of range."],
    [{ gracePeriod: 'P90DT1S' }, "gracePeriod 'P90DT1S' is out of range."],
    [{ purpose: 'emergency' }, 'An emergency needs a reason.'],
    [{ purpose: 'emergency', reason: '  ' }, 'An emergency needs a reason.'],
    [{ immediateInvalidation: true }, "immediateInvalidation is true for purpose 'manual'."],
    [
      { purpose: 'emergency', reason: 'x', immediateInvalidation: true, gracePeriod: 'PT1H' },
      'immediateInvalidation and gracePeriod exclude each other.',
    ],
  ])('refuses %j with what was wrong and the mend', (changes, message) => {
    expect(parse(changes)).toEqual({ ok: false, message, hint: expect.stringMatching(/\w+.+[.}]/) });
  });

  it('refuses text that is too long, and shows its beginning only', () => {
    const refusal = parse({ reason: 'x'.repeat(501) });

    expect(!refusal.ok && refusal.message.length).toBeLessThan(120);
  });
});
