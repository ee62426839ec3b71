import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { deliverVersion } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { SEAL_LIFETIME_MS } from '../../../lambdas/core/use-cases/generate-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import type { RenewOutcome } from '../../../lambdas/core/use-cases/renew-key.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { enrolledWorld, renewableWorld } from '../../support/renewal-world.ts';
import type { RenewingClient } from '../../support/renewing-client.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const BY = { actor: OPERATOR, reason: 'a trial' };
const claims = (actions: readonly string[]) => actions.filter((action) => action === 'version.claimed');

async function opened(client: RenewingClient, outcome: RenewOutcome) {
  if (outcome.outcome !== 'renewed') throw new Error(outcome.outcome);
  return client.open(outcome.jwe);
}

describe('a client with a registered key', () => {
  it.each([
    ['P-256', 'P-256'],
    ['P-256', 'X25519'],
    ['Ed25519', 'X25519'],
    ['Ed25519', 'P-256'],
  ] as const)(
    'that signs on %s and opens on %s gets its first key, which authenticates',
    async (signing, answering) => {
      const { world, client, keyId, key } = await enrolledWorld(signing, answering);

      const outcome = await world.renew(client, keyId);

      expect(outcome).toMatchObject({ outcome: 'renewed', version: 1, again: false });
      expect(await opened(client, outcome)).toEqual({ keyId, version: 1, key });
      expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
    },
  );

  it('gets the new key of a rotation, and it is on record who took it', async () => {
    const { world, client, keyId, fresh } = await renewableWorld();
    await deliverVersion(world.deps, { keyId, rotationId: 'r-1' });

    expect((await opened(client, await world.renew(client, keyId))).key).toBe(fresh);

    expect(world.record(keyId).versions[1]).toMatchObject({
      receivedBy: 'renewal',
      receivedAtMs: world.clock.nowMs,
    });
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'version.claimed',
      actor: { principal: `key:${client.thumbprint}`, via: 'renewal from 203.0.113.7' },
      detail: { version: 2, by: 'renewal', delivery: 'renewal-key' },
    });
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('has nothing in the answer but the JWE, and nothing of the key in what is kept', async () => {
    const { world, client, keyId, fresh } = await renewableWorld();
    const outcome = await world.renew(client, keyId);

    const kept = JSON.stringify([...world.table.keys, ...world.table.events, ...world.nonces.spent, outcome]);
    expect(kept).not.toContain(fresh.slice(-49));
    expect(outcome.outcome === 'renewed' && outcome.jwe.split('.')).toHaveLength(5);
  });

  it('counts as receipt: an unused but renewed version is idle, not never delivered', async () => {
    const { world, client, keyId, execution } = await renewableWorld();
    await world.renew(client, keyId);
    world.clock.advanceSeconds(72 * 3600);

    await execution.run('judge');
    expect(world.record(keyId).rotation?.verdict?.evidence).toBe('idle');
  });
});

describe('an answer that was lost', () => {
  it('is given again, to the same key, without another change of the record', async () => {
    const { world, client, keyId, fresh } = await renewableWorld();
    await world.renew(client, keyId);
    const { revision } = world.record(keyId);

    const again = await world.renew(client, keyId);

    expect(again).toMatchObject({ outcome: 'renewed', version: 2, again: true });
    expect((await opened(client, again)).key).toBe(fresh);
    expect(world.record(keyId).revision).toBe(revision);
    expect(claims(world.actions(keyId))).toHaveLength(2);
  });

  it('is given to both of two that ask at once', async () => {
    const { world, client, keyId, fresh } = await renewableWorld();
    const outcomes = await Promise.all([world.renew(client, keyId), world.renew(client, keyId)]);

    for (const outcome of outcomes) expect((await opened(client, outcome)).key).toBe(fresh);
    expect(claims(world.actions(keyId))).toHaveLength(2);
  });

  it('is not given once the version is used, and its seal goes with the next change of the key', async () => {
    const { world, client, keyId, fresh, execution } = await renewableWorld();
    await world.renew(client, keyId);
    await world.authorizer().authorize(fresh);

    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
    expect(world.table.seals.has(`${keyId}/2`)).toBe(true);
    world.clock.advanceSeconds(72 * 3600);
    await execution.run('judge');
    expect(world.table.seals.has(`${keyId}/2`)).toBe(false);
  });

  it('is not given once the seal has expired, however late the table deletes it', async () => {
    const { world, client, keyId } = await renewableWorld();
    await world.renew(client, keyId);
    world.clock.nowMs += SEAL_LIFETIME_MS - 1;
    expect(await world.renew(client, keyId)).toMatchObject({ outcome: 'renewed', again: true });
    world.clock.nowMs += 1;
    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
  });

  it('keeps a rotation by hand from taking the version for lost', async () => {
    const { world, client, keyId, execution } = await renewableWorld();
    await world.renew(client, keyId);
    await execution.abandon();

    await new Execution(world, keyId, 'r-2').run('begin');
    expect(world.record(keyId).rotation).toMatchObject({ status: 'dual-key', fromVersion: 1, toVersion: 2 });
  });

  it.each(['before', 'after'] as const)('by a crash %s the write can be asked for again', async (when) => {
    const { world, client, keyId, fresh } = await renewableWorld();
    world.table.crashOnce(when);
    await expect(world.renew(client, keyId)).rejects.toThrow('The connection broke');

    expect((await opened(client, await world.renew(client, keyId))).key).toBe(fresh);
    expect(claims(world.actions(keyId))).toHaveLength(2);
  });
});

describe('nothing waits', () => {
  it('without a rotation, once the key is used', async () => {
    const { world, client, keyId, key } = await enrolledWorld();
    await world.renew(client, keyId);
    await world.authorizer().authorize(key);
    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
  });

  it('while the version is pending: it may still be dropped', async () => {
    const { world, client, keyId, key } = await enrolledWorld();
    await world.renew(client, keyId);
    await world.authorizer().authorize(key);
    await new Execution(world, keyId).runAll('begin', 'generate');
    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
  });

  it('after the rotation is taken back, and the seal is destroyed', async () => {
    const { world, client, keyId } = await renewableWorld();
    await world.renew(client, keyId);
    await rollbackRotation(world.deps, keyId, BY);

    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
    expect(world.table.seals.has(`${keyId}/2`)).toBe(false);
  });

  it.each(['disabled', 'revoked'] as const)('of a key that is %s', async (status) => {
    const { world, client, keyId } = await renewableWorld();
    await changeKeyStatus(world.deps, keyId, status, BY);
    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
    if (status === 'revoked') expect(world.table.seals.size).toBe(0);
  });

  it('that an operator offers another way this once', async () => {
    const { world, client, keyId, fresh } = await renewableWorld();
    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true, by: 'operator' });

    expect(await world.renew(client, keyId)).toEqual({ outcome: 'nothing-waits' });
    const claimed = await claimKey(world.deps, keyId, OPERATOR);
    expect(claimed.outcome === 'claimed' && claimed.key.reveal()).toBe(fresh);
  });

  it('for an operator who would claim what the registered key was given', async () => {
    const { world, client, keyId } = await renewableWorld();
    await world.renew(client, keyId);
    expect(await claimKey(world.deps, keyId, OPERATOR)).toEqual({ outcome: 'nothing-to-claim' });
    expect(
      await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true, by: 'operator' }),
    ).toMatchObject({
      outcome: 'received',
    });
  });
});

describe('an emergency', () => {
  it('reaches the holder of the registered key, and the leaked key is refused', async () => {
    const { world, client, keyId, key: leaked } = await enrolledWorld();
    await world.renew(client, keyId);
    await world.authorizer().authorize(leaked);
    const emergency = new Execution(world, keyId, 'e-1', {
      purpose: 'emergency',
      reason: 'found in a repository',
      immediateInvalidation: true,
    });
    await emergency.toDualKey();

    const { key } = await opened(client, await world.renew(client, keyId));
    expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
    expect((await world.authorizer().authorize(leaked)).outcome).toBe('unauthenticated');
  });
});
