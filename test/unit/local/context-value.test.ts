import { expect, test } from 'vitest';
import { contextValue } from '../../../local/context-value.ts';

test('takes what stands behind the first equals sign, and keeps what came before', () => {
  const first = contextValue('vaultAddress=http://127.0.0.1:8200');
  expect(contextValue('alarmTopic=a=b', first)).toEqual({
    vaultAddress: 'http://127.0.0.1:8200',
    alarmTopic: 'a=b',
  });
});

test('counts the last of two values', () => {
  expect(contextValue('prefix=b', contextValue('prefix=a'))).toEqual({ prefix: 'b' });
});

test.each(['', 'vaultAddress', 'vaultAddress=', '=value', 'vault address=x'])(
  'refuses %j, with the form',
  (text) => {
    expect(() => contextValue(text)).toThrow(/<name>=<value>/);
  },
);
