import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

async function worldWithKey() {
  const world = new MemoryWorld();
  const { keyId, key } = await world.issue();
  const to = (status: KeyStatus, reason = 'a test') =>
    changeKeyStatus(world.deps, keyId, status, { actor: OPERATOR, reason });
  return { world, keyId, key, to };
}

describe('changeKeyStatus', () => {
  it.each<[readonly KeyStatus[], readonly string[], KeyStatus]>([
    [['disabled'], ['changed'], 'disabled'],
    [['disabled', 'enabled'], ['changed', 'changed'], 'enabled'],
    [['disabled', 'disabled'], ['changed', 'unchanged'], 'disabled'],
    [['enabled'], ['unchanged'], 'enabled'],
    [['revoked'], ['changed'], 'revoked'],
    [['revoked', 'revoked'], ['changed', 'unchanged'], 'revoked'],
    [['revoked', 'enabled'], ['changed', 'revoked-for-good'], 'revoked'],
    [['revoked', 'disabled'], ['changed', 'revoked-for-good'], 'revoked'],
    [['disabled', 'revoked'], ['changed', 'changed'], 'revoked'],
  ])('%j answers %j and leaves the key %s', async (steps, answers, left) => {
    const { world, keyId, to } = await worldWithKey();
    const outcomes: string[] = [];
    for (const step of steps) outcomes.push(await to(step));

    expect(outcomes).toEqual(answers);
    expect(world.record(keyId).status).toBe(left);
    expect(world.actions(keyId)).toHaveLength(1 + answers.filter((answer) => answer === 'changed').length);
  });

  it('knows no key that is not there', async () => {
    const { world } = await worldWithKey();

    expect(
      await changeKeyStatus(world.deps, 'NoSuchKey000', 'disabled', { actor: OPERATOR, reason: 'x' }),
    ).toBe('unknown-key');
  });

  it('puts on record who did it and why', async () => {
    const { world, keyId, to } = await worldWithKey();
    await to('disabled', 'looks leaked');

    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'key.disabled',
      actor: OPERATOR,
      reason: 'looks leaked',
      detail: { from: 'enabled' },
    });
  });

  it('empties the caches of API Gateway with every refusal, and again when it is repeated', async () => {
    const { world, to } = await worldWithKey();
    await to('disabled');
    await to('disabled');
    expect(world.caches.flushes).toBe(2);
    await to('enabled');
    expect(world.caches.flushes).toBe(2);
    await to('revoked');
    expect(world.caches.flushes).toBe(3);
  });

  it('changes once, of two at once', async () => {
    const { world, keyId, to } = await worldWithKey();

    expect((await Promise.all([to('revoked'), to('revoked')])).sort()).toEqual(['changed', 'unchanged']);
    expect(world.actions(keyId)).toEqual(['key.issued', 'key.revoked']);
  });

  it('revoking ends a running rotation, drops its version and destroys its sealed key', async () => {
    const { world, keyId, to } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await to('revoked', 'leaked');

    expect(world.table.seals.size).toBe(0);
    expect(world.statuses(keyId)).toBe('1:active 2:retired');
    expect(world.record(keyId)).not.toHaveProperty('rotation');
    expect(world.table.rotations.get(`${keyId}/r-1`)).toMatchObject({
      status: 'failed',
      failure: 'The key was revoked: leaked',
    });
    for (const step of ['verify', 'activate', 'judge', 'retire'] as const) {
      expect((await execution.run(step)).next).toBe('done');
    }
    expect(world.actions(keyId).at(-1)).toBe('key.revoked');
  });

  it('disabling leaves a running rotation alone: it goes on, and enabling finds a working key', async () => {
    const { world, keyId, key, to } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');
    await to('disabled');
    await execution.runAll('generate', 'verify', 'activate');
    expect(await world.authorizer().authorize(key)).toMatchObject({ reason: 'disabled' });

    await to('enabled');

    expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
    expect((await world.authorizer().authorize(await world.sealedKey(keyId, 2))).outcome).toBe('allowed');
  });
});
