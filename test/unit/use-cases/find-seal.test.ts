/** A sealed key that has expired opens for nobody, and goes with the first that meets it. */
import { describe, expect, it } from 'vitest';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { findSeal } from '../../../lambdas/core/use-cases/find-seal.ts';
import { SEAL_LIFETIME_MS } from '../../../lambdas/core/use-cases/generate-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

async function sealedWorld(delivery: 'operator' | 'vault' = 'operator') {
  const world = new MemoryWorld();
  const { keyId } = await world.issue({ delivery });
  if (delivery === 'vault') await offerVersion(world.deps, keyId, { actor: OPERATOR });
  await new Execution(world, keyId).toDualKey();
  const { expiresAtMs } = world.table.seals.get(`${keyId}/2`) ?? {};
  expect(expiresAtMs).toBe(world.clock.nowMs + SEAL_LIFETIME_MS);
  return { world, keyId, expiresAtMs: expiresAtMs as number };
}

describe('a sealed key', () => {
  it('is found until the millisecond in which it expires, and is destroyed from then on', async () => {
    const { world, keyId, expiresAtMs } = await sealedWorld();
    world.clock.nowMs = expiresAtMs - 1;
    expect(await findSeal(world.deps, keyId, 2)).toMatchObject({ keyId, version: 2, expiresAtMs });
    world.clock.nowMs = expiresAtMs;
    expect(await findSeal(world.deps, keyId, 2)).toBeUndefined();
    expect(world.table.seals.size).toBe(0);
  });

  it('that has expired is not found where it cannot be destroyed, either', async () => {
    const { world, keyId, expiresAtMs } = await sealedWorld();
    world.clock.nowMs = expiresAtMs;
    const { store, clock } = world.deps;
    const readOnly = { findSealed: store.findSealed.bind(store) };
    expect(await findSeal({ store: readOnly, clock }, keyId, 2)).toBeUndefined();
    expect(world.table.seals.size).toBe(1);
    const failing = { ...readOnly, destroySealed: () => Promise.reject(new Error('denied')) };
    expect(await findSeal({ store: failing, clock }, keyId, 2)).toBeUndefined();
  });

  it('that has expired is opened by nobody: no operator, no place, no verification', async () => {
    const { world, keyId, expiresAtMs } = await sealedWorld();
    const opened: unknown[] = [];
    const { open } = world.sealer;
    world.sealer.open = (sealed) => {
      opened.push(sealed);
      return open.call(world.sealer, sealed);
    };
    world.clock.nowMs = expiresAtMs;
    expect(await claimKey(world.deps, keyId, OPERATOR)).toEqual({ outcome: 'nothing-to-claim' });

    const placed = await sealedWorld('vault');
    placed.world.sealer.open = world.sealer.open;
    placed.world.clock.nowMs = placed.expiresAtMs;
    expect(
      await offerVersion(placed.world.deps, placed.keyId, { actor: OPERATOR, again: true }),
    ).toMatchObject({ outcome: 'nothing-waits' });

    const late = new MemoryWorld();
    const { keyId: lateId } = await late.issue();
    const execution = new Execution(late, lateId);
    await execution.runAll('begin', 'generate');
    late.sealer.open = world.sealer.open;
    late.clock.nowMs += SEAL_LIFETIME_MS;
    await expect(execution.run('verify')).rejects.toMatchObject({
      name: 'SealBroken',
      message: expect.stringContaining('is gone'),
    });
    expect(late.brokenSeals, 'that is no tampering').toEqual([]);
    expect(opened).toEqual([]);
  });
});
