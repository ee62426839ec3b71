import { describe, expect, it } from 'vitest';
import { parsePeppers } from '../../../lambdas/core/domain/peppers.ts';

const ONE = 'one-'.repeat(8);
const TWO = 'two-'.repeat(16);
const text = (fields: unknown): string => JSON.stringify(fields);

describe('parsePeppers', () => {
  it('reads every version and which is the current one', () => {
    const { current, secrets } = parsePeppers(text({ current: '2', '1': ONE, '2': TWO }));

    expect(current).toBe('2');
    expect(Buffer.from(secrets.get('1') as Uint8Array).toString()).toBe(ONE);
    expect(Buffer.from(secrets.get('2') as Uint8Array).toString()).toBe(TWO);
    expect(secrets.size).toBe(2);
  });

  it.each([
    ['nothing', ''],
    ['a bare secret', ONE],
    ['a secret cut short', text({ current: '1', '1': ONE }).slice(0, -3)],
    ['null', 'null'],
    ['a list', text([ONE])],
    ['a number', '7'],
    ['no current', text({ '1': ONE })],
    ['a current that is not there', text({ current: '2', '1': ONE })],
    ['a current that is no text', text({ current: 1, '1': ONE })],
    ['a current that is an inherited word', text({ current: 'toString', '1': ONE })],
    ['a short pepper', text({ current: '1', '1': ONE.slice(1) })],
    ['an empty pepper', text({ current: '1', '1': '' })],
    ['a pepper that is no text', text({ current: '1', '1': 12_345 })],
    ['a second pepper that is short', text({ current: '1', '1': ONE, '2': 'two-two' })],
    ['name and pepper exchanged', text({ current: '1', [ONE]: '1' })],
  ])('refuses %s without a word of the content', (_what, secretText) => {
    const refusal = refusalOf(secretText);

    expect(refusal).toMatchObject({ name: 'PepperDamaged' });
    const said = `${refusal.message} ${refusal.stack} ${String(refusal.cause)}`;
    for (const word of ['one-', 'two-', '12345']) expect(said).not.toContain(word);
  });
});

function refusalOf(secretText: string): Error {
  try {
    parsePeppers(secretText);
  } catch (error) {
    return error as Error;
  }
  throw new Error('It was not refused.');
}
