/** The client's reader of RFC 9651 Items, held against another implementation of it. */
import fc from 'fast-check';
import { DisplayString, parseItem as referenceItem, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { deprecationIn } from '../../../client/src/key-status.ts';
import { type BareItem, parseItem } from '../../../client/src/structured-item.ts';
import { keyStatusHeader } from '../../../server/key-status.ts';

/** In the words of the other implementation, which does not tell integers from decimals. */
function plain(item: BareItem): unknown {
  if (item.type === 'integer' || item.type === 'decimal') return `number ${item.value}`;
  if (item.type === 'bytes') return `bytes ${Buffer.from(item.value).toString('hex')}`;
  return `${item.type} ${item.value}`;
}

function plainReference(item: unknown): unknown {
  if (typeof item === 'number') return `number ${item}`;
  if (typeof item === 'boolean') return `boolean ${item}`;
  if (typeof item === 'string') return `string ${item}`;
  if (item instanceof Date) return `date ${item.getTime() / 1000}`;
  if (item instanceof Token) return `token ${item.toString()}`;
  if (item instanceof DisplayString) return `display-string ${item.toString()}`;
  return `bytes ${Buffer.from(item as ArrayBuffer).toString('hex')}`;
}

const own = (field: string) => {
  const parsed = parseItem(field);
  return parsed && [plain(parsed.item), [...parsed.parameters].map(([name, value]) => [name, plain(value)])];
};

const reference = (field: string) => {
  try {
    const [item, parameters] = referenceItem(field);
    return [plainReference(item), [...parameters].map(([name, value]) => [name, plainReference(value)])];
  } catch {
    return undefined;
  }
};

const VALUES = [
  '0',
  '-0',
  '42',
  '-999999999999999',
  '999999999999999',
  '1000000000000000',
  '--1',
  '-',
  '01',
  '1.',
  '1.5',
  '-1.125',
  '1.1234',
  '.5',
  '123456789012.5',
  '1234567890123.5',
  '"a"',
  '""',
  '"a\\"b"',
  '"a\\\\"',
  '"a\\b"',
  '"ä"',
  '"',
  '"a',
  'token',
  'tok/en:*',
  '*a',
  'a b',
  '1a',
  '?0',
  '?1',
  '?2',
  '?',
  '@0',
  '@1795381202',
  '@-1',
  '@1.5',
  '@',
  '@@1',
  ':YWJj:',
  ':YWI=:',
  ':YWI:',
  '::',
  ':YW Jj:',
  ':YWJj',
  '%"f%c3%bc"',
  '%"f%C3%BC"',
  '%"%ff"',
  '%"a',
  '%a',
  '()',
  '(1)',
  '',
  ' ',
  'ä',
  '\ta',
];
const NAMES = ['version', 'expires', 'a', '*b', 'c-d_e.f*', 'A', '1a', '-a', ''];
/** Mostly right, so that what is wrong is wrong in one place. */
const mostly = (right: readonly string[], wrong: readonly string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );
const RIGHT = VALUES.filter((value) => reference(value) !== undefined);
const part = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...RIGHT) },
  fc.constantFrom(...VALUES),
  fc.integer({ min: -99, max: 99 }).map(String),
  fc.string({ maxLength: 4 }),
);
const parameter = fc
  .record({
    before: mostly([';', '; ', ';  '], [' ;', ';\t', ';;']),
    name: mostly(NAMES.slice(0, 5), NAMES.slice(5)),
    value: fc.option(part),
  })
  .map(({ before, name, value }) => `${before}${name}${value === null ? '' : `=${value}`}`);
const field = fc
  .tuple(
    mostly(['', ' ', '  '], ['\t']),
    part,
    fc.array(parameter, { maxLength: 4 }),
    mostly(['', ' '], [',', ', a']),
  )
  .map(([before, item, parameters, after]) => before + item + parameters.join('') + after);

describe('parseItem', () => {
  it.each(VALUES)('reads %j as another implementation does', (value) => {
    expect(own(value)).toEqual(reference(value));
    expect(own(`a; b=${value}`)).toEqual(reference(`a; b=${value}`));
  });

  it('reads whatever is written as another implementation does', () => {
    fc.assert(
      fc.property(field, (text) => {
        // The other one refuses a Date that anything follows, which section 4.2.9 does not.
        fc.pre(!/@-?\d+[ ;]/.test(text));
        expect(own(text)).toEqual(reference(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('reads some of what is written, and refuses some: neither is the rule', () => {
    const read = fc.sample(field, 400).filter((text) => parseItem(text) !== undefined).length;
    expect(read).toBeGreaterThan(60);
    expect(read).toBeLessThan(340);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void parseItem(text)));
  });

  it('reads a Date that more follows', () => {
    expect(own('@-1 ')).toEqual(['date -1', []]);
    expect(own('a; expires=@5; b ')).toEqual([
      'token a',
      [
        ['expires', 'date 5'],
        ['b', 'boolean true'],
      ],
    ]);
  });

  it('takes the last of two parameters of one name', () => {
    expect(parseItem('a;b=1;c;b=2')?.parameters).toEqual(
      new Map([
        ['c', { type: 'boolean', value: true }],
        ['b', { type: 'integer', value: 2 }],
      ]),
    );
  });
});

describe('Api-Key-Status', () => {
  it.each<[string, object | undefined]>([
    ['deprecating; version=3; expires=@1795381202', { version: 3, expiresAtMs: 1_795_381_202_000 }],
    ['deprecating;version=3', { version: 3 }],
    ['  deprecating; version=3 ', { version: 3 }],
    ['deprecating; version=3; expires=1795381202', { version: 3 }],
    ['deprecating; version=3; expires="soon"', { version: 3 }],
    ['deprecating; version=3; more=(1)', undefined],
    ['deprecating; version=3; more="x"', { version: 3 }],
    ['deprecating', undefined],
    ['deprecating; version', undefined],
    ['deprecating; version=3.0', undefined],
    ['deprecating; version="3"', undefined],
    ['deprecating; version=0', undefined],
    ['deprecating; version=-1', undefined],
    ['deprecating, deprecating', undefined],
    ['deprecating; version=3, deprecating; version=4', undefined],
    ['"deprecating"; version=3', undefined],
    ['Deprecating; version=3', undefined],
    ['retired; version=3', undefined],
    ['deprecating version=3', undefined],
    ['', undefined],
  ])('%j means %j', (header, meaning) => {
    expect(deprecationIn(header)).toEqual(meaning);
  });

  it('means nothing when it is not there', () => {
    expect(deprecationIn(null)).toBeUndefined();
  });

  it('is read as the server helper writes it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.option(fc.date({ min: new Date('2000-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
        (version, expires) => {
          const header = keyStatusHeader({
            keyStatus: 'deprecating',
            keyVersion: version,
            ...(expires ? { keyExpiresAt: expires.toISOString() } : {}),
          });
          expect(deprecationIn(header?.value ?? null)).toEqual({
            version,
            ...(expires ? { expiresAtMs: Math.floor(expires.getTime() / 1000) * 1000 } : {}),
          });
        },
      ),
    );
  });
});
