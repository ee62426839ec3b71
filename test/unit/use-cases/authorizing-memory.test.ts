import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { forged } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { type MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { dualKeyWorld, worldWithKey } from '../../support/rotation-world.ts';

const MEMORY_MS = 5_000;

const status = (world: MemoryWorld, keyId: string, to: 'disabled' | 'enabled' | 'revoked') =>
  changeKeyStatus(world.deps, keyId, to, { actor: OPERATOR, reason: 'a test' });

describe('authorize reads', () => {
  it('once for any request that has to be looked up', async () => {
    const { world, keyId, old, fresh } = await dualKeyWorld();

    for (const presented of [old, fresh, forged(keyId), forged('NoSuchKey000')]) {
      const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
      await authorizer.authorize(presented);
      expect(authorizer.reader.reads).toBe(1);
    }
  });

  it('once for both versions of a key, and not again while the record is in memory', async () => {
    const { world, old, fresh } = await dualKeyWorld();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(old);
    world.clock.advanceSeconds(4.999);
    await authorizer.authorize(fresh);
    await authorizer.authorize(old);

    expect(authorizer.reader.reads).toBe(1);
  });

  it('again once the record is as old as memory may be', async () => {
    const { world, old } = await dualKeyWorld();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(old);
    world.clock.advanceSeconds(5);
    await authorizer.authorize(old);

    expect(authorizer.reader.reads).toBe(2);
  });

  it('each time where memory is turned off', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: 0 });

    for (let request = 0; request < 3; request += 1) await authorizer.authorize(key);

    expect(authorizer.reader.reads).toBe(3);
  });

  it('again after a clock that went back: an age that cannot be told is none', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });

    await authorizer.authorize(key);
    world.clock.advanceSeconds(-60);
    await authorizer.authorize(key);

    expect(authorizer.reader.reads).toBe(2);
  });
});

describe('memory never refuses from an old copy', () => {
  it('a version that was activated since is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(key);

    await new Execution(world, keyId).toDualKey();

    expect(await authorizer.authorize(await world.sealedKey(keyId, 2))).toMatchObject({ outcome: 'allowed' });
    expect(authorizer.reader.reads).toBe(2);
  });

  it('a pending version that was remembered as such is accepted at once', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    const fresh = await world.sealedKey(keyId, 2);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(fresh)).toMatchObject({ reason: 'not-yet-active' });

    await execution.runAll('verify', 'activate');

    expect(await authorizer.authorize(fresh)).toMatchObject({ outcome: 'allowed' });
  });

  it('a key that was enabled since is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    await status(world, keyId, 'disabled');
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'disabled' });

    await status(world, keyId, 'enabled');

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });
  });

  it('a key that was issued since it was unknown is accepted at once', async () => {
    const { world, keyId, key } = await worldWithKey();
    const record = world.record(keyId);
    world.table.keys.delete(keyId);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'unknown' });

    world.table.keys.set(keyId, record);

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a copy in memory that needs a pepper which nothing needs any more', () => {
  async function retiredSince() {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(key);
    world.peppers.rotateTo('2');
    const request = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true };
    const execution = new Execution(world, keyId, 'r-1', request);
    await execution.runAll('begin', 'generate', 'verify', 'activate');
    world.peppers.remove('1');
    return { authorizer, key, fresh: await world.sealedKey(keyId, 2) };
  }

  it('is no reason to answer with an error: the key itself is read', async () => {
    const { authorizer, fresh } = await retiredSince();

    expect(await authorizer.authorize(fresh)).toMatchObject({
      outcome: 'allowed',
      identity: { version: 2 },
    });
    expect(authorizer.reader.reads).toBe(2);
  });

  it('lets nobody in', async () => {
    const { authorizer, key } = await retiredSince();

    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'wrong-secret' });
  });
});

describe('a refusal holds within the revocation bound', () => {
  it('after retirement memory accepts the old version for its age at most', async () => {
    const { world, old, execution } = await dualKeyWorld();
    world.clock.advanceSeconds(72 * 3600);
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(await world.sealedKey(execution.keyId, 2));

    await execution.runAll('judge', 'retire');

    world.clock.advanceSeconds(4.999);
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'allowed' });
    world.clock.advanceSeconds(0.001);
    expect(await authorizer.authorize(old)).toMatchObject({ outcome: 'unauthenticated', reason: 'retired' });
  });

  it('counts the age from before the read: a slow read makes no copy younger', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    world.table.turn = async () => {
      world.table.turn = () => Promise.resolve();
      world.clock.advanceSeconds(3);
    };
    await authorizer.authorize(key);
    await status(world, keyId, 'revoked');

    world.clock.advanceSeconds(2);

    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'unauthenticated', reason: 'revoked' });
  });

  it('without memory a refusal holds from its write on', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: 0 });
    await authorizer.authorize(key);

    await status(world, keyId, 'disabled');

    expect(await authorizer.authorize(key)).toMatchObject({ reason: 'disabled' });
  });
});

describe('authorize fails closed', () => {
  it('when the store cannot be read', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    authorizer.reader.failure = new Error('The store is down.');

    await expect(authorizer.authorize(key)).rejects.toThrow('The store is down.');
  });

  it('when the store cannot be read again after memory grew old', async () => {
    const { world, key } = await worldWithKey();
    const authorizer = world.authorizer({ memoryMs: MEMORY_MS });
    await authorizer.authorize(key);
    authorizer.reader.failure = new Error('The store is down.');
    expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });

    world.clock.advanceSeconds(5);

    await expect(authorizer.authorize(key)).rejects.toThrow('The store is down.');
  });

  it('when the pepper cannot be read', async () => {
    const { world, key } = await worldWithKey();
    world.peppers.failure = new Error('The secret is unreadable.');

    await expect(world.authorizer().authorize(key)).rejects.toThrow('The secret is unreadable.');
  });

  it('when there is no pepper of the version that hashed the key', async () => {
    const { world, key } = await worldWithKey();
    world.peppers.rotateTo('2');
    world.peppers.remove('1');

    await expect(world.authorizer().authorize(key)).rejects.toMatchObject({ name: 'PepperMissing' });
  });

  it('when a use that must not be lost cannot be written', async () => {
    const { world, old } = await dualKeyWorld();
    world.uses.failure = new Error('The table is throttled.');

    await expect(world.authorizer({ flushMs: 60_000 }).authorize(old)).rejects.toThrow('throttled');
  });
});
