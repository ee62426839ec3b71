import { describe, expect, it } from 'vitest';
import { Execution, type StepName } from '../../support/machine.ts';
import type { MemoryWorld } from '../../support/memory-world.ts';
import {
  chainHolds,
  dualKeyWorld,
  HOUR_S,
  rotationOf,
  WHOLE_CHAIN,
  worldWithKey,
} from '../../support/rotation-world.ts';

describe('repeating a step changes nothing twice', () => {
  const STEPS: readonly StepName[] = ['begin', 'generate', 'verify', 'activate', 'judge', 'retire'];

  /** Plays a whole rotation, with `play` for the step under test. */
  async function played(
    under: StepName,
    play: (world: MemoryWorld, execution: Execution, step: StepName) => Promise<unknown>,
  ) {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    for (const step of STEPS) {
      if (step === 'judge') {
        world.clock.advanceSeconds(HOUR_S * 72);
        await world.uses.noteFirstUse(keyId, 2, world.clock.nowMs);
      }
      if (step === under) await play(world, execution, step);
      else await execution.run(step);
    }
    return { world, keyId };
  }

  function assessEnd({ world, keyId }: { readonly world: MemoryWorld; readonly keyId: string }): void {
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(world.actions(keyId)).toEqual(WHOLE_CHAIN);
    expect(world.record(keyId).revision).toBe(WHOLE_CHAIN.length);
    expect(chainHolds(world, keyId)).toBe(true);
    expect(rotationOf(world, keyId)?.status).toBe('completed');
    expect([...world.table.seals.keys()]).toEqual([`${keyId}/2`]);
  }

  it.each(STEPS)('%s, repeated, answers the same and ends the same', async (step) => {
    assessEnd(
      await played(step, async (_world, execution) => {
        const first = await execution.run(step);
        const { message, ...second } = await execution.run(step);
        expect(second).toEqual(first);
        if (step !== 'retire') expect(message).toBeUndefined();
      }),
    );
  });

  it.each(STEPS)('%s, run three times at once, ends the same', async (step) => {
    assessEnd(
      await played(step, (_world, execution) => Promise.all([1, 2, 3].map(() => execution.run(step)))),
    );
  });

  it.each(STEPS.filter((step) => step !== 'verify'))(
    '%s, crashed before its write and repeated, ends the same',
    async (step) => {
      assessEnd(
        await played(step, async (world, execution) => {
          world.table.crashOnce('before');
          await expect(execution.run(step)).rejects.toThrow('The connection broke before the write.');
          await execution.run(step);
        }),
      );
    },
  );

  it.each(STEPS.filter((step) => step !== 'verify'))(
    '%s, crashed after its write and repeated, ends the same',
    async (step) => {
      assessEnd(
        await played(step, async (world, execution) => {
          world.table.crashOnce('after');
          await expect(execution.run(step)).rejects.toThrow('The connection broke after the write.');
          await execution.run(step);
        }),
      );
    },
  );

  it.each(STEPS)('%s, arriving once more after the rotation has ended, changes nothing', async (step) => {
    const end = await played('begin', (_world, execution) => execution.run('begin'));
    const late = new Execution(end.world, end.keyId);

    expect((await late.run(step)).next).toBe('done');

    assessEnd(end);
  });

  it('judge, repeated after it extended, does not extend twice', async () => {
    const { world, keyId, execution, authorizer, old } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);

    const first = await execution.run('judge');
    const second = await execution.run('judge');

    expect(second).toEqual(first);
    expect(world.record(keyId).rotation?.extensions).toBe(1);
    expect(world.actions(keyId).filter((action) => action === 'rotation.judged')).toHaveLength(1);
  });

  it('judge, run at once with itself, extends once', async () => {
    const { world, keyId, execution, authorizer, old } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);

    const answers = await Promise.all([execution.run('judge'), execution.run('judge')]);

    expect(answers[0]).toEqual(answers[1]);
    expect(world.record(keyId).rotation?.extensions).toBe(1);
  });

  it.each([
    [1, 'done'],
    [2, 'verify'],
  ])('begin, so late that its own rotation ends at its read %i, does not begin it anew', async (at, next) => {
    // Prepare: an immediate emergency, one write before its end.
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', {
      purpose: 'emergency',
      reason: 'leaked',
      immediateInvalidation: true,
    });
    await execution.runAll('begin', 'generate', 'verify');

    // Act: the last step is done between the reads of a repetition of the first.
    let reads = 0;
    world.table.turn = async () => {
      reads += 1;
      if (reads !== at) return;
      world.table.turn = () => Promise.resolve();
      await execution.run('activate');
    };
    const answer = await execution.run('begin');
    world.table.turn = () => Promise.resolve();
    await execution.run('activate');

    // Assess
    expect(answer.next).toBe(next);
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(world.record(keyId)).not.toHaveProperty('rotation');
    expect(world.actions(keyId).filter((action) => action === 'rotation.started')).toHaveLength(1);
  });

  it.each(['activate', 'judge'] as const)(
    '%s, run before its time, changes nothing: a key is never left without an active version',
    async (step) => {
      const { world, keyId } = await worldWithKey();
      const execution = new Execution(world, keyId);
      await execution.run('begin');

      await expect(execution.run(step)).rejects.toMatchObject({ name: 'StepOutOfOrder' });
      expect(world.statuses(keyId)).toBe('1:active');
      expect(world.actions(keyId)).toEqual(['key.issued', 'rotation.started']);
    },
  );

  it('gives up after six lost races, with an error that may be retried', async () => {
    const { world, keyId } = await worldWithKey();
    let lost = 0;
    const save = world.store.save.bind(world.store);
    world.store.save = async () => {
      lost += 1;
      return 'stale';
    };
    await expect(new Execution(world, keyId).run('begin')).rejects.toMatchObject({
      name: 'WriteContention',
    });
    world.store.save = save;

    expect(lost).toBe(6);
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });
});
