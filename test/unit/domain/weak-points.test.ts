import { createPublicKey, diffieHellman, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseAnswerKey, parseRenewalKey } from '../../../rules/renewal-key.ts';

const end = (last: string) => `${'ff'.repeat(30)}${last}`;
const EDWARDS = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${end('7f')}`,
  `ed${end('7f')}`,
  `ee${end('7f')}`,
  // The opposite points, and two that are none.
  `${'00'.repeat(31)}80`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  `ec${end('ff')}`,
];
const MONTGOMERY = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${end('7f')}`,
  `ed${end('7f')}`,
  `ee${end('7f')}`,
  `ee${end('ff')}`,
];

const jwk = (crv: string, hex: string) => ({
  kty: 'OKP',
  crv,
  x: Buffer.from(hex, 'hex').toString('base64url'),
});
const isForgeable = (hex: string): boolean => {
  const key = createPublicKey({ key: jwk('Ed25519', hex), format: 'jwk' });
  const forged = Buffer.concat([Buffer.from(`01${'00'.repeat(63)}`, 'hex')]);
  return Array.from({ length: 200 }, (_, each) => Buffer.from(`proof ${each}`)).some((text) =>
    verify(null, text, key, forged),
  );
};

describe('a public key of small order', () => {
  it.each(EDWARDS)('%s, by which a proof can be signed without a private key, is not registered', (hex) => {
    expect(isForgeable(hex)).toBe(true);
    expect(parseRenewalKey(jwk('Ed25519', hex))).toMatchObject({ ok: false });
  });

  it.each(MONTGOMERY)('%s, with which nothing can be agreed, is answered nothing', (hex) => {
    const { privateKey } = generateKeyPairSync('x25519');
    const publicKey = createPublicKey({ key: jwk('X25519', hex), format: 'jwk' });
    expect(() => diffieHellman({ privateKey, publicKey })).toThrow();
    expect(parseAnswerKey(jwk('X25519', hex))).toBeUndefined();
  });
});
