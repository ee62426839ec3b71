import { describe, expect, it } from 'vitest';
import { parsePepperOrder } from '../../../lambdas/core/use-cases/pepper-order.ts';
import { forged } from '../../support/forged-keys.ts';

const KEY = forged('Ab3dEf7hIj9L');

describe('parsePepperOrder', () => {
  it('needs a purpose and nothing else', () => {
    expect(parsePepperOrder({ purpose: 'rotation' })).toEqual({
      ok: true,
      value: { purpose: 'rotation', initiatedBy: 'unstated' },
    });
  });

  it('takes who and why', () => {
    const input = { purpose: 'clean-up', reason: ' yearly ', initiatedBy: 'ops' };

    expect(parsePepperOrder(input)).toEqual({
      ok: true,
      value: { purpose: 'clean-up', reason: 'yearly', initiatedBy: 'ops' },
    });
    expect(parsePepperOrder({ ...input, reason: ' ' })).toMatchObject({ ok: true });
  });

  it('takes the name of a pepper that is there already, with a rotation alone', () => {
    const pepperVersion = '20261123T140000000Z-4fK2mQ9x';
    const input = { purpose: 'rotation', pepperVersion };
    expect(parsePepperOrder(input)).toMatchObject({ ok: true, value: { pepperVersion } });
    for (const bad of [
      { ...input, pepperVersion: '1' },
      { ...input, pepperVersion: 7 },
    ])
      expect(parsePepperOrder(bad)).toMatchObject({
        ok: false,
        message: expect.stringContaining('is no name of a pepper'),
        hint: expect.stringContaining('keyturn pepper'),
      });
    expect(parsePepperOrder({ ...input, purpose: 'clean-up' })).toMatchObject({
      ok: false,
      message: "pepperVersion is not for purpose 'clean-up'.",
    });
  });

  it.each([
    ['nothing', undefined, 'not a JSON object'],
    ['text', 'rotation', 'not a JSON object'],
    ['a list', [], 'not a JSON object'],
    ['no purpose', {}, 'purpose (absent)'],
    ['another purpose', { purpose: 'emergency' }, 'purpose \'"emergency"\' is not known'],
    ['a misspelt field', { purpose: 'rotation', reasn: 'x' }, "Field 'reasn'"],
    ['a reason that is no text', { purpose: 'rotation', reason: 7 }, 'reason 7 is not text'],
    ['a reason of two lines', { purpose: 'rotation', reason: 'a\nb' }, 'line breaks'],
    ['a reason that is too long', { purpose: 'rotation', reason: 'x'.repeat(501) }, '501 characters'],
    ['somebody who is no text', { purpose: 'rotation', initiatedBy: {} }, 'initiatedBy'],
  ])('refuses %s, and says the mend', (_what, input, message) => {
    expect(parsePepperOrder(input)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('takes no key for a reason', () => {
    const refusal = parsePepperOrder({ purpose: 'rotation', reason: `leaked: ${KEY}` });

    expect(refusal).toMatchObject({ ok: false, message: expect.stringContaining('whole API key') });
    expect(JSON.stringify(refusal)).not.toContain(KEY);
  });
});
