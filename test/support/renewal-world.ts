/** Worlds in which a client with a registered public key renews. */

import { expect } from 'vitest';
import { JoseEncrypter } from '../../lambdas/adapters/jose/jose-encrypter.ts';
import type { Destination } from '../../lambdas/core/domain/key-record.ts';
import { makeChallenge } from '../../lambdas/core/use-cases/challenges.ts';
import { type RenewDeps, type RenewOutcome, renewKey } from '../../lambdas/core/use-cases/renew-key.ts';
import { Execution } from './machine.ts';
import { MemoryNonces } from './memory-nonces.ts';
import { MemoryWorld } from './memory-world.ts';
import { type Curve, type ProofParts, type RenewingClient, renewingClient } from './renewing-client.ts';

export const audienceOf = (keyId: string): string => `https://keys.example.com/renewals/${keyId}`;
export const STRANGER = { principal: 'unproven', via: 'renewal from 203.0.113.7' };
const SECRET = new TextEncoder().encode('the-secret-of-challenges-in-the-tests');

export class RenewalWorld extends MemoryWorld {
  readonly nonces = new MemoryNonces();
  readonly renewing: RenewDeps = {
    ...this.deps,
    nonces: this.nonces,
    encrypter: new JoseEncrypter(),
    challengeSecret: async () => SECRET,
  };

  challenge(keyId: string, audience = audienceOf(keyId)): Promise<string> {
    return makeChallenge(this.renewing, { keyId, audience });
  }

  send(keyId: string, proof: unknown): Promise<RenewOutcome> {
    return renewKey(this.renewing, { keyId, audience: audienceOf(keyId), proof, actor: STRANGER });
  }

  /** As a client does that means well, but for what the test changes. */
  async renew(client: RenewingClient, keyId: string, parts?: ProofParts): Promise<RenewOutcome> {
    const challenge = await this.challenge(keyId);
    return this.send(keyId, await client.prove({ challenge, audience: audienceOf(keyId), keyId }, parts));
  }
}

export const registered = ({
  publicKey,
  thumbprint,
}: RenewingClient): Extract<Destination, { kind: 'renewal' }> => ({
  kind: 'renewal',
  publicKey,
  thumbprint,
});

/** A key whose client has registered a public key, has version 1 and uses it. */
export async function enrolledWorld(curve: Curve = 'P-256', answerCurve: 'P-256' | 'X25519' = 'P-256') {
  const world = new RenewalWorld();
  const client = await renewingClient(curve, answerCurve);
  const { keyId, key } = await world.issue({ delivery: 'renewal-key', destination: registered(client) });
  return { world, client, keyId, key };
}

/** The same, in the dual-key window of its first rotation: version 2 waits. */
export async function renewableWorld(curve: Curve = 'P-256', answerCurve: 'P-256' | 'X25519' = 'P-256') {
  const { world, client, keyId, key: old } = await enrolledWorld(curve, answerCurve);
  await world.renew(client, keyId);
  await world.authorizer().authorize(old);
  const execution = new Execution(world, keyId);
  await execution.toDualKey();
  return { world, client, keyId, old, execution, fresh: await world.sealedKey(keyId, 2) };
}

export const refused = (fault: string) => ({ outcome: 'refused', fault });

/** Nothing was taken, opened or written but the one event that says that somebody tried. */
export async function untouched(world: RenewalWorld, keyId: string, attack: () => Promise<RenewOutcome>) {
  const { versions } = world.record(keyId);
  const seals = [...world.table.seals.keys()];
  const outcome = await attack();
  expect(world.record(keyId).versions).toEqual(versions);
  expect([...world.table.seals.keys()]).toEqual(seals);
  expect(JSON.stringify(outcome)).not.toContain('jwe');
  return outcome;
}
