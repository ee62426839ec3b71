/** Proofs of possession that are none: forged, altered, of another key, of another kind. */
import { createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  CHALLENGE_LIFETIME_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
} from '../../../lambdas/core/use-cases/challenges.ts';
import { thumbprintOf } from '../../../rules/renewal-key.ts';
import {
  audienceOf,
  type RenewalWorld,
  refused,
  renewableWorld,
  untouched,
} from '../../support/renewal-world.ts';
import { type ProofParts, type RenewingClient, renewingClient } from '../../support/renewing-client.ts';

const LIFETIME_MS = (CHALLENGE_LIFETIME_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1000;
const segments = (proof: string): [string, string, string] => proof.split('.') as [string, string, string];
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a proof', () => {
  const attempt = async (attack: (at: Attempt) => Promise<unknown>) => {
    const { world, client, keyId } = await renewableWorld();
    const challenge = await world.challenge(keyId);
    const about = { challenge, audience: audienceOf(keyId), keyId };
    const prove = (parts?: ProofParts) => client.prove(about, parts);
    return untouched(world, keyId, async () =>
      world.send(keyId, await attack({ world, client, keyId, challenge, prove })),
    );
  };
  interface Attempt {
    readonly world: RenewalWorld;
    readonly client: RenewingClient;
    readonly keyId: string;
    readonly challenge: string;
    readonly prove: (parts?: ProofParts) => Promise<string>;
  }

  it('is good once: replayed, it is refused, and so is another by the same challenge', async () => {
    const { world, client, keyId } = await renewableWorld();
    const challenge = await world.challenge(keyId);
    const about = { challenge, audience: audienceOf(keyId), keyId };
    const proof = await client.prove(about);
    expect((await world.send(keyId, proof)).outcome).toBe('renewed');

    expect(await world.send(keyId, proof)).toEqual(refused('replayed'));
    expect(await world.send(keyId, await client.prove(about))).toEqual(refused('replayed'));
    world.clock.nowMs += LIFETIME_MS;
    expect(await world.send(keyId, proof)).toEqual(refused('challenge'));
  });

  it('is good once of many at the same moment', async () => {
    const { world, client, keyId } = await renewableWorld();
    const challenge = await world.challenge(keyId);
    const proof = await client.prove({ challenge, audience: audienceOf(keyId), keyId });
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => world.send(keyId, proof)));
    expect(outcomes.filter(({ outcome }) => outcome === 'renewed')).toHaveLength(1);
    expect(world.nonces.spent.size).toBe(2);
  });

  it.each(['none', 'None', 'HS256', 'HS512', 'RS256', 'ES384', 'ES256K', 'EdDSA', 'dir', ''])(
    'by alg %j is refused',
    async (alg) => {
      const outcome = await attempt(async ({ prove, client }) => {
        const [, payload, signature] = segments(await prove());
        return `${encoded({ alg, typ: 'keyturn-renewal+jwt', kid: client.thumbprint })}.${payload}.${signature}`;
      });
      expect(outcome).toEqual(refused(alg === 'EdDSA' ? 'other-key' : 'malformed'));
    },
  );

  it.each(['as JSON', 'as its coordinates'])(
    'by HS256 with the public key %s for a secret is refused',
    async (how) => {
      const outcome = await attempt(async ({ prove, client }) => {
        const [, payload] = segments(await prove());
        const header = encoded({ alg: 'HS256', typ: 'keyturn-renewal+jwt', kid: client.thumbprint });
        const secret = how === 'as JSON' ? JSON.stringify(client.publicKey) : client.publicKey.x;
        const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
        return `${header}.${payload}.${mac}`;
      });
      expect(outcome).toEqual(refused('malformed'));
    },
  );

  it('without a signature is refused', async () => {
    const outcome = await attempt(async ({ prove }) => {
      const [header, payload] = segments(await prove());
      return `${header}.${payload}.`;
    });
    expect(outcome).toEqual(refused('malformed'));
  });

  it.each([
    ['a key', async (thief: RenewingClient) => ({ jwk: thief.publicKey })],
    ['an address of keys', async () => ({ jku: 'https://thief.example.com/keys' })],
    ['a certificate', async () => ({ x5c: ['MIIB'] })],
    ['an address of certificates', async () => ({ x5u: 'https://thief.example.com/cert' })],
    ['an extension that must be understood', async () => ({ crit: ['x'], x: true })],
    ['an unencoded payload', async () => ({ b64: false, crit: ['b64'] })],
  ])('that brings %s in its header is refused', async (_what, more) => {
    const thief = await renewingClient();
    const extra = await more(thief);
    const outcome = await attempt(async ({ prove, client }) => {
      const [, payload] = segments(await prove());
      const header = {
        alg: 'ES256',
        typ: 'keyturn-renewal+jwt',
        kid: thumbprintOf(thief.publicKey),
        ...extra,
      };
      // Signed by the very key it brings, and once by the registered one.
      if (!('crit' in extra))
        return thief.sign(header, JSON.parse(Buffer.from(payload, 'base64url').toString()));
      const signed = { ...header, kid: client.thumbprint };
      return `${encoded(signed)}.${payload}.${'A'.repeat(86)}`;
    });
    expect(outcome).toEqual(refused('malformed'));
  });

  it.each<[string, ProofParts, string]>([
    ['of no type', { header: { typ: undefined } }, 'malformed'],
    ['of the type JWT', { header: { typ: 'JWT' } }, 'malformed'],
    ['made to propose a key', { header: { typ: 'keyturn-proposal+jwt' } }, 'malformed'],
    ['made as a challenge', { header: { typ: 'keyturn-challenge+jwt' } }, 'malformed'],
    ['without the name of its key', { header: { kid: undefined } }, 'malformed'],
    ['under the name of another key', { header: { kid: 'A'.repeat(43) } }, 'other-key'],
    ['without a challenge', { claims: { challenge: undefined } }, 'malformed'],
    ['by an invented challenge', { claims: { challenge: 'made-up' } }, 'challenge'],
    ['without a key to answer to', { claims: { answerKey: undefined } }, 'malformed'],
    ['with a private key to answer to', { claims: { answerKey: { kty: 'EC', d: 'x' } } }, 'malformed'],
    ['for another address', { claims: { aud: 'https://keys.example.com/renewals/other' } }, 'audience'],
    ['for another deployment', { claims: { aud: 'https://other.example.com' } }, 'audience'],
    ['for two addresses', { claims: { aud: ['https://a.example', 'https://b.example'] } }, 'malformed'],
    ['about another key', { claims: { sub: 'OtherKey0001' } }, 'audience'],
  ])('%s is refused', async (_what, parts, fault) => {
    expect(await attempt(({ prove }) => prove(parts))).toEqual(refused(fault));
  });

  it.each([
    ['header', 0],
    ['payload', 1],
    ['signature', 2],
  ] as const)('is refused with its %s cut, swapped or altered', async (_what, part) => {
    const altered = [
      (text: string) => text.slice(0, -1),
      (text: string) => text.slice(1),
      (text: string) => `${text.slice(0, 8)}${text[8] === 'A' ? 'B' : 'A'}${text.slice(9)}`,
      () => '',
    ];
    for (const alter of altered) {
      const outcome = await attempt(async ({ prove }) => {
        const parts = segments(await prove());
        parts[part] = alter(parts[part]);
        return parts.join('.');
      });
      expect(outcome.outcome).toBe('refused');
    }
    const swapped = await attempt(async ({ prove }) => {
      const [one, other] = [segments(await prove()), segments(await prove({ claims: { extra: 1 } }))];
      one[part] = other[part];
      return part === 0 ? `${one.join('.')}x` : one.join('.');
    });
    expect(swapped.outcome).toBe('refused');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', {}],
    ['words', 'not a proof'],
    ['dots', '..'],
    ['four parts', 'a.b.c.d'],
    ['five parts, as a JWE has', 'a.b.c.d.e'],
    ['more than a proof can have', `${'a'.repeat(2000)}.${'b'.repeat(2000)}.${'c'.repeat(200)}`],
    ['parts that are no JSON', 'eA.eA.eA'],
    ['parts that are no objects', `${encoded(['ES256'])}.${encoded(null)}.eA`],
  ])('is not %s', async (_what, proof) => {
    expect(await attempt(async () => proof)).toEqual(refused('malformed'));
  });
});

it('a proof signed for a JWS of another kind is none here', async () => {
  const { world, keyId } = await renewableWorld();
  const other = await new CompactSign(new TextEncoder().encode('{}'))
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new Uint8Array(32));
  expect(await world.send(keyId, other)).toEqual(refused('malformed'));
});
