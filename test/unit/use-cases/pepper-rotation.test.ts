/** The pepper rotates: each step, repeated, crashed, and run twice at once. */
import { describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { fingerprintOf } from '../../../lambdas/core/domain/pepper-rotation.ts';
import {
  READERS_KNOW_AFTER_MS,
  WRITERS_SETTLE_AFTER_MS,
} from '../../../lambdas/core/domain/pepper-timing.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution } from '../../support/machine.ts';
import { FIRST_PEPPER } from '../../support/memory-pepper-secret.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { PepperExecution } from '../../support/pepper-machine.ts';
import { PepperWorld } from '../../support/pepper-world.ts';

const WHOLE_STORY = [
  'adding #1',
  'added #1',
  'making-current #1',
  'made-current #1',
  'dropping 1',
  'dropped 1',
];

const names = (world: PepperWorld) => [...world.secret.set.secrets.keys()];

/** The key moves on to a version that is hashed under the current pepper; its old one is retired at once. */
async function renew(world: PepperWorld, keyId: string, rotationId = 'r-1'): Promise<void> {
  const request = { purpose: 'emergency', reason: 'a test', immediateInvalidation: true };
  world.writer = world.environment();
  await new Execution(world, keyId, rotationId, request).toDualKey();
}

describe('a rotation of the pepper', () => {
  it('adds, waits for readers, makes current, waits for writers, counts, drops what nothing needs', async () => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);

    const added = await execution.until('Add');
    const name = added.pepperVersion as string;
    expect(world.secret.set.current).toBe('1');
    expect(names(world)).toEqual(['1', name]);
    expect(execution.waitUntilMs - world.clock.nowMs).toBe(READERS_KNOW_AFTER_MS);

    await execution.until('MakeCurrent');
    expect(world.secret.set.current).toBe(name);
    expect(names(world)).toEqual(['1', name]);
    expect(execution.waitUntilMs - world.clock.nowMs).toBe(WRITERS_SETTLE_AFTER_MS);

    expect(await execution.toEnd()).toMatchObject({ next: 'done', dropped: ['1'], missing: [] });
    expect(names(world)).toEqual([name]);
    expect(await world.pepperStory()).toEqual(WHOLE_STORY);
    expect(execution.ran.map(({ step }) => step)).toEqual(['Begin', 'Add', 'MakeCurrent', 'Count', 'Drop']);
  });

  it('keeps a pepper that a version needs, and a later clean-up drops it when none does', async () => {
    const world = new PepperWorld();
    const { keyId, key } = await world.issue();
    const result = await new PepperExecution(world).toEnd();
    expect(result).toMatchObject({ dropped: [], count: { needs: { '1': 1 } } });
    expect(await world.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });

    await renew(world, keyId);
    const cleanUp = new PepperExecution(world, 'clean-up', 'p-2');
    expect(await cleanUp.toEnd()).toMatchObject({ dropped: ['1'] });

    expect(cleanUp.ran.map(({ step }) => step)).toEqual(['Begin', 'Count', 'Drop']);
    expect(await world.freshAuthorizer().authorize(await world.sealedKey(keyId, 2))).toMatchObject({
      outcome: 'allowed',
      identity: { version: 2 },
    });
    // Retired, and its pepper is gone: not recognised any more, and refused as ever.
    expect(await world.freshAuthorizer().authorize(key)).toMatchObject({ reason: 'wrong-secret' });
  });

  it.each([
    ['a disabled key, which may be enabled again', 'disabled', []],
    ['not a revoked one', 'revoked', ['1']],
  ] as const)('keeps what is needed by %s', async (_what, status, dropped) => {
    const world = new PepperWorld();
    const { keyId } = await world.issue();
    await changeKeyStatus(world.deps, keyId, status, { actor: OPERATOR, reason: 'a test' });

    expect(await new PepperExecution(world).toEnd()).toMatchObject({ dropped });
  });

  it('keeps what a version needs that is not accepted yet', async () => {
    const world = new PepperWorld();
    const { keyId } = await world.issue();
    await renew(world, keyId);
    await new Execution(world, keyId, 'r-2').runAll('begin', 'generate');

    expect(await new PepperExecution(world).toEnd()).toMatchObject({
      dropped: [],
      count: { needs: { '1': 2 } },
    });
  });

  it('says on record who asked and why, and holds no pepper', async () => {
    const world = new PepperWorld();
    const { pepperVersion } = await new PepperExecution(world).until('Add');
    const [adding, added] = await world.pepperEvents();

    expect(adding).toMatchObject({
      chain: 'pepper',
      actor: { principal: 'keyturn:pepper', via: 'execution/p-1' },
      reason: 'yearly',
      detail: { pepperVersions: [pepperVersion], fromRevision: 'revision-0', initiatedBy: 'ops' },
    });
    const secret = world.secret.set.secrets.get(pepperVersion as string) as Uint8Array;
    expect(added?.detail).toEqual({
      pepperVersions: [pepperVersion],
      fromRevision: 'revision-0',
      announcedBy: 1,
      fingerprint: fingerprintOf(secret),
    });
    const said = JSON.stringify(await world.pepperEvents());
    expect(said).not.toContain(Buffer.from(secret).toString());
    expect(said).not.toContain(FIRST_PEPPER);
  });

  it('is chained: a changed event shows', async () => {
    const world = new PepperWorld();
    await new PepperExecution(world).toEnd();
    const events = await world.pepperEvents();

    expect(firstBrokenLink(events)).toBeUndefined();
    expect(firstBrokenLink(events.filter(({ sequence }) => sequence !== 3))).toBe(events[3]);
  });

  it('changes nothing where the record cannot be written', async () => {
    const world = new PepperWorld();
    world.pepperRecord.failure = new Error('The table is down.');

    await expect(new PepperExecution(world).until('Add')).rejects.toThrow('The table is down.');
    expect(world.secret.writes).toBe(0);
  });

  it('saves what it has counted, for whoever asks later', async () => {
    const world = new PepperWorld();
    await world.issue();
    await new PepperExecution(world).toEnd();

    expect(await world.pepperRecord.lastCount()).toEqual({
      countedAtMs: world.clock.nowMs,
      needs: { '1': 1 },
    });
  });
});

describe('a clean-up', () => {
  it.each([
    ['the one pepper there is', async () => {}],
    [
      'one beside it that is on its way to become the current one',
      async (world: PepperWorld) => void (await new PepperExecution(world, 'rotation', 'p-0').until('Add')),
    ],
  ])('has nothing to do for %s', async (_what, prepare) => {
    const world = new PepperWorld();
    await prepare(world);
    const { writes } = world.secret;
    const execution = new PepperExecution(world, 'clean-up');

    expect(await execution.toEnd()).toMatchObject({ next: 'done', message: expect.any(String) });
    expect(execution.ran.map(({ step }) => step)).toEqual(['Begin']);
    expect(world.secret.writes).toBe(writes);
  });

  it('drops what a person has added and nothing needs', async () => {
    const world = new PepperWorld();
    const { secrets } = world.secret.set;
    const first = Buffer.from(secrets.get('1') as Uint8Array).toString();
    world.secret.overwrite(JSON.stringify({ current: '1', '1': first, '2': 'x'.repeat(40) }));

    expect(await new PepperExecution(world, 'clean-up').toEnd()).toMatchObject({ dropped: ['2'] });
  });

  it('says which pepper is not what was added: its keys are taken for unknown ones', async () => {
    const world = new PepperWorld();
    await new PepperExecution(world, 'rotation', 'p-0').until('MakeCurrent');
    const { current: pepperVersion } = world.secret.set;
    const { key } = await world.issue();
    const mistyped = { current: pepperVersion, '1': FIRST_PEPPER, [pepperVersion]: 'mistyped '.repeat(8) };
    world.secret.overwrite(JSON.stringify(mistyped));

    expect(await new PepperExecution(world, 'clean-up').until('Begin')).toMatchObject({
      next: 'wait',
      altered: [pepperVersion],
    });
    expect(await world.freshAuthorizer().authorize(key)).toMatchObject({ reason: 'wrong-secret' });
  });

  it('says which peppers are needed and are not there', async () => {
    const world = new PepperWorld();
    await world.issue();
    world.secret.overwrite(JSON.stringify({ current: '2', '2': 'x'.repeat(40), '3': 'y'.repeat(40) }));

    expect(await new PepperExecution(world, 'clean-up').toEnd()).toMatchObject({
      dropped: ['3'],
      missing: ['1'],
    });
  });
});

describe('a count', () => {
  it('goes on where it stands when it takes longer than a step may', async () => {
    const world = new PepperWorld();
    for (let key = 0; key < 7; key += 1) await world.issue();
    world.clock.advanceSeconds(60);
    world.walk.onPage = () => world.clock.advanceSeconds(8);
    const execution = new PepperExecution(world);

    expect(await execution.toEnd()).toMatchObject({ count: { needs: { '1': 7 }, after: '' } });
    // Seven keys are four pages, and two pages take longer than fifteen seconds.
    expect(execution.ran.filter(({ step }) => step === 'Count')).toHaveLength(2);
  });

  it('begins anew when the secret was written meanwhile: another pepper may have been the current one', async () => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);
    await execution.until('MakeCurrent');
    const text = await world.secret.readText();
    world.secret.overwrite(text);

    await execution.until('Count');
    expect(execution.next).toBe('Count');
    expect(execution.waitUntilMs - world.clock.nowMs).toBe(WRITERS_SETTLE_AFTER_MS);
    expect(await execution.toEnd()).toMatchObject({ next: 'done', dropped: ['1'] });
  });

  it('is not dropped on when the secret was written after it', async () => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);
    await execution.until('Count');
    const { writes } = world.secret;
    world.secret.overwrite(await world.secret.readText());

    expect(await execution.step()).toMatchObject({ next: 'wait' });
    expect(world.secret.writes).toBe(writes + 1);
  });
});

describe('an authorizer that has just looked for peppers', () => {
  it.each([
    ['when the new one was added', 0, 0],
    ['soon after it was added, and its read lagged behind', 4_000, 9_000],
    ['right before the first use, and its read lagged behind', 15_000, 9_000],
  ])('knows the new one by its first use: %s', async (_when, afterAddMs, lagMs) => {
    const world = new PepperWorld();
    const peppers = world.environment();
    if (afterAddMs === 0) await peppers.warm();
    const execution = new PepperExecution(world);
    await execution.until('Add');
    world.clock.nowMs += afterAddMs;
    world.secret.lagMs = lagMs;
    await peppers.warm();
    world.secret.lagMs = 0;
    await execution.until('MakeCurrent');
    const { key } = await world.issue();
    expect(world.secret.set.current).not.toBe('1');

    world.secret.lagMs = lagMs;
    expect(await world.authorizer({ peppers }).authorize(key)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a key that is issued in the last moment under the old pepper', () => {
  it('by a function that took it for the current one is counted all the same', async () => {
    const world = new PepperWorld();
    world.walk.lagMs = 15_000;
    const slow = world.environment();
    const execution = new PepperExecution(world);
    await execution.until('Add');
    world.clock.nowMs = execution.waitUntilMs - 1;
    await slow.current();
    await execution.until('MakeCurrent');
    // Its memory of the current pepper is ten seconds old, and it takes half a minute to write the key.
    world.clock.advanceSeconds(9.998);
    const pepper = await slow.current();
    expect(pepper.version).toBe('1');
    world.clock.advanceSeconds(29.9);
    world.writer = { current: async () => pepper, byVersion: async () => pepper };
    const { key } = await world.issue();

    expect(await execution.toEnd()).toMatchObject({ dropped: [], count: { needs: { '1': 1 } } });
    expect(await world.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a step that is repeated', () => {
  it.each(['Begin', 'Add', 'MakeCurrent', 'Count', 'Drop'] as const)(
    '%s changes nothing twice',
    async (step) => {
      const world = new PepperWorld();
      const execution = new PepperExecution(world);
      await execution.until(step);
      const { given } = execution.ran.at(-1) as (typeof execution.ran)[number];
      const { writes, set } = world.secret;
      const story = await world.pepperStory();

      await execution.run(step, given);

      expect(world.secret.writes).toBe(writes);
      expect(world.secret.set).toEqual(set);
      expect(await world.pepperStory()).toEqual(story);
    },
  );

  it.each([
    // What was announced and not written never came to be: the one that did has another name.
    ['Add', 'before', ['adding #1', ...WHOLE_STORY.map((event) => event.replace('#1', '#2'))]],
    ['Add', 'after', WHOLE_STORY],
    ['MakeCurrent', 'before', WHOLE_STORY],
    ['MakeCurrent', 'after', WHOLE_STORY],
    ['Drop', 'before', WHOLE_STORY],
    ['Drop', 'after', WHOLE_STORY],
  ] as const)('%s goes on where a crash %s the write left it', async (step, when, story) => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);
    while (execution.next !== step) {
      world.clock.nowMs = Math.max(world.clock.nowMs, execution.waitUntilMs);
      await execution.step();
    }
    world.clock.nowMs = Math.max(world.clock.nowMs, execution.waitUntilMs);
    world.secret.crashOnce(when);
    await expect(execution.step()).rejects.toThrow('broke');

    expect(await execution.toEnd()).toMatchObject({ next: 'done' });
    expect(names(world)).toEqual([world.secret.set.current]);
    expect(await world.pepperStory()).toEqual(story);
  });

  it('by a later execution takes up the pepper that a dead one has added', async () => {
    const world = new PepperWorld();
    await new PepperExecution(world, 'rotation', 'dead').until('Add');
    await new PepperExecution(world, 'rotation', 'p-2').toEnd();

    expect(await world.pepperStory()).toEqual(WHOLE_STORY);
  });
});

describe('two executions at once', () => {
  it('rotate to one and the same pepper, each change written and on record once', async () => {
    const world = new PepperWorld();
    const both = [
      new PepperExecution(world, 'rotation', 'p-1'),
      new PepperExecution(world, 'rotation', 'p-2'),
    ];
    for (let round = 0; round < 8; round += 1) {
      for (const { waitUntilMs } of both) world.clock.nowMs = Math.max(world.clock.nowMs, waitUntilMs);
      await Promise.all(both.filter(({ next }) => next !== undefined).map((each) => each.step()));
    }

    expect(both.map(({ next }) => next)).toEqual([undefined, undefined]);
    expect(names(world)).toEqual([world.secret.set.current]);
    const story = await world.pepperStory();
    for (const outcome of ['made-current', 'dropped'])
      expect(story.filter((event) => event.startsWith(outcome))).toHaveLength(1);
    expect(story.filter((event) => event.startsWith('added'))).toHaveLength(1);
    expect(world.secret.writes).toBe(3);
  });

  it('the slower one does not go back to its older pepper', async () => {
    const world = new PepperWorld();
    const slow = new PepperExecution(world, 'rotation', 'slow');
    const { pepperVersion: older } = await slow.until('Add');
    await new PepperExecution(world, 'rotation', 'p-2').toEnd();
    world.writer = world.environment();
    const { key } = await world.issue();
    await new PepperExecution(world, 'rotation', 'p-3').toEnd();
    const { current } = world.secret.set;
    expect(names(world)).toEqual([older, current]);

    expect(await slow.toEnd()).toMatchObject({ next: 'done' });
    expect(world.secret.set.current).toBe(current);
    expect(await world.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
  });
});

describe('a secret that was changed by hand', () => {
  it('after a pepper was added: the pepper is not made current, and what is current stays', async () => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);
    const { pepperVersion } = await execution.until('Add');
    const text = { current: '1', '1': FIRST_PEPPER };
    for (const changed of [text, { ...text, [pepperVersion as string]: 'another '.repeat(8) }]) {
      world.secret.overwrite(JSON.stringify(changed));
      const { next, message } = await execution.run('MakeCurrent');
      expect({ next, message }).toEqual({
        next: 'refuse',
        message: expect.stringContaining(`The current pepper stays 1.`),
      });
      expect(message).not.toContain('another another');
      expect(world.secret.set.current).toBe('1');
    }
  });

  it('back to an older current pepper: the newer one is neither taken up again nor dropped', async () => {
    const world = new PepperWorld();
    const first = await new PepperExecution(world, 'rotation', 'p-1').until('MakeCurrent');
    expect(first.next).toBe('wait');
    const { current: distrusted, secrets } = world.secret.set;
    const texts = Object.fromEntries([...secrets].map(([name, it]) => [name, Buffer.from(it).toString()]));
    world.secret.overwrite(JSON.stringify({ ...texts, current: '1' }));

    const { pepperVersion } = await new PepperExecution(world, 'rotation', 'p-2').until('Add');
    expect(pepperVersion).not.toBe(distrusted);
    expect(names(world)).toContain(distrusted);
  });

  it.each([
    ['into nonsense', 'nonsense', 'PepperDamaged'],
    [
      'into a set without its current one',
      JSON.stringify({ current: '2', '1': FIRST_PEPPER }),
      'PepperDamaged',
    ],
  ])('%s stops every step, and nothing is written', async (_how, text, name) => {
    const world = new PepperWorld();
    const execution = new PepperExecution(world);
    await execution.until('Count');
    world.secret.overwrite(text);
    const { writes } = world.secret;
    const steps = ['Add', 'MakeCurrent', 'Count', 'Drop'] as const;
    for (const step of steps) await expect(execution.run(step)).rejects.toMatchObject({ name });
    await expect(new PepperExecution(world, 'clean-up').step()).rejects.toMatchObject({ name });
    expect(world.secret.writes).toBe(writes);
  });
});
