/** Key pairs of clients, and where Node.js keeps them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileStore, signingKeyFile } from '../../../client/src/node.ts';
import { newSigningKey, privateJwkOf, signingKeyOf } from '../../../client/src/signing-key.ts';
import { parseRenewalKey, thumbprintOf } from '../../../rules/renewal-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-client-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const path = (name: string) => join(directory, name);

describe('a new key pair', () => {
  it.each(['ES256', 'EdDSA'] as const)('by %s is what the operator’s command takes', async (algorithm) => {
    const { publicJwk, thumbprint } = await newSigningKey({ algorithm });
    const parsed = parseRenewalKey(publicJwk);
    expect(parsed.ok && thumbprintOf(parsed.value)).toBe(thumbprint);
  });

  it('keeps its private key to itself, unless it is told otherwise', async () => {
    await expect(privateJwkOf(await newSigningKey())).rejects.toThrow();
    const jwk = await privateJwkOf(await newSigningKey({ extractable: true }));
    const { privateKey } = await signingKeyOf(jwk);
    expect(privateKey).toMatchObject({ extractable: false, usages: ['sign'] });
  });

  it.each([
    [{ kty: 'EC', crv: 'P-256' }],
    [{ kty: 'RSA', d: 'private-exponent' }],
    [{ kty: 'OKP', crv: 'X25519', d: 'private-scalar' }],
  ])('is not taken from %j', async (jwk) => {
    const error = await signingKeyOf(jwk).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toMatch(/exponent|scalar/);
  });
});

describe('a file', () => {
  it('with a key pair is made once, for its owner’s eyes alone', async () => {
    const file = path('deep/down/signing.jwk');
    const made = await signingKeyFile(file);
    const again = await signingKeyFile(file);
    expect(again.thumbprint).toBe(made.thumbprint);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(made.privateKey.extractable).toBe(false);
  });

  it('keeps keys whole: nothing of a draft is left', async () => {
    const store = fileStore(path('keys/api-key.json'));
    expect(await store.load()).toBeUndefined();
    await store.save({ current: 'one' });
    await store.save({ current: 'two', previous: 'one', previousUntilMs: 5 });
    expect(await fileStore(path('keys/api-key.json')).load()).toEqual({
      current: 'two',
      previous: 'one',
      previousUntilMs: 5,
    });
    expect(readdirSync(path('keys'))).toEqual(['api-key.json']);
    expect(statSync(path('keys/api-key.json')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['that is no JSON', 'secret-that-leaked', /is not JSON/],
    ['without a key', '{"key":"secret-that-leaked"}', /holds no API key/],
    ['that is null', 'null', /holds no API key/],
  ])('%s is said to be so, and not repeated', async (_what, content, message) => {
    writeFileSync(path('broken.json'), content);
    const error = await fileStore(path('broken.json'))
      .load()
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('secret-that-leaked');
  });

  it('that cannot be replaced leaves the old one as it was', async () => {
    const file = path('taken');
    await fileStore(join(file, 'keys.json')).save({ current: 'one' });
    const inTheWay = fileStore(file);
    await expect(inTheWay.save({ current: 'two' })).rejects.toThrow();
    expect(JSON.parse(readFileSync(join(file, 'keys.json'), 'utf8'))).toEqual({ current: 'one' });
    expect(readdirSync(directory).filter((name) => name.startsWith('taken.'))).toEqual([]);
  });
});
