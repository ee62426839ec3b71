/** What a committed change counts as, once, whoever made it. */
import { describe, expect, it, vi } from 'vitest';
import type { Rotation } from '../../../lambdas/core/domain/key-record.ts';
import type { KeyChange } from '../../../lambdas/core/ports/key-store.ts';
import { deliverVersion, noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { logRotationMetrics, rotationMetrics } from '../../../lambdas/functions/rotation-metrics.ts';
import { Execution, type RotationRequest } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

/** A world that counts each change of a key as it is committed. */
function counting() {
  const world = new MemoryWorld();
  const counted: Readonly<Record<string, number>>[] = [];
  const save = world.store.save.bind(world.store);
  world.store.save = async (change) => {
    const outcome = await save(change);
    const metrics = rotationMetrics(change);
    if (outcome === 'saved' && Object.keys(metrics).length > 0) counted.push(metrics);
    return outcome;
  };
  return { world, counted };
}

async function played(
  request: RotationRequest,
  act: (execution: Execution, world: MemoryWorld) => Promise<unknown>,
) {
  const { world, counted } = counting();
  const { keyId } = await world.issue();
  await act(new Execution(world, keyId, 'r-1', request), world);
  return counted;
}

describe('a rotation counts', () => {
  it('as started and completed, once each', async () => {
    expect(await played({}, (execution) => execution.toEnd())).toEqual([
      { RotationsStarted: 1 },
      { RotationsCompleted: 1 },
    ]);
  });

  it('once, however often its steps are repeated', async () => {
    const counted = await played({}, async (execution) => {
      await execution.runAll('begin', 'begin', 'generate', 'generate', 'verify', 'activate', 'activate');
    });
    expect(counted).toEqual([{ RotationsStarted: 1 }]);
  });

  it('as an emergency with the time until the old version was refused', async () => {
    const request = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true };
    const counted = await played(request, async (execution, world) => {
      world.clock.advanceSeconds(1.5);
      await execution.toDualKey();
    });
    expect(counted).toEqual([
      { RotationsStarted: 1 },
      { RotationsCompleted: 1, EmergencyMilliseconds: 1_500 },
    ]);
  });

  it('as failed', async () => {
    const counted = await played({}, async (execution) => {
      await execution.runAll('begin', 'generate');
      await execution.abandon();
    });
    expect(counted.at(-1)).toEqual({ RotationsFailed: 1 });
  });

  it('as rolled back', async () => {
    const counted = await played({}, async (execution, world) => {
      await execution.toDualKey();
      await rollbackRotation(world.deps, execution.keyId, { actor: OPERATOR, reason: 'a test' });
    });
    expect(counted.at(-1)).toEqual({ RotationsRolledBack: 1 });
  });

  it('as cut short by an emergency that overtakes it, which is no failure', async () => {
    const counted = await played({}, async (execution, world) => {
      await execution.toDualKey();
      const emergency = { purpose: 'emergency', reason: 'leaked' };
      await new Execution(world, execution.keyId, 'r-2', emergency).run('begin');
    });
    expect(counted.slice(1)).toEqual([{ RotationsCutShort: 1 }, { RotationsStarted: 1 }]);
  });

  it('as extended by each extension, and as held when it is held', async () => {
    const counted = await played({}, async (execution, world) => {
      const { keyId } = execution;
      await execution.toDualKey();
      const old = world.record(keyId).versions[0];
      for (let judgement = 0; judgement < 9; judgement += 1) {
        const { gracePeriodEndsAtMs } = world.record(keyId).rotation as Rotation;
        world.clock.nowMs = gracePeriodEndsAtMs as number;
        await world.uses.add({
          keyId,
          version: old?.version as number,
          hourMs: world.clock.nowMs - (world.clock.nowMs % 3_600_000),
          requests: 1,
          deprecatingRequests: 1,
          minutes: {},
          lastUsedAtMs: world.clock.nowMs,
          callers: [],
        });
        await execution.run('judge');
      }
    });
    const told = { KeysUndelivered: 1, RotationsExtended: 1 };
    expect(counted.slice(1, 8)).toEqual(Array(7).fill(told));
    // The sealed key waits for fourteen days: three of grace, and seven extensions of one.
    expect(counted.slice(8)).toEqual(Array(2).fill({ KeysUndelivered: 1, RotationsHeld: 1 }));
  });
});

it('a change that leaves a rotation as it stands counts as nothing', async () => {
  const { world } = counting();
  const { keyId } = await world.issue();
  await new Execution(world, keyId).toDualKey();
  const running = world.record(keyId);
  const { rotation: _none, ...idle } = running;

  const change = { event: { action: 'version.claimed' } } as KeyChange;
  expect(rotationMetrics({ ...change, before: running, after: running })).toEqual({});
  expect(rotationMetrics({ ...change, before: idle, after: idle })).toEqual({});
});

describe('a delivery counts', () => {
  it('as failed, of a rotation and of a key that was just issued, once each', async () => {
    const { world, counted } = counting();
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    world.links.trouble = 'The sender is not verified.';
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    expect(counted).toEqual([{ DeliveriesFailed: 1 }]);

    await new Execution(world, keyId).toDualKey();
    await deliverVersion(world.deps, { keyId, rotationId: 'r-1' });
    await noteUndelivered(world.deps, { keyId, rotationId: 'r-1', failure: world.links.trouble });
    expect(counted.slice(2)).toEqual([{ DeliveriesFailed: 1 }]);
  });

  it('is a line of the log with its key, also without a rotation', async () => {
    const world = new MemoryWorld();
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const info = vi.fn();
    const save = world.store.save.bind(world.store);
    world.store.save = (change) => {
      logRotationMetrics({ info } as never, change, 1_000);
      return save(change);
    };
    world.links.trouble = 'The sender is not verified.';
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    expect(info.mock.calls).toEqual([['delivery', expect.objectContaining({ keyId, DeliveriesFailed: 1 })]]);
  });
});

describe('a judgement counts', () => {
  it('as lost with each judgement after the new key is gone', async () => {
    const counted = await played({}, async (execution, world) => {
      let waiting = await execution.toDualKey();
      for (let day = 0; day < 16; day += 1) {
        world.clock.nowMs = Math.max(world.clock.nowMs, Date.parse(waiting.waitUntil as string));
        waiting = await execution.run('judge');
      }
    });
    const lost = counted.filter((metrics) => metrics['KeysLost'] !== undefined);
    expect(lost.length).toBeGreaterThan(1);
    for (const metrics of lost) {
      expect(metrics).toEqual({ KeysUndelivered: 1, KeysLost: 1, RotationsHeld: 1 });
    }
    expect(counted.at(-1)).toHaveProperty('KeysLost');
  });
});
