import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { parseAnswerKey, parseRenewalKey, thumbprintOf } from '../../../rules/renewal-key.ts';

const pairOn = (crv: 'P-256' | 'Ed25519' | 'X25519' | 'P-384') => {
  if (crv === 'Ed25519') return generateKeyPairSync('ed25519');
  return crv === 'X25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve: crv });
};
const jwk = (crv: Parameters<typeof pairOn>[0]) => {
  const { publicKey, privateKey } = pairOn(crv);
  return {
    open: publicKey.export({ format: 'jwk' }) as Record<string, string>,
    secret: privateKey.export({ format: 'jwk' }) as Record<string, string>,
  };
};
const EC = jwk('P-256');
const ED = jwk('Ed25519');
const X = jwk('X25519');
const padded = (text: string) => Buffer.from(text, 'base64url').toString('base64');

describe('a public key that is to sign', () => {
  it.each([
    ['on P-256', EC.open],
    ['on Ed25519', ED.open],
    ['that says what it is for', { ...EC.open, use: 'sig', alg: 'ES256', kid: 'mine' }],
    ['with the newer name of its algorithm', { ...ED.open, alg: 'Ed25519' }],
  ])('%s is taken, without what it says beside itself', (_what, key) => {
    const parsed = parseRenewalKey(key);
    const { x, y, crv, kty } = key as Record<string, string>;
    expect(parsed).toEqual({ ok: true, value: { crv, kty, x, ...(y === undefined ? {} : { y }) } });
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /not a JSON object/],
    ['text', 'key', /not a JSON object/],
    ['a list', [EC.open], /not a JSON object/],
    ['a set of keys', { keys: [EC.open] }, /set of keys/],
    ['a key for encryption', { ...EC.open, use: 'enc' }, /'use'/],
    ['a key on X25519', X.open, /X25519 cannot sign/],
    ['a key on another curve', jwk('P-384').open, /P-256 or Ed25519/],
    ['an RSA key', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, /P-256 or Ed25519/],
    ['an algorithm of another curve', { ...EC.open, alg: 'EdDSA' }, /'alg'/],
    ['a shared algorithm', { ...EC.open, alg: 'HS256' }, /'alg'/],
    ['a point on no curve', { ...EC.open, y: EC.open['x'] }, /P-256 or Ed25519/],
    ['half a point', { ...EC.open, y: undefined }, /P-256 or Ed25519/],
    ['a short coordinate', { ...ED.open, x: 'AAAA' }, /P-256 or Ed25519/],
    ['a coordinate in plain base64', { ...ED.open, x: padded(ED.open['x'] as string) }, /P-256 or Ed25519/],
    ['a coordinate that is no text', { ...ED.open, x: 7 }, /P-256 or Ed25519/],
    ['a y where there is none', { ...ED.open, y: ED.open['x'] }, /P-256 or Ed25519/],
  ])('is not %s', (_what, value, message) => {
    const parsed = parseRenewalKey(value);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.message).toMatch(message);
  });

  it.each([
    ['P-256', EC.secret, ['d']],
    ['Ed25519', ED.secret, ['d']],
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0LW9mLXRoZS1jbGllbnQ' }, ['k']],
    ['RSA', { kty: 'RSA', n: 'n', d: 'private-exponent', p: 'first-prime', qi: 'inverse' }, ['d', 'p', 'qi']],
  ])('is never a private one: %s is refused, and nothing of it repeated', (_what, key, members) => {
    const parsed = parseRenewalKey(key);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    const said = `${parsed.message} ${parsed.hint}`;
    expect(parsed.message).toContain(`'${members.join("', '")}'`);
    expect(parsed.hint).toMatch(/make a new pair/);
    for (const value of Object.values(key).filter((text) => text.length > 5))
      expect(said).not.toContain(value);
  });
});

describe('a thumbprint', () => {
  it('is RFC 7638’s, of the example in RFC 8037', () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
    expect(thumbprintOf(key)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it.each(['ES256', 'EdDSA'])('agrees with another implementation for %s', async (alg) => {
    const { publicKey } = await generateKeyPair(alg);
    const key = await exportJWK(publicKey);
    const parsed = parseRenewalKey(key);
    expect(parsed.ok && thumbprintOf(parsed.value)).toBe(await calculateJwkThumbprint(key));
  });
});

describe('a one-time key', () => {
  it('is on P-256 or X25519, public, and nothing else', () => {
    expect(parseAnswerKey(EC.open)).toEqual({ crv: 'P-256', kty: 'EC', x: EC.open['x'], y: EC.open['y'] });
    expect(parseAnswerKey(X.open)).toEqual({ crv: 'X25519', kty: 'OKP', x: X.open['x'] });
    for (const no of [ED.open, EC.secret, X.secret, undefined, null, [], 'x', { ...EC.open, x: 'AAAA' }]) {
      expect(parseAnswerKey(no)).toBeUndefined();
    }
  });
});
