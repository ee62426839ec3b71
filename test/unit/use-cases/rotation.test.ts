import { describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution, type StepName } from '../../support/machine.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

const HOUR_S = 3_600;
const UNTIL_DUAL_KEY = ['begin', 'generate', 'verify', 'activate'] as const;
const WHOLE_CHAIN = [
  'key.issued',
  'rotation.started',
  'version.generated',
  'version.activated',
  'rotation.judged',
  'version.retired',
];

async function worldWithKey(options: ConstructorParameters<typeof MemoryWorld>[0] = {}, policy = 'standard') {
  const world = new MemoryWorld(options);
  return { world, ...(await world.issue({ policy })) };
}

/** Both versions accepted, an authorizer that writes each use at once, and the new key. */
async function dualKeyWorld(
  request: Record<string, unknown> = {},
  ...world_: Parameters<typeof worldWithKey>
) {
  const { world, keyId, key: old } = await worldWithKey(...world_);
  const execution = new Execution(world, keyId, 'r-1', request);
  await execution.toDualKey();
  return {
    world,
    keyId,
    old,
    fresh: await world.sealedKey(keyId, 2),
    execution,
    authorizer: world.authorizer(),
  };
}

const chainHolds = (world: MemoryWorld, keyId: string): boolean =>
  firstBrokenLink(world.table.events.get(keyId) ?? []) === undefined;

const rotationOf = (world: MemoryWorld, keyId: string, rotationId = 'r-1') =>
  world.table.rotations.get(`${keyId}/${rotationId}`);

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
      waitUntil: '2026-11-26T14:00:00Z',
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

  it('begin, so late that it overlaps with the end of its own rotation, does not begin it anew', async () => {
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
      if (reads !== 2) return;
      world.table.turn = () => Promise.resolve();
      await execution.run('activate');
    };
    const answer = await execution.run('begin');

    // Assess
    expect(answer.next).toBe('done');
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

      await expect(execution.run(step)).rejects.toMatchObject({ name: 'StepOutOfOrder', retryable: false });
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
      retryable: true,
    });
    world.store.save = save;

    expect(lost).toBe(6);
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });
});

describe('begin', () => {
  it('answers a second start with the running rotation and changes nothing', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    const before = world.record(keyId);

    expect(await new Execution(world, keyId, 'r-2').run('begin')).toEqual({
      keyId,
      rotationId: 'r-2',
      next: 'answer-running',
      runningRotationId: 'r-1',
      runningExecutionArn: arnOf('r-1'),
      message: 'Rotation r-1 of this key is running (verifying); this one changed nothing.',
    });
    expect(world.record(keyId)).toBe(before);
  });

  it('lets exactly one of many starts at once win', async () => {
    const { world, keyId } = await worldWithKey();
    const executions = ['r-1', 'r-2', 'r-3', 'r-4'].map((id) => new Execution(world, keyId, id));

    const answers = await Promise.all(executions.map((execution) => execution.run('begin')));

    const winners = answers.filter(({ next }) => next === 'generate');
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ next }) => next === 'answer-running');
    expect(losers.map(({ runningRotationId }) => runningRotationId)).toEqual(
      Array.from({ length: 3 }, () => winners[0]?.rotationId),
    );
    expect(world.actions(keyId)).toEqual(['key.issued', 'rotation.started']);
  });

  it.each(['disabled', 'revoked'] as const)('refuses a %s key and says so', async (status) => {
    const { world, keyId } = await worldWithKey();
    await changeKeyStatus(world.deps, keyId, status, { actor: OPERATOR, reason: 'a test' });

    expect(await new Execution(world, keyId).run('begin')).toMatchObject({
      next: 'refuse',
      message: `Key ${keyId} is ${status}.`,
    });
    expect(rotationOf(world, keyId)).toBeUndefined();
  });

  it('refuses a key that is not there', async () => {
    const world = new MemoryWorld();

    expect(await new Execution(world, 'NoSuchKey000').run('begin')).toMatchObject({
      next: 'refuse',
      message: 'There is no key NoSuchKey000.',
    });
  });

  it('refuses a key whose policy is not deployed any more', async () => {
    const { world, keyId } = await worldWithKey();
    Object.assign(world.deps, { policies: new Map() });

    expect(await new Execution(world, keyId).run('begin')).toMatchObject({
      next: 'refuse',
      message: `Key ${keyId} has policy 'standard', which is not deployed.`,
    });
  });

  it('refuses an order that is wrong, with the mend', async () => {
    const { world, keyId } = await worldWithKey();

    expect(await new Execution(world, keyId, 'r-1', { purpose: 'now' }).run('begin')).toMatchObject({
      next: 'refuse',
      message: 'purpose \'"now"\' is not known. Choose one of scheduled, manual, emergency.',
    });
  });

  it('says of a rotation that has failed that it has', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');
    await execution.abandon('no answer');

    expect(await execution.run('begin')).toMatchObject({
      next: 'refuse',
      message: 'Rotation r-1 has failed: no answer',
    });
  });

  it('puts on record who ordered it, why, and what', async () => {
    const { world, keyId } = await worldWithKey();

    await new Execution(world, keyId, 'r-1', {
      reason: 'left the team',
      initiatedBy: 'ops@example.com',
      gracePeriod: 'PT24H',
    }).run('begin');

    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.started',
      actor: { principal: 'ops@example.com', via: 'execution/r-1' },
      reason: 'left the team',
      rotationId: 'r-1',
      detail: { purpose: 'manual', fromVersion: 1, immediate: false, graceSeconds: 24 * HOUR_S },
    });
  });
});

describe('a rotation whose execution is dead', () => {
  it('is closed, and the next one takes over: a key is never blocked for ever', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    world.executions.stop('r-1');

    const next = new Execution(world, keyId, 'r-2');
    expect((await next.run('begin')).next).toBe('generate');
    await next.runAll('generate', 'verify', 'activate');

    expect(world.statuses(keyId)).toBe('1:deprecating 2:retired 3:active');
    expect(rotationOf(world, keyId, 'r-1')).toMatchObject({ status: 'failed' });
    expect(world.actions(keyId)).toEqual([
      'key.issued',
      'rotation.started',
      'version.generated',
      'rotation.taken-over',
      'rotation.started',
      'version.generated',
      'version.activated',
    ]);
  });

  it('leaves no sealed key behind of the version that it had made', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').runAll('begin', 'generate');
    world.executions.stop('r-1');

    await new Execution(world, keyId, 'r-2').run('begin');

    expect([...world.table.seals.keys()]).toEqual([]);
  });

  it('is taken over once by two that start at once', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').run('begin');
    world.executions.stop('r-1');

    const answers = await Promise.all(
      ['r-2', 'r-3'].map((rotationId) => new Execution(world, keyId, rotationId).run('begin')),
    );

    expect(answers.map(({ next }) => next).sort()).toEqual(['answer-running', 'generate']);
    expect(world.actions(keyId).filter((action) => action === 'rotation.taken-over')).toHaveLength(1);
  });

  it('is not taken for dead while it is too new to be found', async () => {
    const { world, keyId } = await worldWithKey();
    await new Execution(world, keyId, 'r-1').run('begin');
    world.executions.forget('r-1');
    world.clock.advanceSeconds(HOUR_S);

    expect((await new Execution(world, keyId, 'r-2').run('begin')).next).toBe('answer-running');
    world.clock.advanceSeconds(1);
    expect((await new Execution(world, keyId, 'r-3').run('begin')).next).toBe('generate');
  });

  it('wakes up too late: its steps change nothing any more', async () => {
    const { world, keyId } = await worldWithKey();
    const dead = new Execution(world, keyId, 'r-1');
    await dead.runAll('begin', 'generate');
    world.executions.stop('r-1');
    await new Execution(world, keyId, 'r-2').toDualKey();
    const before = world.record(keyId);

    for (const step of ['generate', 'verify', 'activate', 'judge', 'retire'] as const) {
      expect((await dead.run(step)).next).toBe('done');
    }
    await dead.abandon();

    expect(world.record(keyId)).toBe(before);
  });
});

describe('verify', () => {
  it('keeps the old version alone until the authorizers know the new key', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');
    world.verifier.objection = '1 of 2 authorizers do not know version 2: unknown.';

    await expect(execution.run('verify')).rejects.toMatchObject({
      name: 'VerificationFailed',
      retryable: true,
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
    await expect(execution.run('verify')).rejects.toMatchObject({ name: 'SealBroken', retryable: false });
    world.table.seals.delete(name);
    await expect(execution.run('verify')).rejects.toMatchObject({ name: 'SealBroken' });
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

describe('judge', () => {
  it('waits on when it comes too early', async () => {
    const { world, execution } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72 - 2);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-26T14:00:00Z' });
    expect(world.actions(execution.keyId)).not.toContain('rotation.judged');
  });

  it('takes a second early for on time: the service waits by its own clock', async () => {
    const { world, execution } = await dualKeyWorld();
    await world.uses.noteFirstUse(execution.keyId, 2, world.clock.nowMs);
    world.clock.advanceSeconds(HOUR_S * 72 - 1);

    expect((await execution.run('judge')).next).toBe('retire');
  });

  it('extends while stragglers use the old version, and retires once they have moved', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old, { sourceAddress: '203.0.113.9', userAgent: 'cron' });
    for (let use = 0; use < 9; use += 1) await authorizer.authorize(fresh);

    expect(await execution.run('judge')).toMatchObject({ next: 'wait', waitUntil: '2026-11-27T14:00:00Z' });
    expect(world.record(keyId)).toMatchObject({
      versions: [{ status: 'deprecating', expiresAtMs: world.clock.nowMs + 24 * HOUR_S * 1000 }, {}],
      rotation: { extensions: 1, verdict: { evidence: 'stragglers', decision: 'extend' } },
    });

    // Nobody uses the old version in the next window; what was before it counts no more.
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(fresh);

    expect((await execution.run('judge')).next).toBe('retire');
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'migrated',
      oldRequests: 0,
      newRequests: 1,
    });
  });

  it('counts a use in one window and no other, and none is left out', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    const judgedOld: unknown[] = [];
    for (let window = 1; window <= 4; window += 1) {
      world.clock.advanceSeconds(HOUR_S * (window === 1 ? 72 : 24) - 1);
      for (let use = 0; use < window; use += 1) await authorizer.authorize(old);
      world.clock.advanceSeconds(1);
      await execution.run('judge');
      judgedOld.push(world.record(keyId).rotation?.verdict?.oldRequests);
    }

    expect(judgedOld).toEqual([1, 2, 3, 4]);
  });

  it('finds a count that was written after the window in which it was made', async () => {
    const { world, keyId, old, execution } = await dualKeyWorld();
    const late = world.authorizer({ flushMs: 60_000 });
    world.clock.advanceSeconds(HOUR_S * 72 - 20);
    await late.authorize(old);
    await late.authorize(old);
    world.clock.advanceSeconds(20);
    await execution.run('judge');
    expect(world.record(keyId).rotation?.verdict?.oldRequests).toBe(1);

    await late.meter.flushAll();
    world.clock.advanceSeconds(HOUR_S * 24);
    await execution.run('judge');

    expect(world.record(keyId).rotation?.verdict).toMatchObject({ evidence: 'stragglers', oldRequests: 1 });
  });

  it('sees a straggler for as long as it holds on: counters that expire hide nobody', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld({}, {}, 'standard');
    world.clock.advanceSeconds(HOUR_S * 72);
    for (let day = 0; day < 120; day += 1) {
      const expired = world.clock.nowMs - 90 * 86_400_000;
      const hours = world.table.uses.get(keyId) ?? [];
      world.table.uses.set(
        keyId,
        hours.filter(({ hourMs }) => hourMs > expired),
      );
      for (let use = 0; use < 2; use += 1) await authorizer.authorize(old);
      await authorizer.authorize(fresh);

      expect((await execution.run('judge')).next).toBe('wait');
      world.clock.advanceSeconds(HOUR_S * 24);
    }
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'stragglers',
      decision: 'hold',
      oldRequests: 2,
      newRequests: 1,
    });
  });

  it('holds after the last extension and keeps the old version working', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(
      {},
      { policies: { standard: { maxExtensions: 2 } } },
    );
    for (let judgement = 1; judgement <= 4; judgement += 1) {
      world.clock.advanceSeconds(HOUR_S * (judgement === 1 ? 72 : 24));
      await authorizer.authorize(old);
      expect((await execution.run('judge')).next).toBe('wait');
    }

    expect(world.record(keyId).rotation).toMatchObject({
      extensions: 2,
      verdict: { evidence: 'stragglers', decision: 'hold' },
    });
    expect((await authorizer.authorize(old)).outcome).toBe('allowed');
  });

  it('retires after the last extension where the policy says so', async () => {
    const { world, old, execution, authorizer } = await dualKeyWorld(
      {},
      { policies: { standard: { maxExtensions: 1, afterMaxExtensions: 'retire' } } },
    );
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);
    expect((await execution.run('judge')).next).toBe('wait');
    world.clock.advanceSeconds(HOUR_S * 24);
    await authorizer.authorize(old);

    expect((await execution.run('judge')).next).toBe('retire');
  });

  it('never takes the key from an owner who never got the new one', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();
    for (let judgement = 1; judgement <= 10; judgement += 1) {
      world.clock.advanceSeconds(HOUR_S * 72);
      expect((await execution.run('judge')).next).toBe('wait');
    }

    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'never-delivered',
      decision: 'hold',
    });
    expect((await authorizer.authorize(old)).outcome).toBe('allowed');
  });

  it('counts the old version only while it was deprecating: use before the rotation says nothing', async () => {
    const { world, keyId, key } = await worldWithKey();
    const authorizer = world.authorizer();
    for (let use = 0; use < 50; use += 1) await authorizer.authorize(key);
    const execution = new Execution(world, keyId);
    await execution.toDualKey();
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(await world.sealedKey(keyId, 2));

    expect((await execution.run('judge')).next).toBe('retire');
  });
});

describe('retire', () => {
  it('refuses to retire without a verdict that says so', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld();

    await expect(execution.run('retire')).rejects.toMatchObject({ name: 'NoVerdict' });
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(old);
    await execution.run('judge');
    await expect(execution.run('retire')).rejects.toMatchObject({ name: 'NoVerdict' });

    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });
});

describe('an emergency', () => {
  const LEAKED = { purpose: 'emergency', reason: 'leaked' };

  it('with immediate invalidation refuses the old version in the same write that accepts the new one', async () => {
    const { world, keyId, key: old } = await worldWithKey();
    const execution = new Execution(world, keyId, 'r-1', { ...LEAKED, immediateInvalidation: true });
    await execution.runAll('begin', 'generate', 'verify');
    world.clock.advanceSeconds(2.5);

    expect((await execution.run('activate')).next).toBe('done');

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(await world.authorizer().authorize(old)).toMatchObject({ reason: 'retired' });
    expect((await world.authorizer().authorize(await world.sealedKey(keyId, 2))).outcome).toBe('allowed');
    expect(rotationOf(world, keyId)).toMatchObject({ status: 'completed', refusedAfterMs: 2_500 });
    expect(world.table.events.get(keyId)?.at(-1)?.detail).toMatchObject({ oldVersionIs: 'retired' });
    expect(world.caches.flushes).toBe(1);
  });

  it('with grace takes the emergency grace of the policy and retires then, even with stragglers', async () => {
    const { world, keyId, old, execution, authorizer } = await dualKeyWorld(LEAKED);
    world.clock.advanceSeconds(HOUR_S - 1);
    for (let use = 0; use < 100; use += 1) await authorizer.authorize(old);
    world.clock.advanceSeconds(1);
    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'expired' });

    expect((await execution.runAll('judge', 'retire')).next).toBe('done');

    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(rotationOf(world, keyId)).toMatchObject({
      verdict: { evidence: 'stragglers', decision: 'retire', oldRequests: 100 },
      refusedAfterMs: HOUR_S * 1000,
    });
  });

  it('takes a grace period of its own where one is ordered', async () => {
    const { world, keyId } = await dualKeyWorld({ ...LEAKED, gracePeriod: 'PT5M' });

    expect(world.record(keyId).versions[0]).toMatchObject({
      expiresAtMs: world.clock.nowMs + 300_000,
      refuseAfterMs: world.clock.nowMs + 300_000,
    });
  });

  it('keeps its bound when it fails on the way: the old version is refused then all the same', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld(LEAKED);
    await execution.abandon();
    await new Execution(world, keyId, 'r-2').run('begin');

    world.clock.advanceSeconds(HOUR_S);

    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'expired' });
    expect((await authorizer.authorize(fresh)).outcome).toBe('allowed');
  });

  it('beside two versions left by a failed rotation ends with two at most, and retires the oldest', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    await execution.abandon();
    const emergency = new Execution(world, keyId, 'r-2', LEAKED);

    await emergency.runAll('begin', 'generate', 'verify');
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active 3:pending');
    await emergency.run('activate');

    expect(world.statuses(keyId)).toBe('1:retired 2:deprecating 3:active');
    expect(await authorizer.authorize(old)).toMatchObject({ reason: 'retired' });
    expect((await authorizer.authorize(fresh)).outcome).toBe('allowed');
  });
});

describe('abandon', () => {
  it.each([
    ['starting', ['begin'], '1:active'],
    ['verifying', ['begin', 'generate'], '1:active 2:retired'],
    ['dual-key', UNTIL_DUAL_KEY, '1:deprecating 2:active'],
  ] as const)(
    'at %s leaves a key that authenticates, says why, and can be rotated again',
    async (at, steps, left) => {
      // Prepare
      const { world, keyId, key } = await worldWithKey();
      const execution = new Execution(world, keyId);
      await execution.runAll(...steps);

      // Act
      const answer = await execution.abandon('VerificationFailed: no authorizer answered');

      // Assess
      expect(answer).toMatchObject({ next: 'refuse', message: 'VerificationFailed: no authorizer answered' });
      expect(world.statuses(keyId)).toBe(left);
      expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
      expect(world.record(keyId)).not.toHaveProperty('rotation');
      expect(rotationOf(world, keyId)).toMatchObject({
        status: 'failed',
        failure: 'VerificationFailed: no authorizer answered',
      });
      expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
        action: 'rotation.failed',
        detail: { at },
      });

      const again = new Execution(world, keyId, 'r-2');
      expect((await again.toEnd()).next).toBe('done');
      expect(rotationOf(world, keyId, 'r-2')?.status).toBe('completed');
      expect(chainHolds(world, keyId)).toBe(true);
    },
  );

  it('destroys the sealed key of a version that was never accepted', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await execution.abandon();

    expect(world.table.seals.size).toBe(0);
  });

  it('keeps the sealed key of a version that is accepted: its owner may still claim it', async () => {
    const { world, execution } = await dualKeyWorld();

    await execution.abandon();

    expect(world.table.seals.size).toBe(1);
  });

  it('repeated, or run twice at once, fails the rotation once', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.runAll('begin', 'generate');

    await Promise.all([execution.abandon(), execution.abandon()]);
    await execution.abandon();

    expect(world.actions(keyId).filter((action) => action === 'rotation.failed')).toHaveLength(1);
  });

  it('cuts a failure that is too long to read', async () => {
    const { world, keyId } = await worldWithKey();
    const execution = new Execution(world, keyId);
    await execution.run('begin');

    expect((await execution.abandon('x'.repeat(5_000))).message).toBe('x'.repeat(300));
  });
});

describe('a rotation after one that failed with both versions accepted', () => {
  it('waits for and judges those two: no third version is made', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld();
    await execution.abandon();
    world.clock.advanceSeconds(HOUR_S);

    const next = new Execution(world, keyId, 'r-2', { gracePeriod: 'PT10H' });
    expect(await next.run('begin')).toMatchObject({ next: 'wait', waitUntil: '2026-11-24T01:00:00Z' });
    expect(world.record(keyId)).toMatchObject({
      versions: [
        { status: 'deprecating', expiresAtMs: world.clock.nowMs + 10 * HOUR_S * 1000 },
        { status: 'active' },
      ],
      rotation: { rotationId: 'r-2', status: 'dual-key', fromVersion: 1, toVersion: 2 },
    });

    world.clock.advanceSeconds(10 * HOUR_S);
    await authorizer.authorize(fresh);
    await next.runAll('judge', 'retire');
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });

  it('says on record which version it moves away from', async () => {
    const { world, keyId, execution } = await dualKeyWorld();
    await execution.abandon();

    await new Execution(world, keyId, 'r-2').run('begin');

    expect(world.table.events.get(keyId)?.at(-1)?.detail).toMatchObject({ fromVersion: 1 });
  });

  it('judges the use since its own start, not that of the failed one', async () => {
    const { world, keyId, old, fresh, execution, authorizer } = await dualKeyWorld();
    for (let use = 0; use < 50; use += 1) await authorizer.authorize(old);
    await execution.abandon();
    const next = new Execution(world, keyId, 'r-2');
    await next.run('begin');
    world.clock.advanceSeconds(HOUR_S * 72);
    await authorizer.authorize(fresh);

    await next.run('judge');

    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'migrated',
      oldRequests: 0,
      newRequests: 1,
    });
  });

  it('tells idle from migrated: a first use before its start is none in its window', async () => {
    const { world, keyId, fresh, execution, authorizer } = await dualKeyWorld();
    await authorizer.authorize(fresh);
    await execution.abandon();
    world.clock.advanceSeconds(HOUR_S * 5);
    const next = new Execution(world, keyId, 'r-2');
    await next.run('begin');
    world.clock.advanceSeconds(HOUR_S * 72);

    await next.run('judge');

    expect(world.record(keyId).rotation?.verdict?.evidence).toBe('idle');
  });
});
