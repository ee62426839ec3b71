import { expect, it } from 'vitest';
import { nearestWords } from '../../../rules/nearest-words.ts';

const KNOWN = ['key.issued', 'key.disabled', 'key.enabled', 'key.revoked', 'version.retired', 'pepper.added'];

it.each([
  ['key.revoke', ['key.revoked']],
  ['KEY.REVOKED', ['key.revoked']],
  ['key.isued', ['key.issued']],
  ['retired', ['version.retired']],
  ['key.', ['key.issued', 'key.disabled', 'key.enabled', 'key.revoked']],
  ['key.isabled', ['key.disabled', 'key.enabled']],
  ['nonsense', []],
  ['', []],
])('finds what %s was meant to be', (word, near) => {
  expect(nearestWords(word, KNOWN)).toEqual(near);
});
