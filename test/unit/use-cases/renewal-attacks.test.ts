/** What somebody may try who holds the old API key, another private key, what was sent before, or nothing at all. */
import { webcrypto } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CHALLENGE_LIFETIME_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
  makeChallenge,
} from '../../../lambdas/core/use-cases/challenges.ts';
import { REFUSAL_WINDOW_MS } from '../../../lambdas/core/use-cases/note-refused-renewal.ts';
import {
  audienceOf,
  enrolledWorld,
  type RenewalWorld,
  refused,
  renewableWorld,
  untouched,
} from '../../support/renewal-world.ts';
import { renewingClient } from '../../support/renewing-client.ts';

const LIFETIME_MS = (CHALLENGE_LIFETIME_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1000;
const segments = (proof: string): [string, string, string] => proof.split('.') as [string, string, string];
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('whoever holds the API key and not the private key', () => {
  it('gets nothing by a key of its own', async () => {
    const { world, keyId } = await renewableWorld();
    const thief = await renewingClient();
    expect(await untouched(world, keyId, () => world.renew(thief, keyId))).toEqual(refused('other-key'));
  });

  it('gets nothing by a key of its own under the name of the registered one', async () => {
    const { world, client, keyId } = await renewableWorld();
    const thief = await renewingClient();
    const parts = { header: { kid: client.thumbprint } };
    expect(await untouched(world, keyId, () => world.renew(thief, keyId, parts))).toEqual(
      refused('signature'),
    );
  });

  it('gets nothing by the API key in the place of a proof, or beside one', async () => {
    const { world, keyId, old } = await renewableWorld();
    const thief = await renewingClient();
    for (const proof of [old, `Bearer ${old}`, { key: old }]) {
      expect(await untouched(world, keyId, () => world.send(keyId, proof))).toEqual(refused('malformed'));
    }
    const parts = { claims: { key: old, authorization: `Bearer ${old}` } };
    expect(await untouched(world, keyId, () => world.renew(thief, keyId, parts))).toEqual(
      refused('other-key'),
    );
  });

  it('gets nothing for a key without a registered one', async () => {
    const { world } = await enrolledWorld();
    const { keyId } = await world.issue();
    const thief = await renewingClient();
    expect(await untouched(world, keyId, () => world.renew(thief, keyId))).toEqual(refused('no-public-key'));
  });

  it('gets nothing by proposing a key and renewing with it before anybody has approved it', async () => {
    const { world } = await enrolledWorld();
    const { keyId } = await world.issue();
    const thief = await renewingClient();
    const parts = { claims: { publicKey: thief.publicKey } };
    expect(await untouched(world, keyId, () => world.renew(thief, keyId, parts))).toEqual(
      refused('no-public-key'),
    );
  });
});

describe('a challenge', () => {
  async function answered(challengeOf: (world: RenewalWorld, keyId: string) => Promise<string>, waitMs = 0) {
    const { world, client, keyId } = await renewableWorld();
    const challenge = await challengeOf(world, keyId);
    world.clock.nowMs += waitMs;
    return world.send(keyId, await client.prove({ challenge, audience: audienceOf(keyId), keyId }));
  }
  /** As an environment makes it whose clock is off by so much. */
  const skewed = (byMs: number) => (world: RenewalWorld, keyId: string) =>
    makeChallenge(
      { ...world.renewing, clock: () => world.clock.nowMs + byMs },
      { keyId, audience: audienceOf(keyId) },
    );

  it('for another key is refused', async () => {
    expect(await answered((world) => world.challenge('OtherKey0001'))).toEqual(refused('challenge'));
  });

  it('for another address is refused', async () => {
    const outcome = await answered((world, keyId) => world.challenge(keyId, 'https://other.example.com'));
    expect(outcome).toEqual(refused('challenge'));
  });

  it('of another deployment is refused', async () => {
    const outcome = await answered((world, keyId) =>
      makeChallenge(
        { ...world.renewing, challengeSecret: async () => new Uint8Array(32) },
        { keyId, audience: audienceOf(keyId) },
      ),
    );
    expect(outcome).toEqual(refused('challenge'));
  });

  it.each([
    ['unsecured', { alg: 'none', typ: 'keyturn-challenge+jwt' }],
    ['of another type', { alg: 'HS256', typ: 'JWT' }],
  ])('that is forged, %s, is refused', async (_what, header) => {
    const outcome = await answered(async (world, keyId) => {
      const iat = Math.floor(world.clock.nowMs / 1000);
      const claims = { sub: keyId, aud: audienceOf(keyId), jti: 'forged', iat, exp: iat + 60 };
      if (header.alg === 'none') return `${encoded(header)}.${encoded(claims)}.`;
      return new SignJWT(claims).setProtectedHeader(header).sign(await world.renewing.challengeSecret());
    });
    expect(outcome).toEqual(refused('challenge'));
  });

  it('signed by the client itself is refused', async () => {
    const { world, client, keyId } = await renewableWorld();
    const iat = Math.floor(world.clock.nowMs / 1000);
    const claims = { sub: keyId, aud: audienceOf(keyId), jti: 'own', iat, exp: iat + 60 };
    const challenge = await client.sign({ alg: 'ES256', typ: 'keyturn-challenge+jwt' }, claims);
    const proof = await client.prove({ challenge, audience: audienceOf(keyId), keyId });
    expect(await world.send(keyId, proof)).toEqual(refused('challenge'));
  });

  it('is good for two minutes and the tolerance, and no longer', async () => {
    expect((await answered(skewed(0), LIFETIME_MS - 1000)).outcome).toBe('renewed');
    expect(await answered(skewed(0), LIFETIME_MS)).toEqual(refused('challenge'));
  });

  it.each([
    [CLOCK_TOLERANCE_SECONDS, 'renewed'],
    [-CLOCK_TOLERANCE_SECONDS, 'renewed'],
    [CLOCK_TOLERANCE_SECONDS + 1, 'refused'],
    [-LIFETIME_MS / 1000, 'refused'],
  ])('made by a clock that is off by %d s is %s', async (seconds, outcome) => {
    expect((await answered(skewed(seconds * 1000))).outcome).toBe(outcome);
  });

  it('makes a client’s own clock play no part', async () => {
    for (const seconds of [-86_400, 86_400]) {
      const { world, client, keyId } = await renewableWorld();
      const iat = Math.floor(world.clock.nowMs / 1000) + seconds;
      expect((await world.renew(client, keyId, { claims: { iat, nbf: iat, exp: iat + 60 } })).outcome).toBe(
        'renewed',
      );
    }
  });

  it('costs neither a read nor a write, whether there is such a key or not', async () => {
    const { world, keyId } = await renewableWorld();
    const find = vi.spyOn(world.store, 'find');
    const { size } = world.nonces.spent;
    const [one, other] = [await world.challenge(keyId), await world.challenge('NoSuchKey000')];
    expect(find).not.toHaveBeenCalled();
    expect(world.nonces.spent.size).toBe(size);
    const [header, , mac] = segments(one);
    expect(segments(other)[0]).toBe(header);
    expect(segments(other)[2]).toHaveLength(mac.length);
  });
});

describe('what is tried', () => {
  it('is on record once in an hour, however often', async () => {
    const { world, keyId } = await renewableWorld();
    const thief = await renewingClient();
    const noted = () => world.actions(keyId).filter((action) => action === 'renewal.refused').length;
    await Promise.all(Array.from({ length: 5 }, () => world.renew(thief, keyId)));
    for (let times = 0; times < 20; times += 1) await world.renew(thief, keyId);
    expect(noted()).toBe(1);
    world.clock.nowMs += REFUSAL_WINDOW_MS - 1;
    await world.renew(thief, keyId);
    expect(noted()).toBe(1);
    world.clock.nowMs += 1;
    await world.renew(thief, keyId);
    expect(noted()).toBe(2);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'renewal.refused',
      actor: { principal: 'unproven', via: 'renewal from 203.0.113.7' },
      detail: { fault: 'other-key' },
    });
  });

  it('writes nothing for a key that is not there or has no public key, and spends no challenge', async () => {
    const { world } = await enrolledWorld();
    const { keyId } = await world.issue();
    const thief = await renewingClient();
    const before = JSON.stringify([...world.table.keys, ...world.table.events]);
    for (const id of [keyId, 'NoSuchKey000']) await world.renew(thief, id);
    expect(JSON.stringify([...world.table.keys, ...world.table.events])).toBe(before);
    expect(world.nonces.spent.size).toBe(0);
  });
});

describe('a refusal takes the same work', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Every call to the store and to cryptography, in order. */
  async function workOf(world: RenewalWorld, run: () => Promise<unknown>): Promise<string[]> {
    const work: string[] = [];
    for (const name of ['importKey', 'verify', 'sign', 'deriveBits', 'encrypt'] as const) {
      const real = webcrypto.subtle[name].bind(webcrypto.subtle) as (...args: unknown[]) => Promise<never>;
      vi.spyOn(crypto.subtle, name).mockImplementation((...args: unknown[]) => {
        const algorithm = args.find((arg) => typeof arg === 'object' && arg !== null && 'name' in arg);
        work.push(`${name} ${(algorithm as { name?: string } | undefined)?.name ?? ''}`);
        return real(...args);
      });
    }
    for (const name of ['find', 'save', 'findSealed'] as const) {
      const real = world.store[name].bind(world.store) as (...args: unknown[]) => Promise<never>;
      const counted = (...args: unknown[]) => {
        work.push(`store ${name}`);
        return real(...args);
      };
      vi.spyOn(world.store, name).mockImplementation(counted as never);
    }
    await run();
    vi.restoreAllMocks();
    return work;
  }

  it.each(['P-256', 'Ed25519'] as const)(
    'for an unknown key, one without a public key, another key, another curve and a wrong signature (%s)',
    async (curve) => {
      const { world, client, keyId } = await renewableWorld(curve);
      const { keyId: unregistered } = await world.issue();
      const otherCurve = await renewableWorld(curve === 'P-256' ? 'Ed25519' : 'P-256');
      const thief = await renewingClient(curve);
      // The first try of an hour is put on record, which its answer does not wait for less than any other does.
      await world.renew(thief, keyId);
      await otherCurve.world.renew(thief, otherCurve.keyId);
      const forged = { header: { kid: client.thumbprint } };

      const works = [
        await workOf(world, () => world.renew(thief, 'NoSuchKey000')),
        await workOf(world, () => world.renew(thief, unregistered)),
        await workOf(world, () => world.renew(thief, keyId)),
        await workOf(world, () => world.renew(thief, keyId, forged)),
        await workOf(otherCurve.world, () => otherCurve.world.renew(thief, otherCurve.keyId)),
      ];

      expect(works[0]?.filter((step) => step === 'store find')).toHaveLength(1);
      // The client's own signature, the registered or the decoy key's check, and the challenge's.
      expect(works[0]?.filter((step) => step.startsWith('verify'))).toHaveLength(2);
      for (const work of works) expect(work).toEqual(works[0]);
    },
  );

  it('and says the same: one outcome, whose reason is for the log alone', async () => {
    const { world, client, keyId } = await renewableWorld();
    const thief = await renewingClient();
    const outcomes = [
      await world.renew(thief, 'NoSuchKey000'),
      await world.renew(thief, keyId),
      await world.renew(client, keyId, { claims: { challenge: 'made-up' } }),
      await world.send(keyId, 'nonsense'),
    ];
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
  });
});

describe('the answer', () => {
  const renewed = async () => {
    const { world, client, keyId } = await renewableWorld();
    const outcome = await world.renew(client, keyId);
    if (outcome.outcome !== 'renewed') throw new Error(outcome.outcome);
    return { client, jwe: outcome.jwe };
  };

  it('can be opened by no other key, not even by one that the client had before', async () => {
    const { client, jwe } = await renewed();
    await expect((await renewingClient()).open(jwe)).rejects.toThrow();
    await expect(client.open(jwe)).resolves.toMatchObject({ version: 2 });
  });

  it.each([0, 2, 3, 4])('is worth nothing with its part %d cut, altered or swapped', async (part) => {
    const [one, other] = [await renewed(), await renewed()];
    const alter = (by: (text: string) => string) => {
      const parts = one.jwe.split('.');
      parts[part] = by(parts[part] as string);
      return parts.join('.');
    };
    const altered = [
      alter((text) => text.slice(0, -2)),
      alter((text) => `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`),
      alter(() => ''),
      alter(() => other.jwe.split('.')[part] as string),
    ];
    for (const jwe of altered) await expect(one.client.open(jwe)).rejects.toThrow();
  });

  it('names its algorithms: agreement for this answer, AES-256-GCM', async () => {
    const { jwe } = await renewed();
    const header = JSON.parse(Buffer.from(jwe.split('.')[0] as string, 'base64url').toString());
    expect(header).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'keyturn-key+jwe' });
    expect(header.epk).not.toHaveProperty('d');
  });
});
