/** What was seen by those who may write no key goes on record once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { noteRetiredUse } from '../../../lambdas/core/use-cases/note-retired-use.ts';
import { noteStuckRotation } from '../../../lambdas/core/use-cases/note-stuck-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld } from '../../support/memory-world.ts';

let world: MemoryWorld;
let keyId: string;
const deps = () => ({ store: world.store, clock: world.clock.read });
const last = () => world.table.events.get(keyId)?.at(-1);

beforeEach(async () => {
  world = new MemoryWorld();
  keyId = (await world.issue()).keyId;
});

describe('use of a retired version', () => {
  const use = (windowMs: number, version = 1) => ({
    keyId,
    version,
    address: '192.0.2.7',
    userAgent: 'agent/1.0',
    atMs: windowMs + 5,
    windowMs,
  });

  it('goes on record with where it came from, once in each window for each version', async () => {
    const windows = [0, 0, 300_000];
    expect(await Promise.all(windows.map((windowMs) => noteRetiredUse(deps(), use(windowMs))))).toContain(
      true,
    );
    await noteRetiredUse(deps(), use(300_000));
    await noteRetiredUse(deps(), use(0));
    expect(await noteRetiredUse(deps(), use(0, 2))).toBe(true);
    expect(
      world.actions(keyId).filter((action) => action === 'security.retired-key-used').length,
    ).toBeGreaterThan(1);
    expect(last()).toMatchObject({
      action: 'security.retired-key-used',
      outcome: 'refused',
      origin: { address: '192.0.2.7', userAgent: 'agent/1.0' },
      detail: { version: 2, usedAt: '1970-01-01T00:00:00.005Z' },
    });
    const told = world.record(keyId).told?.retiredUsesMs;
    expect(told).toEqual({ '1': 300_000, '2': 0 });
    expect(await noteRetiredUse(deps(), use(300_000))).toBe(false);
  });

  it('of a key that there is not is nobody’s', async () => {
    expect(await noteRetiredUse(deps(), { ...use(0), keyId: 'Zz9yXx8wVv7u' })).toBe(false);
  });
});

describe('a rotation that stands still', () => {
  const stuck = (rotationId = 'r-1') => noteStuckRotation(deps(), { keyId, rotationId });

  it('goes on record once, however often it is seen', async () => {
    await new Execution(world, keyId, 'r-1').toDualKey();
    expect(await stuck()).toBe(false);
    world.clock.advanceSeconds(90 * 86_400);
    expect([await stuck(), await stuck(), await stuck()]).toEqual([true, false, false]);
    expect(last()).toMatchObject({
      action: 'rotation.stuck',
      outcome: 'failure',
      rotationId: 'r-1',
      detail: { status: 'dual-key', purpose: 'manual' },
    });
    expect(world.actions(keyId).filter((action) => action === 'rotation.stuck')).toHaveLength(1);
  });

  it('is not noted of another rotation, nor of a key that there is not', async () => {
    await new Execution(world, keyId, 'r-1').toDualKey();
    world.clock.advanceSeconds(90 * 86_400);
    expect(await stuck('r-2')).toBe(false);
    expect(await noteStuckRotation(deps(), { keyId: 'Zz9yXx8wVv7u', rotationId: 'r-1' })).toBe(false);
  });
});
