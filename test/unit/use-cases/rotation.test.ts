import { describe, expect, it } from 'vitest';
import { Execution } from '../../support/machine.ts';
import {
  chainHolds,
  dualKeyWorld,
  HOUR_S,
  rotationOf,
  WHOLE_CHAIN,
  worldWithKey,
} from '../../support/rotation-world.ts';

const UNTIL_DUAL_KEY = ['begin', 'generate', 'verify', 'activate'] as const;

describe('a rotation', () => {
  it('goes from start to retirement, with one event for each change and both keys working in between', async () => {
    // Prepare
    const { world, keyId, key: old } = await worldWithKey();
    const execution = new Execution(world, keyId);
    const authorizer = world.authorizer();

    // Act and assess, step by step
    expect(await execution.run('begin')).toEqual({ keyId, rotationId: 'r-1', next: 'generate' });
    expect(world.statuses(keyId)).toBe('1:active');

    expect(await execution.run('generate')).toEqual({ keyId, rotationId: 'r-1', next: 'verify' });
    expect(world.statuses(keyId)).toBe('1:active 2:pending');
    const fresh = await world.sealedKey(keyId, 2);

    expect(await execution.run('verify')).toEqual({ keyId, rotationId: 'r-1', next: 'activate' });
    expect(world.verifier.calls).toBe(1);

    expect(await execution.run('activate')).toEqual({
      keyId,
      rotationId: 'r-1',
      next: 'wait',
      // The first reminder, 48 hours before the end.
      waitUntil: '2026-11-24T14:00:00Z',
    });
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
    expect((await authorizer.authorize(old)).outcome).toBe('allowed');

    world.clock.advanceSeconds(HOUR_S * 72);
    for (let use = 0; use < 19; use += 1) await authorizer.authorize(fresh);

    expect(await execution.run('judge')).toEqual({ keyId, rotationId: 'r-1', next: 'retire' });
    expect(await execution.run('retire')).toEqual({ keyId, rotationId: 'r-1', next: 'done' });

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect((await authorizer.authorize(old)).outcome).toBe('unauthenticated');
    expect((await authorizer.authorize(fresh)).outcome).toBe('allowed');
    expect(world.record(keyId)).not.toHaveProperty('rotation');
    expect(rotationOf(world, keyId)).toMatchObject({
      status: 'completed',
      purpose: 'manual',
      fromVersion: 1,
      toVersion: 2,
      verdict: { evidence: 'migrated', decision: 'retire', oldRequests: 1, newRequests: 19 },
    });
    expect(world.actions(keyId)).toEqual(WHOLE_CHAIN);
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('carries ids and times only: no step answers with a key', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    const answers: string[] = [];
    for (const step of UNTIL_DUAL_KEY) answers.push(JSON.stringify(await execution.run(step)));

    const fresh = await world.sealedKey(keyId, 2);
    const everythingStored = JSON.stringify([
      ...answers,
      ...world.table.keys.values(),
      ...world.table.events.values(),
      ...world.table.rotations.values(),
      ...world.table.seals.values(),
    ]);

    expect(everythingStored).not.toContain(fresh);
    expect(everythingStored).not.toContain(fresh.slice(21));
  });

  it('empties the caches of API Gateway with each change of what is accepted', async () => {
    const { world, execution } = await dualKeyWorld();
    expect(world.caches.flushes).toBe(1);
    world.clock.advanceSeconds(HOUR_S * 72);

    await execution.run('judge').catch(() => {});
    await world.uses.noteFirstUse(execution.keyId, 2, world.clock.nowMs);
    world.clock.advanceSeconds(HOUR_S * 24);
    await execution.runAll('judge', 'retire');

    expect(world.caches.flushes).toBe(2);
  });

  it('empties the caches again when the step is repeated because emptying failed', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', {
      purpose: 'emergency',
      reason: 'leaked',
      immediateInvalidation: true,
    });
    await execution.runAll('begin', 'generate', 'verify');
    world.caches.failure = new Error('API Gateway is busy.');
    await expect(execution.run('activate')).rejects.toThrow('API Gateway is busy.');
    world.caches.failure = undefined;

    expect((await execution.run('activate')).next).toBe('done');
    expect(world.caches.flushes).toBe(1);
  });

  it('waits for whole seconds, rounded up: a judgement never comes before its time', async () => {
    const { world, keyId } = await worldWithKey();
    world.clock.advanceSeconds(0.001);

    const { waitUntil } = await new Execution(world, keyId, 'r-1', { gracePeriod: 'PT20S' }).toDualKey();

    expect(waitUntil).toBe('2026-11-23T14:00:21Z');
  });

  it('takes the terms of the policy as they were when it started', async () => {
    const { keyId, world, execution } = await dualKeyWorld(
      {},
      { policies: { standard: { extension: 'PT5H' } } },
    );
    const changed = new Map(world.deps.policies);
    changed.delete('standard');
    Object.assign(world.deps, { policies: changed });
    world.clock.advanceSeconds(HOUR_S * 72);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T19:00:00Z' });
    expect(world.record(keyId).rotation?.terms.extensionSeconds).toBe(5 * HOUR_S);
  });
});
