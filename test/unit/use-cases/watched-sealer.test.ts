/** Whoever opens a seal that was tampered with gets nothing, and it is a security event, wherever that happens. */
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import type { SealedKey } from '../../../lambdas/core/ports/key-sealer.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { deliverVersion } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { verifyVersion } from '../../../lambdas/core/use-cases/verify-version.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const BROKEN = { name: 'SealBroken' };

const sealOf = (world: MemoryWorld, keyId: string, version = 2): SealedKey =>
  world.table.seals.get(`${keyId}/${version}`) as SealedKey;

const put = (world: MemoryWorld, keyId: string, sealed: SealedKey): void =>
  void world.table.seals.set(`${keyId}/2`, sealed);

function altered(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[20] = (bytes[20] as number) ^ 1;
  return bytes.toString('base64');
}

/** What who can write the table might do to the sealed version 2 of a key. */
const TAMPERING: readonly (readonly [string, (world: MemoryWorld, keyId: string) => Promise<void>])[] = [
  [
    'whose ciphertext was altered',
    async (world, keyId) => {
      const sealed = sealOf(world, keyId);
      put(world, keyId, { ...sealed, ciphertext: altered(sealed.ciphertext) });
    },
  ],
  [
    'that was prolonged',
    async (world, keyId) => {
      const sealed = sealOf(world, keyId);
      put(world, keyId, { ...sealed, expiresAtMs: sealed.expiresAtMs + 86_400_000 });
    },
  ],
  [
    'that was moved from another version of the key',
    async (world, keyId) => {
      const { environment, expiresAtMs } = sealOf(world, keyId);
      const other = { keyId, version: 1, environment };
      put(world, keyId, await world.sealer.seal(new Plaintext('an older key'), other, expiresAtMs));
    },
  ],
  [
    'that was moved to another environment',
    async (world, keyId) => put(world, keyId, { ...sealOf(world, keyId), environment: 'test' }),
  ],
  [
    "that was swapped for another key's",
    async (world, keyId) => put(world, keyId, await anothersSeal(world)),
  ],
  [
    "that holds another key's ciphertext and data key",
    async (world, keyId) => {
      const { ciphertext, wrappedDataKey } = await anothersSeal(world);
      put(world, keyId, { ...sealOf(world, keyId), ciphertext, wrappedDataKey });
    },
  ],
  [
    'that has the data key of another',
    async (world, keyId) => {
      const { wrappedDataKey } = await anothersSeal(world);
      put(world, keyId, { ...sealOf(world, keyId), wrappedDataKey });
    },
  ],
];

async function anothersSeal(world: MemoryWorld): Promise<SealedKey> {
  const { keyId } = await world.issue();
  await new Execution(world, keyId, 'r-other').toDualKey();
  return sealOf(world, keyId);
}

async function claimable() {
  const world = new MemoryWorld();
  const { keyId, key } = await world.issue();
  await new Execution(world, keyId).toDualKey();
  return { world, keyId, key };
}

describe.each(TAMPERING)('a sealed key %s', (_what, tamper) => {
  it('is not handed out, and is on record as a security event', async () => {
    const { world, keyId } = await claimable();
    await tamper(world, keyId);

    await expect(claimKey(world.deps, keyId, OPERATOR)).rejects.toMatchObject(BROKEN);

    expect(world.brokenSeals).toEqual([`${keyId}/2`]);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'security.seal-broken',
      actor: { principal: 'keyturn:sealer' },
      detail: { version: 2 },
    });
    expect(chainHolds(world, keyId)).toBe(true);
  });
});

describe('a broken seal', () => {
  const tamper = async (world: MemoryWorld, keyId: string) => put(world, keyId, await anothersSeal(world));

  it('is an alarm each time and on record once, however often it is met', async () => {
    const { world, keyId } = await claimable();
    await tamper(world, keyId);
    for (let time = 0; time < 3; time += 1) {
      world.clock.advanceSeconds(60);
      await expect(claimKey(world.deps, keyId, OPERATOR)).rejects.toMatchObject(BROKEN);
    }
    expect(world.brokenSeals).toHaveLength(3);
    expect(world.actions(keyId).filter((action) => action === 'security.seal-broken')).toHaveLength(1);
    expect(world.record(keyId).versions[1]).toMatchObject({ sealBrokenAtMs: world.clock.nowMs - 120_000 });
    expect(world.record(keyId).versions[1]).not.toHaveProperty('receivedAtMs');
  });

  it('leaves clients with the version they have', async () => {
    const { world, keyId, key } = await claimable();
    await tamper(world, keyId);
    await expect(claimKey(world.deps, keyId, OPERATOR)).rejects.toMatchObject(BROKEN);
    expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
  });

  it('ends the verification of a new version', async () => {
    const world = new MemoryWorld();
    const { keyId } = await world.issue();
    const execution = new Execution(world, keyId);
    await execution.run('begin');
    await execution.run('generate');
    await tamper(world, keyId);

    const verified = verifyVersion(world.deps, { keyId, rotationId: 'r-1' });
    await expect(verified).rejects.toMatchObject(BROKEN);
    expect(world.actions(keyId)).toContain('security.seal-broken');
  });

  it('is not put into a place, neither by the machine nor by an operator', async () => {
    const world = new MemoryWorld();
    const { keyId, key } = await world.issue({ delivery: 'vault' });
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    await new Execution(world, keyId).toDualKey();
    await tamper(world, keyId);

    await expect(deliverVersion(world.deps, { keyId, rotationId: 'r-1' })).rejects.toMatchObject(BROKEN);
    const again = offerVersion(world.deps, keyId, { actor: OPERATOR, again: true });
    await expect(again).rejects.toMatchObject(BROKEN);
    expect(world.places.vault.read(keyId)).toBe(key);
    expect(world.actions(keyId).filter((action) => action === 'security.seal-broken')).toHaveLength(1);
  });

  it('is a broken seal also when its record cannot be written', async () => {
    const { world, keyId } = await claimable();
    await tamper(world, keyId);
    world.table.crashOnce('before');
    await expect(claimKey(world.deps, keyId, OPERATOR)).rejects.toMatchObject(BROKEN);
    expect(world.brokenSeals).toHaveLength(1);
    expect(world.actions(keyId)).not.toContain('security.seal-broken');
  });

  it('is not what trouble of the key service is taken for', async () => {
    const { world, keyId } = await claimable();
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    world.sealer.open = () => Promise.reject(throttled);

    await expect(claimKey(world.deps, keyId, OPERATOR)).rejects.toBe(throttled);
    expect(world.brokenSeals).toEqual([]);
    expect(world.actions(keyId)).not.toContain('security.seal-broken');
  });
});
