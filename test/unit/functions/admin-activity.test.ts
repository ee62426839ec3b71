/** What operators see of a rotation's traffic: per minute, refused requests, last uses, and when a refusal was real. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type AdminDeps, rotation, show } from '../../../lambdas/functions/admin/actions.ts';
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { forged } from '../../support/forged-keys.ts';
import { Execution, type RotationRequest } from '../../support/machine.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import type { MemoryWorld } from '../../support/memory-world.ts';
import { dualKeyWorld, worldWithKey } from '../../support/rotation-world.ts';

let world: MemoryWorld;
let keyId: string;
let old: string;
let fresh: string;

/** The actions that only look need no more of the world than this. */
const depsOf = () =>
  ({
    ...world.deps,
    blocks: new MemoryMailBlocks(),
    outbox: new MemoryOutbox(world.table),
  }) as unknown as AdminDeps;

async function viewOf(rotationId = 'r-1'): Promise<RotationView> {
  const response = await rotation(depsOf(), { keyId, rotationId });
  if (!response.ok || !response.result) throw new Error('There is no such rotation.');
  return response.result;
}

describe('while both versions are accepted', () => {
  beforeEach(async () => {
    ({ world, keyId, old, fresh } = await dualKeyWorld());
  });

  it('each minute with requests is shown with its counts and shares, and adds up to what was asked', async () => {
    const authorizer = world.authorizer();
    for (const presented of [old, old, old, fresh, forged(keyId)]) await authorizer.authorize(presented);
    world.clock.advanceSeconds(120);
    for (const presented of [fresh, fresh]) await authorizer.authorize(presented);
    await authorizer.meter.flushAll();

    const { minutes } = await viewOf();
    expect(minutes).toEqual([
      {
        minute: '2026-11-23T14:00:00.000Z',
        oldRequests: 3,
        newRequests: 1,
        refusedRequests: 1,
        newShare: 0.25,
        refusedShare: 0.2,
      },
      {
        minute: '2026-11-23T14:02:00.000Z',
        oldRequests: 0,
        newRequests: 2,
        refusedRequests: 0,
        newShare: 1,
        refusedShare: 0,
      },
    ]);
    const shown = await show(depsOf(), { keyId });
    expect(shown).toMatchObject({ ok: true, result: { rotation: { minutes } } });
  });

  it('a minute of refusals alone has no share that moved', async () => {
    const authorizer = world.authorizer();
    await authorizer.authorize(forged(keyId));
    await authorizer.meter.flushAll();

    expect((await viewOf()).minutes).toMatchObject([{ newShare: null, refusedShare: 1 }]);
  });

  it('the last fifteen minutes are shown', async () => {
    const authorizer = world.authorizer();
    for (let minute = 0; minute < 20; minute += 1) {
      await authorizer.authorize(fresh);
      world.clock.advanceSeconds(60);
    }

    const minutes = (await viewOf()).minutes.map(({ minute }) => minute.slice(11, 16));
    expect(minutes).toHaveLength(15);
    expect([minutes[0], minutes.at(-1)]).toEqual(['14:05', '14:19']);
  });

  it('the migration has each version’s last use, and what was refused beside it', async () => {
    const authorizer = world.authorizer();
    await authorizer.authorize(old);
    expect((await viewOf()).migration).toMatchObject({ newLastUsedAt: null, refusedRequests: 0 });
    world.clock.advanceSeconds(30);
    for (const presented of [fresh, fresh, forged(keyId)]) await authorizer.authorize(presented);
    await authorizer.meter.flushAll();

    expect((await viewOf()).migration).toMatchObject({
      oldLastUsedAt: '2026-11-23T14:00:00.000Z',
      newLastUsedAt: '2026-11-23T14:00:30.000Z',
      refusedRequests: 1,
      refusedShare: 0.25,
    });
  });
});

it('an ended rotation is shown as it was judged, without minutes', async () => {
  ({ world, keyId, old } = await dualKeyWorld());
  await world.authorizer().authorize(old);
  world.clock.advanceSeconds(72 * 3_600);
  const execution = new Execution(world, keyId, 'r-1');
  await world.authorizer().authorize(await world.sealedKey(keyId, 2));
  await execution.run('judge');
  await execution.abandon('no answer');

  const { migration, minutes, status } = await viewOf();
  expect({ status, minutes }).toEqual({ status: 'failed', minutes: [] });
  expect(migration).toMatchObject({
    oldRequests: 1,
    newRequests: 1,
    refusedRequests: null,
    refusedShare: null,
  });
  expect(migration).toMatchObject({ oldLastUsedAt: null, newLastUsedAt: null });
});

describe('the first refusal after an emergency', () => {
  async function emergency(request: RotationRequest): Promise<Execution> {
    ({ world, keyId, key: old } = await worldWithKey());
    const execution = new Execution(world, keyId, 'r-1', {
      purpose: 'emergency',
      reason: 'leaked',
      ...request,
    });
    world.clock.advanceSeconds(1);
    await execution.toDualKey();
    return execution;
  }

  it('is null until a request with the old version is refused, then the time since the start', async () => {
    await emergency({ immediateInvalidation: true });
    world.clock.advanceSeconds(1.25);
    await world.authorizer().authorize(forged(keyId));
    expect(await viewOf()).toMatchObject({ refusedAfterMs: 1_000, firstRefusalAfterMs: null });

    await world.authorizer().authorize(old);
    expect((await viewOf()).firstRefusalAfterMs).toBe(2_250);
    world.clock.advanceSeconds(60);
    await world.authorizer().authorize(old);
    expect((await viewOf()).firstRefusalAfterMs).toBe(2_250);
  });

  it('may come before the refusal is committed: past its bound the authorizer itself refuses', async () => {
    await emergency({ gracePeriod: 'PT5M' });
    world.clock.advanceSeconds(300);
    await world.authorizer().authorize(old);

    expect(await viewOf()).toMatchObject({ refusedAfterMs: null, firstRefusalAfterMs: 301_000 });
  });

  it('is not that of another rotation', async () => {
    ({ world, keyId, key: old } = await worldWithKey());
    await new Execution(world, keyId).toEnd();
    await world.authorizer().authorize(old);

    expect((await viewOf()).firstRefusalAfterMs).toBeNull();
  });
});
