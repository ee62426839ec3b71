/** What operators ask, what they get, and what they are refused: each refusal with its code and its mend. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type AdminDeps, list, rotate, rotation, show } from '../../../lambdas/functions/admin/actions.ts';
import type { AdminResponse, IssueInput } from '../../../lambdas/functions/admin/contract.ts';
import { claim, deliver } from '../../../lambdas/functions/admin/delivery-actions.ts';
import { issue } from '../../../lambdas/functions/admin/issue-action.ts';
import { rollback, setStatus } from '../../../lambdas/functions/admin/reasoned-actions.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryDueKeys } from '../../support/memory-due-keys.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryRotations } from '../../support/memory-rotations.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

const INPUT: IssueInput = {
  owner: 'team@example.com',
  name: 'Agent',
  environment: 'live',
  scopes: ['tools:*'],
};
const NOBODY = '000000000000';

let world: MemoryWorld;
let deps: AdminDeps;
let started: { readonly rotationId: string; readonly request: unknown }[];

beforeEach(() => {
  world = new MemoryWorld();
  started = [];
  deps = {
    ...world.deps,
    outbox: new MemoryOutbox(world.table),
    executions: world.executions,
    machine: {
      arnOf,
      start: async (rotationId, request) => {
        started.push({ rotationId, request });
        return arnOf(rotationId);
      },
    },
    revocationBoundMs: 6_000,
    blocks: new MemoryMailBlocks(),
    account: '111122223333',
    startsPerSecond: 5,
    due: new MemoryDueKeys(world.table),
    rotations: new MemoryRotations(world.table),
    sleep: async (milliseconds) => world.clock.advanceSeconds(milliseconds / 1000),
    random: () => 0.5,
    onFailure: () => undefined,
  };
});

function resultOf<Result>(response: AdminResponse<Result>): Result {
  if (!response.ok) throw new Error(`${response.error.code}: ${response.error.message}`);
  return response.result;
}

/** Code, message and hint of a refusal; the hint must say something. */
function refusalOf(response: AdminResponse): string {
  if (response.ok) throw new Error('Nothing was refused.');
  expect(response.error.hint).toMatch(/\w+ \w+/);
  return `${response.error.code}: ${response.error.message}`;
}

const issued = async (changes: Partial<IssueInput> = {}) =>
  resultOf(await issue(deps, { ...INPUT, ...changes }, OPERATOR));

/** Plays the machine for this key until both versions are accepted. */
async function rotating(keyId: string): Promise<Execution> {
  const execution = new Execution(world, keyId);
  await execution.toDualKey();
  return execution;
}

const NO_EXECUTIONS = { stateOf: async () => 'running' as const, stop: async () => {} };

describe('issue', () => {
  it('answers with the key, once', async () => {
    const answer = await issued({ purpose: 'nightly' });
    expect(answer).toEqual({
      keyId: expect.stringMatching(/^\w{12}$/),
      version: 1,
      ...INPUT,
      policy: 'standard',
      delivery: 'operator',
      createdAt: '2026-11-23T14:00:00.000Z',
      key: expect.stringMatching(/^mk_live_\w{12}_\w{49}$/),
    });
    const shown = JSON.stringify(resultOf(await show(deps, answer)));
    expect(shown).not.toContain(String(answer.key).slice(-49));
    expect(shown).not.toContain(world.record(answer.keyId).versions[0]?.hash);
  });

  it('puts the key where its client reads it, and names the place, but not the key', async () => {
    const readers = ['arn:aws:iam::111122223333:role/search-agent'];
    const answer = await issued({ delivery: 'secrets-manager', readers });
    expect(answer).not.toHaveProperty('key');
    expect(answer.place).toBe(
      `arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/${answer.keyId}-AbCdEf`,
    );
    expect(world.record(answer.keyId).destination).toMatchObject({ readers });
    expect(resultOf(await show(deps, answer))).toMatchObject({ place: answer.place });
    expect(world.places['secrets-manager'].read(answer.keyId)).toMatch(/^mk_live_/);
  });

  it('stands when it cannot be delivered, says so, and is delivered when asked again', async () => {
    world.places['secrets-manager'].outage = 'AccessDenied';
    const answer = await issued({ delivery: 'secrets-manager' });
    expect(answer).toMatchObject({
      place: `keyturn/${answer.keyId}`,
      deliveryFailure: 'It could not be delivered: Error.',
    });
    world.places['secrets-manager'].outage = undefined;
    expect(resultOf(await deliver(deps, { keyId: answer.keyId }, OPERATOR))).toMatchObject({
      receivedBy: 'placed',
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'a reader of another account',
      { delivery: 'secrets-manager', readers: ['arn:aws:iam::999988887777:role/x'] },
      /^bad-request: Reader 'arn:aws:iam::999988887777:role\/x' is in account 999988887777/,
    ],
    ['an owner that is no address', { owner: 'me' }, /^bad-request: owner 'me'/],
    ['an unknown environment', { environment: 'prod' }, /^bad-request: environment 'prod'/],
    ['no scope', { scopes: [] }, /^bad-request: scopes/],
    ['a policy that is not deployed', { policy: 'weekly' }, /^bad-request: policy 'weekly'/],
    ['a delivery that is not there', { delivery: 'pigeon' }, /^bad-request: delivery 'pigeon'/],
  ])('refuses %s', async (_what, changes, refusal) => {
    expect(refusalOf(await issue(deps, { ...INPUT, ...changes }, OPERATOR))).toMatch(refusal);
    expect(world.table.keys.size).toBe(0);
  });
});

describe('list', () => {
  it('names keys without their versions, and the revoked only when asked', async () => {
    const kept = await issued();
    const gone = await issued();
    await setStatus(deps, 'revoked', { keyId: gone.keyId, reason: 'left' }, OPERATOR);
    const ids = async (input: Parameters<typeof list>[1]) =>
      resultOf(await list(deps, input)).keys.map(({ keyId }) => keyId);
    expect(await ids({})).toEqual([kept.keyId]);
    expect(await ids({ status: 'revoked' })).toEqual([gone.keyId]);
    expect((await ids({ status: 'all' })).sort()).toEqual([kept.keyId, gone.keyId].sort());
    const [summary] = resultOf(await list(deps, {})).keys;
    expect(summary).toMatchObject({ activeVersion: 1, rotating: false });
    expect(summary).not.toHaveProperty('versions');
  });

  it('goes on page by page', async () => {
    for (let count = 0; count < 3; count += 1) await issued();
    const first = resultOf(await list(deps, { limit: 2 }));
    expect(first.keys).toHaveLength(2);
    const rest = resultOf(await list(deps, { limit: 2, nextToken: String(first.nextToken) }));
    expect(rest).toMatchObject({ keys: [expect.anything()], nextToken: null });
  });

  it.each<[object, RegExp]>([
    [{ limit: 0 }, /^bad-request: limit '0'/],
    [{ limit: 101 }, /^bad-request: limit '101'/],
    [{ limit: 2.5 }, /^bad-request: limit '2.5'/],
    [{ limit: '5' }, /^bad-request: limit '5'/],
    [{ status: 'lost' }, /^bad-request: status 'lost'/],
    [{ nextToken: 'junk' }, /^bad-request: nextToken/],
  ])('refuses %j', async (input, refusal) => {
    expect(refusalOf(await list(deps, input))).toMatch(refusal);
  });
});

describe('a key that is not there', () => {
  const reason = 'because';
  const asks: [string, () => Promise<AdminResponse>][] = [
    ['show', () => show(deps, { keyId: NOBODY })],
    ['show of no id', () => show(deps, { keyId: 7 as never })],
    ['rotate', () => rotate(deps, { keyId: NOBODY, purpose: 'manual' }, OPERATOR)],
    ['rotation', () => rotation(deps, { keyId: NOBODY, rotationId: 'r' })],
    ['claim', () => claim(deps, { keyId: NOBODY }, OPERATOR)],
    ['claim of no id', () => claim(deps, { keyId: '../META' }, OPERATOR)],
    ['disable', () => setStatus(deps, 'disabled', { keyId: NOBODY, reason }, OPERATOR)],
    ['revoke of no id', () => setStatus(deps, 'revoked', { keyId: 'x', reason }, OPERATOR)],
  ];

  it.each(asks)('is said by %s', async (_name, ask) => {
    expect(refusalOf(await ask())).toMatch(/^unknown-key: There is no key '/);
  });
});

describe('rotate', () => {
  it('starts an execution named after the rotation, and says how soon refusals hold', async () => {
    const { keyId } = await issued();
    const answer = resultOf(await rotate(deps, { keyId, purpose: 'manual' }, OPERATOR));
    expect(started).toEqual([
      {
        rotationId: answer.rotationId,
        request: { keyId, purpose: 'manual', initiatedBy: OPERATOR.principal },
      },
    ]);
    expect(answer).toMatchObject({ executionArn: arnOf(answer.rotationId), revocationBoundMs: 6_000 });
  });

  it.each<[string, object, RegExp]>([
    ['an unknown purpose', { purpose: 'fun' }, /^bad-request: .*'"fun"'|^bad-request: purpose/],
    ['an emergency without a reason', { purpose: 'emergency' }, /^bad-request: .*reason/],
    ['a misspelt field', { purpose: 'manual', grace: 'PT1H' }, /^bad-request: .*grace/],
    [
      'a grace period in words',
      { purpose: 'manual', gracePeriod: 'soon' },
      /^bad-request: gracePeriod 'soon'/,
    ],
  ])('refuses %s before anything starts', async (_what, changes, refusal) => {
    const { keyId } = await issued();
    expect(refusalOf(await rotate(deps, { keyId, ...changes }, OPERATOR))).toMatch(refusal);
    expect(started).toEqual([]);
  });

  it.each([
    ['disabled', /^key-disabled: Key '\w+' is disabled/],
    ['revoked', /^key-revoked: Key '\w+' is revoked for good/],
  ] as const)('refuses a key that is %s', async (status, refusal) => {
    const { keyId } = await issued();
    await setStatus(deps, status, { keyId, reason: 'leaked' }, OPERATOR);
    expect(refusalOf(await rotate(deps, { keyId, purpose: 'manual' }, OPERATOR))).toMatch(refusal);
    expect(started).toEqual([]);
  });

  it('answers with the rotation that runs already', async () => {
    const { keyId } = await issued();
    await rotating(keyId);
    const response = await rotate(deps, { keyId, purpose: 'manual' }, OPERATOR);
    expect(refusalOf(response)).toMatch(
      /^rotation-running: Rotation r-1 of key '\w+' is running \(dual-key\)/,
    );
    expect(response).toMatchObject({ error: { rotation: { rotationId: 'r-1', status: 'dual-key' } } });
    expect(started).toEqual([]);
  });

  it('starts when the running one’s execution is over: nobody would end it any more', async () => {
    const { keyId } = await issued();
    await rotating(keyId);
    world.executions.kill('r-1');
    expect(resultOf(await rotate(deps, { keyId, purpose: 'manual' }, OPERATOR))).toHaveProperty('rotationId');
    expect(started).toHaveLength(1);
  });
});

describe('who asks for a rotation', () => {
  const KIM = { ...OPERATOR, principal: 'arn:aws:sts::123456789012:assumed-role/operator/kim', proven: true };

  it('is on record before it starts, as it was found', async () => {
    const { keyId } = await world.issue();
    const input = { keyId, purpose: 'emergency', reason: 'Leaked', immediateInvalidation: true };

    const { rotationId } = resultOf(await rotate(deps, input, KIM));

    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'rotation.requested',
      actor: KIM,
      rotationId,
      reason: 'Leaked',
      detail: { purpose: 'emergency', immediate: true },
    });
    expect(world.record(keyId).rotation).toBeUndefined();
  });

  it('speaks for nobody else once that is proven', async () => {
    const { keyId } = await world.issue();
    const input = { keyId, purpose: 'manual', initiatedBy: 'somebody else' };
    await rotate(deps, input, KIM);
    await rotate(deps, input, OPERATOR);

    expect(started.map(({ request }) => request)).toMatchObject([
      { initiatedBy: KIM.principal },
      { initiatedBy: 'somebody else' },
    ]);
  });

  it('is not on record for what is refused', async () => {
    const { keyId } = await world.issue();
    await rotate(deps, { keyId, purpose: 'emergency' }, KIM);

    expect(world.actions(keyId)).toEqual(['key.issued']);
  });
});

describe('rotation', () => {
  it('is null until its execution has begun it, then what stands', async () => {
    const { keyId } = await issued();
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))).toBeNull();
    await rotating(keyId);
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))).toMatchObject({
      rotationId: 'r-1',
      status: 'dual-key',
      fromVersion: 1,
      toVersion: 2,
      endedAt: null,
    });
  });

  it('names who still uses the old version, most recent first, while both are accepted', async () => {
    const { keyId, key } = await issued();
    const authorizer = world.authorizer();
    await authorizer.authorize(key, { sourceAddress: '203.0.113.1', userAgent: 'before' });
    const execution = await rotating(keyId);
    await authorizer.authorize(key, { sourceAddress: '203.0.113.7', userAgent: 'cron' });
    world.clock.advanceSeconds(60);
    for (let use = 0; use < 2; use += 1)
      await authorizer.authorize(key, { sourceAddress: '203.0.113.8', userAgent: 'agent' });
    await authorizer.authorize(await world.sealedKey(keyId, 2), { userAgent: 'moved' });
    const stragglers = [
      { address: '203.0.113.8', userAgent: 'agent', requests: 2, lastUsedAt: '2026-11-23T14:01:00.000Z' },
      { address: '203.0.113.7', userAgent: 'cron', requests: 1, lastUsedAt: '2026-11-23T14:00:00.000Z' },
    ];
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.stragglers).toEqual(stragglers);
    expect(resultOf(await show(deps, { keyId })).rotation?.stragglers).toEqual(stragglers);
    await execution.abandon('no answer');
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.stragglers).toEqual([]);
  });

  it.each([
    ['at once', { immediateInvalidation: true }, 2_500],
    ['after its grace period', { gracePeriod: 'PT5M' }, 302_500],
  ])('measures how long an emergency took that refused the old version %s', async (_when, how, ms) => {
    const { keyId } = await issued();
    const execution = new Execution(world, keyId, 'r-1', { purpose: 'emergency', reason: 'leaked', ...how });
    const measured = async () => resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.refusedAfterMs;
    world.clock.advanceSeconds(2.5);
    await execution.toDualKey();
    if (ms > 2_500) {
      expect(await measured()).toBeNull();
      world.clock.advanceSeconds(300);
      await execution.runAll('judge', 'retire');
    }
    expect(await measured()).toBe(ms);
  });

  it('measures no refusal of a rotation that is no emergency, or that failed', async () => {
    const { keyId } = await issued();
    await new Execution(world, keyId).toEnd();
    const failing = new Execution(world, keyId, 'r-2', { purpose: 'emergency', reason: 'leaked' });
    await failing.toDualKey();
    await failing.abandon('no answer');
    for (const rotationId of ['r-1', 'r-2']) {
      const view = resultOf(await rotation(deps, { keyId, rotationId }));
      expect(view).toMatchObject({ endedAt: expect.any(String), refusedAfterMs: null });
    }
  });

  it('asks for its execution only where there is no rotation yet', async () => {
    const { keyId } = await issued();
    const execution = await rotating(keyId);
    const asked: string[] = [];
    const look = (arn: string) => {
      asked.push(arn);
      return world.executions.look(arn);
    };
    deps = { ...deps, executions: { ...NO_EXECUTIONS, look } };
    await rotation(deps, { keyId, rotationId: 'r-1' });
    await execution.abandon('no answer');
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.status).toBe('failed');
    expect(asked).toEqual([]);
    await rotation(deps, { keyId, rotationId: 'r-2' });
    expect(asked).toEqual([arnOf('r-2')]);
  });

  it.each(['starting', 'failed'])(
    'is found %s when its execution ended while it was asked',
    async (status) => {
      const { keyId } = await issued();
      const look = async () => {
        const execution = new Execution(world, keyId);
        await execution.run('begin');
        if (status === 'failed') await execution.abandon('no answer');
        return { state: 'ended' } as const;
      };
      deps = { ...deps, executions: { ...NO_EXECUTIONS, look } };
      expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.status).toBe(status);
    },
  );

  it.each([
    [1, 'failed'],
    [2, 'dual-key'],
  ])('is found when it ends at read %i', async (at, status) => {
    const { keyId } = await issued();
    const execution = await rotating(keyId);
    let reads = 0;
    world.table.turn = async () => {
      reads += 1;
      if (reads !== at) return;
      world.table.turn = () => Promise.resolve();
      await execution.abandon('no answer');
    };
    expect(resultOf(await rotation(deps, { keyId, rotationId: 'r-1' }))?.status).toBe(status);
  });

  it('says why its execution has not begun it, where that is known', async () => {
    const { keyId } = await issued();
    world.executions.fail('r-9', 'The vault is sealed: unseal it.');
    expect(refusalOf(await rotation(deps, { keyId, rotationId: 'r-9' }))).toBe(
      `rotation-refused: The rotation of key '${keyId}' was not begun: The vault is sealed: unseal it.`,
    );
  });

  it('is a conflict when its execution is over without having begun it', async () => {
    const { keyId } = await issued();
    world.executions.kill('r-9');
    expect(refusalOf(await rotation(deps, { keyId, rotationId: 'r-9' }))).toMatch(
      /^conflict: Execution r-9 is over/,
    );
  });

  it('is the running one when that was faster', async () => {
    const { keyId } = await issued();
    await rotating(keyId);
    world.executions.kill('r-9');
    expect(refusalOf(await rotation(deps, { keyId, rotationId: 'r-9' }))).toMatch(
      /^rotation-running: Rotation r-1/,
    );
  });
});

describe('claim', () => {
  it('hands a new key out once', async () => {
    const { keyId } = await issued();
    await rotating(keyId);
    expect(resultOf(await show(deps, { keyId })).claimable).toBe(true);
    const claimed = resultOf(await claim(deps, { keyId }, OPERATOR));
    expect(claimed).toEqual({ keyId, version: 2, key: expect.stringMatching(/^mk_live_\w{62}$/) });
    expect(refusalOf(await claim(deps, { keyId }, OPERATOR))).toMatch(/^nothing-to-claim: No new key/);
    expect(resultOf(await show(deps, { keyId })).claimable).toBe(false);
  });

  it('has nothing of a key that was handed out when it was issued', async () => {
    const { keyId } = await issued();
    expect(refusalOf(await claim(deps, { keyId }, OPERATOR))).toMatch(/^nothing-to-claim/);
  });

  it('has nothing of a revoked key', async () => {
    const { keyId } = await issued();
    await rotating(keyId);
    await setStatus(deps, 'revoked', { keyId, reason: 'leaked' }, OPERATOR);
    expect(refusalOf(await claim(deps, { keyId }, OPERATOR))).toMatch(/^key-revoked/);
  });
});

describe('disable, enable, revoke', () => {
  it('answer with the key as it stands, and empty the caches when they refuse', async () => {
    const { keyId } = await issued();
    const by = (to: 'disabled' | 'enabled' | 'revoked') =>
      setStatus(deps, to, { keyId, reason: ' leaked ' }, OPERATOR);
    expect(resultOf(await by('disabled')).status).toBe('disabled');
    expect(world.caches.flushes).toBe(1);
    expect(resultOf(await by('enabled')).status).toBe('enabled');
    expect(resultOf(await by('revoked')).status).toBe('revoked');
    expect(world.caches.flushes).toBe(2);
    expect(refusalOf(await by('enabled'))).toMatch(/^key-revoked/);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({ action: 'key.revoked', reason: 'leaked' });
  });

  it.each<[unknown, string]>([
    ['', "reason '' is empty."],
    ['  ', "reason '  ' is empty."],
    ['x'.repeat(501), 'reason has 501 characters, more than 500.'],
    [undefined, 'reason (absent) is not text.'],
    [7, 'reason 7 is not text.'],
  ])('refuse the reason %j', async (reason, message) => {
    const { keyId } = await issued();
    const response = await setStatus(deps, 'disabled', { keyId, reason: reason as string }, OPERATOR);
    expect(refusalOf(response)).toBe(`bad-request: ${message}`);
    expect(world.record(keyId).status).toBe('enabled');
  });
});

describe('rollback', () => {
  it('is refused where the policy forbids it, with what to do instead', async () => {
    const strict = new MemoryWorld({ policies: { standard: { rollback: false } } });
    const { keyId } = await strict.issue();
    await new Execution(strict, keyId).toDualKey();

    const answer = await rollback(
      { ...deps, ...strict.deps, executions: strict.executions },
      { keyId, reason: 'fails' },
      OPERATOR,
    );

    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'forbidden-by-policy', hint: expect.stringContaining('rotate again') },
    });
    expect(strict.statuses(keyId)).toBe('1:deprecating 2:active');
  });
});
