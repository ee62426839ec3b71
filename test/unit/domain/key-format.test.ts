import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base62OfUint32 } from '../../../lambdas/core/domain/base62.ts';
import { crc32 } from '../../../lambdas/core/domain/crc32.ts';
import { isKeyId, newKeyId, newKeyText, parseKey } from '../../../lambdas/core/domain/key-format.ts';
import { secureRandomBytes, seededRandomBytes } from '../../support/random-bytes.ts';

const KEY_ID = 'Ab3dEf7hIj9L';
const KEY = newKeyText(
  { prefix: 'mk', environment: 'live', keyId: KEY_ID },
  seededRandomBytes('the key of this file'),
);
const SECRET = KEY.slice(21, 64);
/** A text with the checksum that fits it: only its shape can be wrong. */
const withChecksum = (body: string): string => body + base62OfUint32(crc32(body));
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

describe('newKeyText', () => {
  it('is prefix, environment, id of 12, secret of 43 and checksum of 6 characters, joined by underscores', () => {
    expect(KEY).toMatch(/^mk_live_Ab3dEf7hIj9L_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/);
    expect(KEY).toHaveLength('mk_live_'.length + 12 + '_'.length + 43 + 6);
  });

  it('is selected as a whole by a double click: letters, digits and underscores only', () => {
    expect(KEY).toMatch(/^\w+$/);
  });

  it('ends with the CRC-32 of all that stands before it', () => {
    expect(KEY.slice(-6)).toBe(base62OfUint32(crc32(KEY.slice(0, -6))));
  });

  it('never comes twice from a secure source', () => {
    const parts = { prefix: 'mk', environment: 'live', keyId: KEY_ID } as const;
    const keys = Array.from({ length: 1_000 }, () => newKeyText(parts, secureRandomBytes));

    expect(new Set(keys).size).toBe(1_000);
  });
});

describe('newKeyId', () => {
  it('is an id', () => {
    const ids = Array.from({ length: 1_000 }, () => newKeyId(secureRandomBytes));

    expect(ids.every(isKeyId)).toBe(true);
    expect(new Set(ids).size).toBe(1_000);
  });

  it.each(['', 'short', 'Ab3dEf7hIj9L4', 'Ab3dEf7hIj9-', 'Ab3dEf7hIj9L\n', ' b3dEf7hIj9L', 'Äb3dEf7hIj9L'])(
    'is not %j',
    (text) => {
      expect(isKeyId(text)).toBe(false);
    },
  );
});

describe('parseKey', () => {
  it.each([
    ['mk', 'live'],
    ['mk', 'test'],
    ['a1', 'live'],
    ['12345678', 'test'],
  ] as const)('reads what was made with prefix %s for %s', (prefix, environment) => {
    const key = newKeyText({ prefix, environment, keyId: KEY_ID }, secureRandomBytes);

    expect(parseKey(key)).toEqual({ ok: true, key: { prefix, environment, keyId: KEY_ID } });
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['a space before', ` ${KEY}`],
    ['a space behind', `${KEY} `],
    ['a line break behind', `${KEY}\n`],
    ['a zero byte behind', `${KEY}\0`],
    ['one character too few', KEY.slice(0, -1)],
    ['one character too many', `${KEY}0`],
    ['two keys', `${KEY},${KEY}`],
    ['two keys in lines', `${KEY}\n${KEY}`],
    ['the scheme before it', `Bearer ${KEY}`],
    ['no prefix', withChecksum(`_live_${KEY_ID}_${SECRET}`)],
    ['a prefix of one letter', withChecksum(`m_live_${KEY_ID}_${SECRET}`)],
    ['a prefix of nine letters', withChecksum(`ninechars_live_${KEY_ID}_${SECRET}`)],
    ['a prefix in capitals', withChecksum(`MK_live_${KEY_ID}_${SECRET}`)],
    ['a prefix with a hyphen', withChecksum(`m-k_live_${KEY_ID}_${SECRET}`)],
    ['another environment', withChecksum(`mk_prod_${KEY_ID}_${SECRET}`)],
    ['the environment in capitals', withChecksum(`mk_LIVE_${KEY_ID}_${SECRET}`)],
    ['no environment', withChecksum(`mk_${KEY_ID}_${SECRET}`)],
    ['a short id', withChecksum(`mk_live_${KEY_ID.slice(1)}_${SECRET}`)],
    ['a long id', withChecksum(`mk_live_${KEY_ID}x_${SECRET}`)],
    ['an id with a hyphen', withChecksum(`mk_live_Ab3dEf7hIj9-_${SECRET}`)],
    ['a short secret', withChecksum(`mk_live_${KEY_ID}_${SECRET.slice(1)}`)],
    ['a long secret', withChecksum(`mk_live_${KEY_ID}_${SECRET}x`)],
    ['a secret with an underscore', withChecksum(`mk_live_${KEY_ID}_${SECRET.slice(1)}_`)],
    ['a secret with a letter beyond ASCII', withChecksum(`mk_live_${KEY_ID}_${SECRET.slice(1)}é`)],
    ['hyphens for underscores', withChecksum(`mk-live-${KEY_ID}-${SECRET}`)],
    ['a checksum in the wrong place', `${base62OfUint32(crc32(KEY))}_${KEY.slice(0, -6)}`],
  ])('refuses %s by its shape', (_what, text) => {
    expect(parseKey(text)).toEqual({ ok: false, reason: 'shape' });
  });

  it('refuses a checksum that does not fit', () => {
    const ending = KEY.endsWith('0') ? '1' : '0';

    expect(parseKey(KEY.slice(0, -1) + ending)).toEqual({ ok: false, reason: 'checksum' });
  });

  it('finds every typing error of one character: all 95 printable ones in every place', () => {
    const accepted = [...KEY].flatMap((_, place) =>
      PRINTABLE.map((letter) => KEY.slice(0, place) + letter + KEY.slice(place + 1)).filter(
        (changed) => changed !== KEY && parseKey(changed).ok,
      ),
    );

    expect(accepted).toEqual([]);
  });

  it('finds two neighbours exchanged, the most frequent error after that', () => {
    const exchanged = [...KEY].map(
      (_, place) => KEY.slice(0, place) + (KEY[place + 1] ?? '') + KEY[place] + KEY.slice(place + 2),
    );

    expect(exchanged.filter((text) => text !== KEY && parseKey(text).ok)).toEqual([]);
  });

  it('never reads another id out of a mutilated key, and never throws', () => {
    const piece = fc.record({
      from: fc.nat(KEY.length),
      length: fc.nat(8),
      text: fc.string({ unit: 'binary', maxLength: 8 }),
    });
    fc.assert(
      fc.property(piece, ({ from, length, text }) => {
        const parsed = parseKey(KEY.slice(0, from) + text + KEY.slice(from + length));
        return !parsed.ok || parsed.key.keyId === KEY_ID;
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !parseKey(text).ok),
      { numRuns: 500 },
    );
  });

  it('refuses a very long text at once', () => {
    expect(parseKey(`mk_live_${'a'.repeat(5_000_000)}`)).toEqual({ ok: false, reason: 'shape' });
  });
});
