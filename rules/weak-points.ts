/**
 * Points of Curve25519 of small order. A signature "by" such a public key can be made without any private key, and what
 * is agreed with one is nothing: RFC 8032 section 5.1.7 and RFC 7748 section 6.1 leave refusing them to the application.
 */

/** As 32 bytes, the least significant first, without the highest bit: what each curve has, also written beyond the prime. */
const WEAK = {
  Ed25519: [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ],
  X25519: [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ],
} as const;

/** @param x base64url of 32 bytes */
export function isWeakPoint(crv: keyof typeof WEAK, x: string): boolean {
  const bytes = Buffer.from(x, 'base64url');
  // The sign of the other coordinate, or nothing: the same point, or its opposite.
  bytes[31] = (bytes[31] as number) & 0x7f;
  return (WEAK[crv] as readonly string[]).includes(bytes.toString('hex'));
}
