import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '../../../lambdas/core/domain/address-list.ts';
import { parseAddressBlock } from '../../../rules/address-block.ts';

describe('isAddressAllowed', () => {
  it.each<[readonly string[], string | undefined, boolean]>([
    [[], '203.0.113.7', true],
    [[], undefined, true],
    [[], 'nonsense', true],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['203.0.113.7'], undefined, false],
    [['203.0.113.7'], '', false],
    [['203.0.113.7'], 'nonsense', false],
    [['203.0.113.7'], '203.0.113.7, 10.0.0.1', false],
    [['203.0.113.0/24'], '203.0.113.0', true],
    [['203.0.113.0/24'], '203.0.113.255', true],
    [['203.0.113.0/24'], '203.0.114.0', false],
    [['203.0.113.9/24'], '203.0.113.200', true],
    [['203.0.113.7/32'], '203.0.113.8', false],
    [['0.0.0.0/0'], '198.51.100.1', true],
    [['198.51.100.1', '203.0.113.0/24'], '203.0.113.9', true],
    [['2001:db8::/32'], '2001:db8:ffff::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['2001:db8::1'], '2001:0DB8:0:0:0:0:0:1', true],
    [['2001:db8::/32'], '203.0.113.7', false],
    [['203.0.113.0/24'], '2001:db8::1', false],
    [['203.0.113.0/24'], '::ffff:203.0.113.7', true],
    [['203.0.113.0/24'], '::FFFF:203.0.113.7', true],
    [['203.0.113.0/24'], '::ffff:cb00:7107', true],
    [['203.0.113.0/24'], '::ffff:198.51.100.1', false],
    [['203.0.113.7'], '::ffff:203.0.113.7', true],
    [['203.0.113.7'], '::ffff:203.0.113.8', false],
    [['203.0.113.7/32'], '::ffff:203.0.113.8', false],
    [['203.0.112.0/22'], '::ffff:203.0.115.7', true],
    [['203.0.112.0/22'], '::ffff:203.0.116.7', false],
    [['2001:db8::/32'], '::ffff:203.0.113.7', false],
    [['::ffff:203.0.113.0/120'], '203.0.113.7', true],
    [['::ffff:203.0.113.0/120'], '203.0.114.7', false],
    [['::ffff:203.0.113.7'], '203.0.113.7', true],
    [['::ffff:203.0.113.7'], '203.0.113.8', false],
  ])('%j and %s: %s', (allowed, address, expected) => {
    expect(isAddressAllowed(allowed, address)).toBe(expected);
  });
});

describe('parseAddressBlock', () => {
  it.each([
    '203.0.113.7',
    '203.0.113.0/24',
    '0.0.0.0/0',
    '203.0.113.7/32',
    '::1',
    '2001:db8::/32',
    '::/0',
    '::1/128',
  ])('takes %s, and the list can be read with it', (block) => {
    expect(parseAddressBlock(block)).toEqual({ ok: true, value: block });
    expect(isAddressAllowed([block], '192.0.2.1')).toBeTypeOf('boolean');
  });

  it.each([
    '',
    'example.com',
    '203.0.113',
    '203.0.113.256',
    '203.0.113.0/33',
    '203.0.113.0/',
    '203.0.113.0/-1',
    '203.0.113.0/24/8',
    '203.0.113.0/ 8',
    '2001:db8::/129',
    ' 203.0.113.7',
    '203.0.113.7\n',
  ])('refuses %j with the value and the mend', (block) => {
    expect(parseAddressBlock(block)).toEqual({
      ok: false,
      message: `allowed address '${block}' is neither an address nor a CIDR block.`,
      hint: expect.stringContaining('203.0.113.0/24'),
    });
  });
});
