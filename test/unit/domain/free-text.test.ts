import { describe, expect, it } from 'vitest';
import { cutText, parseFreeText } from '../../../rules/free-text.ts';

const KEY = `mk_live_Ab3dEf7hIj9L_${'s'.repeat(43)}aaaaaa`;

describe('words that people give', () => {
  it('are taken without the blanks around them', () => {
    expect(parseFreeText('  leaked in a commit ', 'reason', 100)).toEqual({
      ok: true,
      value: 'leaked in a commit',
    });
  });

  it.each([
    ['nothing', '', /'' is empty/],
    ['blanks', '   ', /empty/],
    ['no text', ['a'], /not text/],
    ['absent', undefined, /\(absent\) is not text/],
    ['too much', 'x'.repeat(101), /101 characters, more than 100/],
    ['a whole key', `leaked: ${KEY}`, /looks like a whole API key/],
    [
      'a whole key glued to other words',
      `API_KEY=x${KEY.toUpperCase().replace('MK_LIVE', 'mk_live')}`,
      /looks like/,
    ],
    ['an escape sequence', 'red \u001b[31m', /control characters/],
    ['two lines', 'one\ntwo', /control characters/],
    ['half a character', '\ud800', /control characters/],
  ])('are refused: %s', (_what, value, message) => {
    expect(parseFreeText(value, 'reason', 100)).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
    });
  });

  it('that hold a key are not repeated in the error', () => {
    expect(JSON.stringify(parseFreeText(`leaked: ${KEY}`, 'reason', 200))).not.toContain('ssss');
  });
});

describe('a text that is cut', () => {
  it('never ends in half a character', () => {
    expect(cutText('abc', 2)).toBe('ab');
    expect(cutText('a😀b', 3)).toBe('a😀');
    expect(cutText('a😀b', 2)).toBe('a\ufffd');
  });
});
