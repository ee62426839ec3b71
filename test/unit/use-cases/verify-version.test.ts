import { describe, expect, it } from 'vitest';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { worldWithKey } from '../../support/rotation-world.ts';

describe('verify', () => {
  it('keeps the old version alone until the authorizers know the new key', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    world.verifier.objection = '1 of 2 authorizers do not know version 2: unknown.';

    await expect(execution.run('verify')).rejects.toMatchObject({
      name: 'VerificationFailed',
      message: '1 of 2 authorizers do not know version 2: unknown.',
    });
    expect(world.statuses(keyId)).toBe('1:active 2:pending');
  });

  it('fails where the sealed key is gone, or was altered', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    const name = `${keyId}/2`;
    const sealed = world.table.seals.get(name);
    if (!sealed) throw new Error('Nothing is sealed.');

    world.table.seals.set(name, { ...sealed, expiresAtMs: sealed.expiresAtMs + 1 });
    await expect(execution.run('verify')).rejects.toMatchObject({ name: 'SealBroken' });
    world.table.seals.delete(name);
    await expect(execution.run('verify')).rejects.toMatchObject({ name: 'SealBroken' });
  });

  it('finds nothing broken where a rollback has taken the seal between two reads', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    const findSealed = world.store.findSealed.bind(world.store);
    world.store.findSealed = async (...args) => {
      world.store.findSealed = findSealed;
      await rollbackRotation(world.deps, keyId, { actor: OPERATOR, reason: 'a trial' });
      return findSealed(...args);
    };
    expect(await execution.run('verify')).toMatchObject({ next: 'done' });
  });

  it('goes through a real authorizer: one that does not serve the environment objects', async () => {
    const world = new MemoryWorld({
      rules: { prefix: 'mk', environments: ['test'], toolScopes: 'off', routeScopes: {} },
    });
    const { keyId } = await world.issue({ environment: 'live' });
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await expect(execution.run('verify')).rejects.toThrow('environment-not-served');
  });
});
