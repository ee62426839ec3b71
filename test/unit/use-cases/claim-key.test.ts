import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { SEAL_LIFETIME_MS } from '../../../lambdas/core/use-cases/generate-version.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

/** A key whose new version is accepted and lies sealed. */
async function worldToClaim() {
  const world = new MemoryWorld();
  const { keyId } = await world.issue();
  const execution = new Execution(world, keyId);
  await execution.toDualKey();
  return { world, keyId, execution, fresh: await world.sealedKey(keyId, 2) };
}

const claim = (world: MemoryWorld, keyId: string) => claimKey(world.deps, keyId, OPERATOR);

describe('claimKey', () => {
  it('hands out the new key, which authenticates, and puts on record who took it', async () => {
    const { world, keyId, fresh } = await worldToClaim();

    const claimed = await claim(world, keyId);

    expect(claimed).toMatchObject({ outcome: 'claimed', version: 2 });
    expect(claimed.outcome === 'claimed' && claimed.key.reveal()).toBe(fresh);
    expect((await world.authorizer().authorize(fresh)).outcome).toBe('allowed');
    expect(world.record(keyId).versions[1]?.receivedAtMs).toBe(world.clock.nowMs);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'version.claimed',
      actor: OPERATOR,
      detail: { version: 2 },
    });
  });

  it('destroys the sealed key: it is there once', async () => {
    const { world, keyId } = await worldToClaim();
    await claim(world, keyId);

    expect(world.table.seals.size).toBe(0);
    expect(await claim(world, keyId)).toEqual({ outcome: 'nothing-to-claim' });
  });

  it('gives the key to exactly one of many that claim at once', async () => {
    const { world, keyId } = await worldToClaim();

    const outcomes = await Promise.all([1, 2, 3, 4].map(() => claim(world, keyId)));

    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      'claimed',
      'nothing-to-claim',
      'nothing-to-claim',
      'nothing-to-claim',
    ]);
    expect(world.actions(keyId).filter((action) => action === 'version.claimed')).toHaveLength(1);
  });

  it('hands nothing out when the write that records it fails, and the key can still be claimed', async () => {
    const { world, keyId } = await worldToClaim();
    world.table.crashOnce('before');
    await expect(claim(world, keyId)).rejects.toThrow('before the write');

    expect((await claim(world, keyId)).outcome).toBe('claimed');
  });

  it('gives nothing while the version is pending: nobody may hold a key that may still be dropped', async () => {
    const world = new MemoryWorld();
    const { keyId } = await world.issue();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    expect(await claim(world, keyId)).toEqual({ outcome: 'nothing-to-claim' });
    expect(world.table.seals.size).toBe(1);
    await execution.runAll('verify', 'activate');
    expect((await claim(world, keyId)).outcome).toBe('claimed');
  });

  it('gives nothing once the sealed key has expired, however late the table deletes it', async () => {
    const { world, keyId } = await worldToClaim();
    world.clock.nowMs += SEAL_LIFETIME_MS - 1;
    const stillThere = world.table.seals.size;
    world.clock.nowMs += 1;

    expect(stillThere).toBe(1);
    expect(await claim(world, keyId)).toEqual({ outcome: 'nothing-to-claim' });
  });

  it('gives it up to the last moment before', async () => {
    const { world, keyId } = await worldToClaim();
    world.clock.nowMs += SEAL_LIFETIME_MS - 1;

    expect((await claim(world, keyId)).outcome).toBe('claimed');
  });

  it('refuses a sealed key whose expiry was prolonged in the table', async () => {
    const { world, keyId } = await worldToClaim();
    const [name, sealed] = [...world.table.seals][0] ?? [];
    if (!name || !sealed) throw new Error('Nothing is sealed.');
    world.table.seals.set(name, { ...sealed, expiresAtMs: sealed.expiresAtMs * 2 });
    world.clock.nowMs += SEAL_LIFETIME_MS;

    await expect(claim(world, keyId)).rejects.toMatchObject({ name: 'SealBroken' });
  });

  it('still gives the new key after the old version is retired', async () => {
    const { world, keyId, execution } = await worldToClaim();
    world.clock.advanceSeconds(72 * 3600);
    await world.uses.noteFirstUse(keyId, 2, world.clock.nowMs);
    await execution.runAll('judge', 'retire');

    expect((await claim(world, keyId)).outcome).toBe('claimed');
  });

  it('knows no key that is not there, and gives nothing of a revoked one or of one that was issued by hand', async () => {
    const { world, keyId } = await worldToClaim();
    const { keyId: issued } = await world.issue();
    await changeKeyStatus(world.deps, keyId, 'revoked', { actor: OPERATOR, reason: 'leaked' });

    expect(await claim(world, 'NoSuchKey000')).toEqual({ outcome: 'unknown-key' });
    expect(await claim(world, keyId)).toEqual({ outcome: 'revoked' });
    expect(await claim(world, issued)).toEqual({ outcome: 'nothing-to-claim' });
  });

  it('counts as receipt: an unused but claimed version is idle, not never delivered', async () => {
    const { world, keyId, execution } = await worldToClaim();
    await claim(world, keyId);
    world.clock.advanceSeconds(72 * 3600);

    expect((await execution.run('judge')).next).toBe('retire');
    expect(world.record(keyId).rotation?.verdict?.evidence).toBe('idle');
  });
});
