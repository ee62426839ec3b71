import { describe, expect, it } from 'vitest';
import { pepperStatus } from '../../../lambdas/core/use-cases/pepper-status.ts';
import { FIRST_PEPPER } from '../../support/memory-pepper-secret.ts';
import { PepperExecution } from '../../support/pepper-machine.ts';
import { PepperWorld } from '../../support/pepper-world.ts';

const statusOf = ({ secret, pepperRecord }: PepperWorld) => pepperStatus({ secret, record: pepperRecord });

describe('the status of the pepper', () => {
  it('of a new deployment is one pepper, not counted', async () => {
    expect(await statusOf(new PepperWorld())).toEqual({
      peppers: [{ name: '1', current: true, present: true, altered: false }],
    });
  });

  it('tells of each when it was made, since when it is current, and how many versions need it', async () => {
    const world = new PepperWorld();
    await world.issue();
    const execution = new PepperExecution(world);
    const { pepperVersion: name } = await execution.until('Add');
    const madeAtMs = world.clock.nowMs;
    await execution.until('MakeCurrent');
    const currentSinceMs = world.clock.nowMs;
    expect(await statusOf(world)).toEqual({
      peppers: [
        { name, current: true, present: true, altered: false, madeAtMs, currentSinceMs },
        { name: '1', current: false, present: true, altered: false },
      ],
    });

    await execution.toEnd();
    expect(await statusOf(world)).toEqual({
      peppers: [
        { name, current: true, present: true, altered: false, madeAtMs, currentSinceMs, neededBy: 0 },
        { name: '1', current: false, present: true, altered: false, neededBy: 1 },
      ],
      countedAtMs: world.clock.nowMs,
    });
  });

  it('says of one that was made after the count that it was not counted', async () => {
    const world = new PepperWorld();
    await new PepperExecution(world).toEnd();
    world.clock.advanceSeconds(60);
    const { pepperVersion: name } = await new PepperExecution(world, 'rotation', 'p-2').until('Add');

    const [newest, current] = (await statusOf(world)).peppers;
    expect(newest).toEqual({
      name,
      current: false,
      present: true,
      altered: false,
      madeAtMs: world.clock.nowMs,
    });
    expect(current).toMatchObject({ current: true, neededBy: 0 });
  });

  it('names a pepper that is needed and gone, and holds none of them', async () => {
    const world = new PepperWorld();
    await world.issue();
    await new PepperExecution(world).toEnd();
    const { current, secrets } = world.secret.set;
    const text = Buffer.from(secrets.get(current) as Uint8Array).toString();
    world.secret.overwrite(JSON.stringify({ current, [current]: text }));

    const status = await statusOf(world);
    expect(status.peppers.at(-1)).toEqual({
      name: '1',
      current: false,
      present: false,
      altered: false,
      neededBy: 1,
    });
    for (const pepper of [text, FIRST_PEPPER]) expect(JSON.stringify(status)).not.toContain(pepper);
  });

  it('says which one is not what was added under its name', async () => {
    const world = new PepperWorld();
    const { pepperVersion: name } = await new PepperExecution(world).until('Add');
    world.secret.overwrite(
      JSON.stringify({ current: '1', '1': FIRST_PEPPER, [name as string]: 'mistyped '.repeat(8) }),
    );

    const altered = (await statusOf(world)).peppers.filter((pepper) => pepper.altered);
    expect(altered.map((pepper) => pepper.name)).toEqual([name]);
  });
});
