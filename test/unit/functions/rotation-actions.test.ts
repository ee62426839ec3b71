/** What operators are shown of many rotations, and what they are refused. */
import { beforeEach, describe, expect, it } from 'vitest';
import { rotations } from '../../../lambdas/functions/admin/rotation-actions.ts';
import type { RotationsInput } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryRotations } from '../../support/memory-rotations.ts';
import { MemoryWorld } from '../../support/memory-world.ts';

const DAY_S = 86_400;

let world: MemoryWorld;
beforeEach(() => {
  world = new MemoryWorld();
});

const ask = (input: RotationsInput) =>
  rotations({ ...world.deps, rotations: new MemoryRotations(world.table) }, input);

async function listed(input: RotationsInput) {
  const response = await ask(input);
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}

const idsIn = async (input: RotationsInput) =>
  (await listed(input)).rotations.map(({ rotationId }) => rotationId);

/** A key whose rotation has come so far. */
async function key(rotationId: string, until: 'running' | 'completed' | 'failed'): Promise<string> {
  const { keyId } = await world.issue();
  const execution = new Execution(world, keyId, rotationId);
  if (until === 'completed') await execution.toEnd();
  else await execution.runAll('begin', 'generate');
  if (until === 'failed') await execution.abandon('VerificationFailed: unknown');
  return keyId;
}

describe('of all keys', () => {
  it('lists what runs, the longest first, and then what failed within seven days', async () => {
    await key('failed-long-ago', 'failed');
    world.clock.advanceSeconds(7 * DAY_S + 1);
    await key('failed-lately', 'failed');
    await key('runs-longest', 'running');
    world.clock.advanceSeconds(60);
    await key('runs', 'running');
    await key('completed', 'completed');

    expect(await idsIn({})).toEqual(['runs-longest', 'runs', 'failed-lately']);
    expect(await idsIn({ status: 'failed' })).toEqual(['failed-lately', 'failed-long-ago']);
    expect(await idsIn({ status: 'completed' })).toEqual(['completed']);
    expect(await idsIn({ status: 'rolled-back' })).toEqual([]);
  });

  it('says since when one stands still', async () => {
    const keyId = await key('r-1', 'running');
    expect((await listed({})).rotations).toMatchObject([{ keyId, status: 'verifying', stuckSince: null }]);
    world.clock.advanceSeconds(901);

    expect((await listed({})).rotations).toEqual([
      {
        keyId,
        owner: 'team@example.com',
        rotationId: 'r-1',
        purpose: 'manual',
        status: 'verifying',
        fromVersion: 1,
        toVersion: 2,
        startedAt: '2026-11-23T14:00:00.000Z',
        gracePeriodEndsAt: null,
        extensions: 0,
        evidence: null,
        undelivered: null,
        held: false,
        endedAt: null,
        failure: null,
        stuckSince: '2026-11-23T14:00:00.000Z',
      },
    ]);
  });

  it('says of one that it is held after its last extension, and no more once it has ended', async () => {
    const { keyId } = await world.issue();
    const execution = new Execution(world, keyId, 'r-1');
    await execution.toDualKey();
    const judge = async () => {
      world.clock.nowMs = world.record(keyId).rotation?.gracePeriodEndsAtMs as number;
      await execution.run('judge');
    };
    for (let judged = 0; judged < 7; judged += 1) await judge();
    expect((await listed({})).rotations).toMatchObject([{ extensions: 7, held: false }]);
    await judge();
    expect((await listed({})).rotations).toMatchObject([
      { extensions: 7, held: true, undelivered: 'waiting' },
    ]);
    await execution.abandon();
    expect((await listed({ status: 'failed' })).rotations).toMatchObject([{ held: false }]);
  });

  it('comes in pages', async () => {
    for (const id of ['a', 'b', 'c']) {
      await key(id, 'running');
      world.clock.advanceSeconds(1);
    }
    const first = await listed({ limit: 2 });
    expect(first.rotations.map(({ rotationId }) => rotationId)).toEqual(['a', 'b']);
    expect(await idsIn({ limit: 2, nextToken: String(first.nextToken) })).toEqual(['c']);
  });
});

describe('of one key', () => {
  let keyId: string;
  beforeEach(async () => {
    keyId = await key('first', 'completed');
    await key('of another key', 'running');
    world.clock.advanceSeconds(DAY_S);
    const failing = new Execution(world, keyId, 'second_by.hand');
    await failing.runAll('begin', 'generate');
    await failing.abandon('VerificationFailed: unknown');
    world.clock.advanceSeconds(DAY_S);
    await new Execution(world, keyId, 'third').toDualKey();
  });

  it('lists all, the latest first', async () => {
    expect(await idsIn({ keyId })).toEqual(['third', 'second_by.hand', 'first']);
  });

  it.each([
    ['running', ['third']],
    ['failed', ['second_by.hand']],
    ['completed', ['first']],
    ['rolled-back', []],
  ] as const)('lists those that are %s', async (status, ids) => {
    expect(await idsIn({ keyId, status })).toEqual(ids);
  });

  it('comes in pages that miss and repeat nothing', async () => {
    const ids: string[] = [];
    let nextToken: string | null = null;
    do {
      const page = await listed({ keyId, limit: 1, ...(nextToken ? { nextToken } : {}) });
      ids.push(...page.rotations.map(({ rotationId }) => rotationId));
      nextToken = page.nextToken;
    } while (nextToken !== null);
    expect(ids).toEqual(['third', 'second_by.hand', 'first']);
  });
});

describe('it refuses', () => {
  it.each([
    [{ keyId: 'nonsense' }, 'unknown-key'],
    [{ keyId: '000000000000' }, 'unknown-key'],
    [{ keyId: 7 }, 'unknown-key'],
    [{ status: 'stuck' }, 'bad-request'],
    [{ limit: 0 }, 'bad-request'],
    [{ limit: 101 }, 'bad-request'],
    [{ limit: '5' }, 'bad-request'],
    [{ nextToken: 'nonsense' }, 'bad-request'],
    [{ nextToken: 5 }, 'bad-request'],
  ])('%j with %s', async (input, code) => {
    expect(await ask(input as never)).toMatchObject({ ok: false, error: { code } });
  });

  it('a token of another listing', async () => {
    const keyId = await key('r-1', 'running');
    expect(await ask({ keyId, nextToken: 'skip-1' })).toMatchObject({ error: { code: 'bad-request' } });
  });
});
