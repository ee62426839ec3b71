/** Which mails each change of a key causes, and to whom: told through the steps themselves. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyMailNotice } from '../../../lambdas/core/domain/notice.ts';
import { changeKey } from '../../../lambdas/core/use-cases/change-key.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { ClaimWorld } from '../../support/claim-world.ts';
import { Execution, type RotationRequest } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';

const OWNER = 'team@example.com';
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

let world: ClaimWorld;
beforeEach(() => {
  world = new ClaimWorld();
});

const allOf = (keyId: string): readonly KeyMailNotice[] =>
  [...world.table.notices.values()]
    .map(({ notice }) => notice as KeyMailNotice)
    .filter((notice) => notice.keyId === keyId);

/** Kinds and recipients of what was caused, in order, but for the first issue. */
const toldOf = (keyId: string): readonly string[] =>
  allOf(keyId)
    .filter(({ kind }) => kind !== 'issued')
    .map(({ kind, recipient }) => (recipient === OWNER ? kind : `${kind} to ${recipient}`));

const the = (keyId: string, kind: KeyMailNotice['kind']): KeyMailNotice =>
  allOf(keyId).find((notice) => notice.kind === kind) as KeyMailNotice;

async function tell(keyId: string, ...recipients: readonly string[]): Promise<void> {
  await changeKey(world.store, keyId, (record) => ({
    result: undefined,
    change: {
      after: { ...(record as NonNullable<typeof record>), recipients },
      entry: { action: 'key.exempted', actor: OPERATOR, atMs: world.clock.nowMs, detail: {} },
    },
  }));
}

const rotating = (keyId: string, request: RotationRequest = {}, rotationId = 'r-1') =>
  new Execution(world, keyId, rotationId, request);

async function use(keyId: string, version: number, requests: number): Promise<void> {
  const isOld =
    world.record(keyId).versions.find((each) => each.version === version)?.status === 'deprecating';
  await world.uses.add({
    keyId,
    version,
    hourMs: Math.floor(world.clock.nowMs / 3_600_000) * 3_600_000,
    requests,
    deprecatingRequests: isOld ? requests : 0,
    lastUsedAtMs: world.clock.nowMs,
    minutes: {},
    callers: isOld
      ? [{ address: '203.0.113.7', userAgent: 'agent/1', requests, lastUsedAtMs: world.clock.nowMs }]
      : [],
  });
  await world.uses.noteFirstUse(keyId, version, world.clock.nowMs);
}

/** Both versions are accepted, and the grace period is over. */
async function toItsEnd(keyId: string, request: RotationRequest = {}): Promise<Execution> {
  const execution = rotating(keyId, request);
  await execution.toDualKey();
  world.clock.nowMs = world.record(keyId).rotation?.gracePeriodEndsAtMs as number;
  return execution;
}

describe('a new key', () => {
  it('is told as issued, to its owner', async () => {
    const { keyId } = await world.issue();
    expect(allOf(keyId)).toEqual([
      {
        noticeId: `key#issued#${OWNER}`,
        partition: `KEY#${keyId}`,
        madeAtMs: world.clock.nowMs,
        keyId,
        owner: OWNER,
        channel: 'mail',
        kind: 'issued',
        recipient: OWNER,
        facts: {
          keyName: 'A client',
          environment: 'live',
          delivery: 'operator',
          atMs: world.clock.nowMs,
          version: 1,
        },
      },
    ]);
  });

  it('that goes by a link is told by the mail with the link, and not twice', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    expect(allOf(keyId)).toEqual([]);
  });

  it('tells nobody whose name is no mail address, and nobody where the deployment sends no mail', async () => {
    expect(allOf((await world.issue({ owner: 'the billing team' })).keyId)).toEqual([]);
    world.store.notifies = false;
    const { keyId } = await world.issue();
    await rotating(keyId).toDualKey();
    expect(allOf(keyId)).toEqual([]);
  });
});

describe('a rotation', () => {
  it('is told once both versions are accepted, with until when, to its owner and to every other recipient once', async () => {
    const { keyId } = await world.issue();
    await tell(keyId, 'oncall@example.com', 'TEAM@example.com', 'oncall@example.com');
    const execution = rotating(keyId, { reason: 'a change of hands' });
    await execution.runAll('begin', 'generate', 'verify');
    expect(toldOf(keyId)).toEqual([]);
    await execution.runAll('activate', 'activate');

    expect(toldOf(keyId)).toEqual(['rotation-started', 'rotation-started to oncall@example.com']);
    expect(the(keyId, 'rotation-started')).toMatchObject({
      noticeId: `r-1#rotation-started#${OWNER}`,
      rotationId: 'r-1',
      facts: {
        version: 2,
        oldVersion: 1,
        oldEndsAtMs: world.clock.nowMs + 72 * HOUR_S * 1000,
        purpose: 'manual',
        reason: 'a change of hands',
        delivery: 'operator',
      },
    });
  });

  it('whose new key goes by a link is told to its owner by that alone, and to others', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await tell(keyId, 'oncall@example.com');
    const execution = rotating(keyId);
    await execution.toDualKey();
    await execution.run('deliver');
    expect(toldOf(keyId)).toEqual(['rotation-started to oncall@example.com']);
    expect(world.links.sent.map(({ to }) => to)).toEqual([OWNER]);
  });

  it('that is to tell nobody tells nobody, whatever becomes of it', async () => {
    const { keyId } = await world.issue();
    const execution = await toItsEnd(keyId, { notifyClients: false });
    await use(keyId, 1, 5);
    await execution.run('judge');
    await rollbackRotation(rollbackDeps(), keyId, { actor: OPERATOR, reason: 'it broke' });
    expect(toldOf(keyId)).toEqual([]);
  });

  it('is remembered to its owner with how many still use the old version and who, each reminder once', async () => {
    const { keyId } = await world.issue();
    const execution = rotating(keyId);
    await execution.toDualKey();
    await use(keyId, 1, 4);
    world.clock.advanceSeconds(DAY_S);
    await execution.runAll('judge', 'judge');
    world.clock.advanceSeconds(DAY_S);
    await execution.runAll('judge', 'judge');

    expect(toldOf(keyId)).toEqual(['rotation-started', 'reminder', 'reminder']);
    expect(new Set(allOf(keyId).map(({ noticeId }) => noticeId)).size).toBe(allOf(keyId).length);
    expect(the(keyId, 'reminder').facts).toMatchObject({
      oldRequests: 4,
      newRequests: 0,
      undelivered: true,
      stragglers: [{ address: '203.0.113.7', userAgent: 'agent/1', requests: 4 }],
    });
  });

  it('that is extended says until when, who lags and how much, each time', async () => {
    const { keyId } = await world.issue();
    const execution = await toItsEnd(keyId);
    await use(keyId, 1, 90);
    await use(keyId, 2, 10);
    await execution.run('judge');
    expect(the(keyId, 'extended')).toMatchObject({
      noticeId: `r-1#extended-1#${OWNER}`,
      facts: {
        extensions: 1,
        oldRequests: 90,
        newRequests: 10,
        oldEndsAtMs: world.clock.nowMs + DAY_S * 1000,
        stragglers: [{ address: '203.0.113.7', userAgent: 'agent/1', requests: 90 }],
      },
    });
    expect(the(keyId, 'extended').facts).not.toHaveProperty('undelivered');
    world.clock.advanceSeconds(DAY_S);
    await use(keyId, 1, 1);
    await execution.run('judge');
    expect(toldOf(keyId).filter((kind) => kind === 'extended')).toHaveLength(2);
  });

  it('that holds says so once, however long it holds', async () => {
    const { keyId } = await world.issue();
    const execution = await toItsEnd(keyId);
    for (let window = 0; window < 11; window += 1) {
      await execution.run('judge');
      world.clock.nowMs = world.record(keyId).rotation?.gracePeriodEndsAtMs as number;
    }
    const extended = allOf(keyId).filter(({ kind }) => kind === 'extended');
    expect(extended.map(({ facts }) => facts.held === true)).toEqual([...Array(7).fill(false), true]);
    expect(extended.every(({ facts }) => facts.undelivered)).toBe(true);
  });

  it('that ends says by whose word the old version was retired', async () => {
    const { keyId } = await world.issue();
    const execution = await toItsEnd(keyId);
    await use(keyId, 2, 10);
    await execution.runAll('judge', 'retire', 'retire');
    expect(toldOf(keyId)).toEqual(['rotation-started', 'retired']);
    expect(the(keyId, 'retired').facts).toMatchObject({
      version: 2,
      oldVersion: 1,
      oldRefused: true,
      evidence: 'migrated',
      decidedBy: 'use',
      newRequests: 10,
    });
  });

  it('that ends by the limit of its policy says that', async () => {
    world = new ClaimWorld({ policies: { strict: { maxExtensions: 0, afterMaxExtensions: 'retire' } } });
    const { keyId } = await world.issue({ policy: 'strict' });
    const execution = await toItsEnd(keyId);
    await use(keyId, 1, 9);
    await use(keyId, 2, 1);
    await execution.runAll('judge', 'retire');
    expect(the(keyId, 'retired').facts).toMatchObject({ evidence: 'stragglers', decidedBy: 'policy' });
  });

  it('that is taken back says why, once anybody was told of it', async () => {
    const { keyId } = await world.issue();
    await rotating(keyId).runAll('begin', 'generate');
    await rollbackRotation(rollbackDeps(), keyId, { actor: OPERATOR, reason: 'too soon' });
    expect(toldOf(keyId)).toEqual([]);
    await rotating(keyId, {}, 'r-2').toDualKey();
    await rollbackRotation(rollbackDeps(), keyId, { actor: OPERATOR, reason: 'it broke' });
    expect(toldOf(keyId)).toEqual(['rotation-started', 'rolled-back']);
    expect(the(keyId, 'rolled-back')).toMatchObject({
      noticeId: `r-2#rolled-back#${OWNER}`,
      facts: { version: 1, oldVersion: 3, reason: 'it broke' },
    });
  });

  it('that carries on with two accepted versions is told anew', async () => {
    const { keyId } = await world.issue();
    const failing = rotating(keyId);
    await failing.toDualKey();
    await failing.abandon();
    await rotating(keyId, {}, 'r-2').run('begin');
    expect(allOf(keyId).map(({ noticeId }) => noticeId)).toContain(`r-2#rotation-started#${OWNER}`);
  });
});

describe('an emergency', () => {
  const leaked = { purpose: 'emergency', reason: 'it leaked' };

  it('at once says that the old version is refused already, also beside a link', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await rotating(keyId, { ...leaked, immediateInvalidation: true }).toDualKey();
    expect(toldOf(keyId)).toEqual(['emergency']);
    expect(the(keyId, 'emergency').facts).toMatchObject({
      oldRefused: true,
      reason: 'it leaked',
      purpose: 'emergency',
      version: 2,
      oldVersion: 1,
    });
  });

  it('with a grace period says from when on it is refused, and that it then was, by an operator’s word', async () => {
    const { keyId } = await world.issue();
    const execution = await toItsEnd(keyId, leaked);
    const endsAtMs = world.clock.nowMs;
    await execution.runAll('judge', 'retire');
    expect(toldOf(keyId)).toEqual(['emergency', 'retired']);
    expect(the(keyId, 'emergency').facts).toMatchObject({ oldEndsAtMs: endsAtMs });
    expect(the(keyId, 'retired').facts).toMatchObject({ decidedBy: 'operator' });
  });
});

describe('a new version', () => {
  it('that could not be delivered is told to wait, once for each way however often it fails', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const execution = rotating(keyId);
    await execution.toDualKey();
    world.links.trouble = 'The sender is not verified.';
    await execution.run('deliver');
    await noteUndelivered(world.deps, { keyId, rotationId: 'r-1', failure: 'Again.' });
    expect(toldOf(keyId)).toEqual(['delivery-waiting']);
    expect(the(keyId, 'delivery-waiting').facts).toMatchObject({
      version: 2,
      undelivered: true,
      oldVersion: 1,
    });
  });

  it('that waits is told to an address once, also where that is written otherwise by then', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const execution = rotating(keyId);
    await execution.toDualKey();
    await tell(keyId, 'Ops@example.com');
    world.links.trouble = 'The sender is not verified.';
    await execution.run('deliver');
    await tell(keyId, 'ops@example.com');
    await noteUndelivered(world.deps, { keyId, rotationId: 'r-1', failure: 'Again.' });
    expect(toldOf(keyId)).toEqual(['delivery-waiting', 'delivery-waiting to Ops@example.com']);
  });

  it('that is turned to an operator is told to wait there; that it waits by its own way was told with it', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    const execution = rotating(keyId);
    await execution.toDualKey();
    await execution.run('deliver');
    await offerVersion(world.deps, keyId, { actor: OPERATOR, by: 'operator', again: true });
    expect(toldOf(keyId)).toEqual(['delivery-waiting']);
    expect(the(keyId, 'delivery-waiting').facts.delivery).toBe('operator');
    const own = (await world.issue()).keyId;
    await rotating(own).runAll('begin', 'generate', 'verify', 'activate', 'deliver');
    expect(toldOf(own)).toEqual(['rotation-started']);
  });

  it('that was taken says by which way, so that an owner who did not take it can say so', async () => {
    const { keyId } = await world.issue();
    await rotating(keyId).toDualKey();
    await claimKey(world.deps, keyId, OPERATOR);
    expect(the(keyId, 'received-elsewhere')).toMatchObject({
      noticeId: `v2#received-elsewhere#${OWNER}`,
      facts: { version: 2, receivedBy: 'claim' },
    });
    const byLink = (await world.issue({ delivery: 'claim-link' })).keyId;
    await world.take(byLink, await world.link(byLink));
    expect(the(byLink, 'received-elsewhere').facts).toMatchObject({ version: 1, receivedBy: 'link' });
  });
});

it('nothing else is anybody’s news', async () => {
  const { keyId } = await world.issue();
  const deps = { ...world.deps, uses: world.uses };
  for (const status of ['disabled', 'enabled', 'revoked'] as const) {
    await changeKeyStatus(deps, keyId, status, { actor: OPERATOR, reason: 'x' });
  }
  expect(toldOf(keyId)).toEqual([]);
});

const rollbackDeps = () => world.deps;
