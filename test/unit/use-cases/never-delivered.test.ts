/** A new key that does not reach its owner: offered again on each occasion, never taken for delivered, and told. */
import { describe, expect, it } from 'vitest';
import type { KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import { deliverVersion, noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { judgeRotation } from '../../../lambdas/core/use-cases/judge-rotation.ts';
import { tokenHash } from '../../../lambdas/core/use-cases/offer-link.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import type { StepResult } from '../../../lambdas/core/use-cases/rotation-deps.ts';
import type { Delivery } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR, type WorldOptions } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const BY = { actor: OPERATOR, reason: 'its new key is gone' };

/** An owner who has version 1 alone, in the dual-key window of its first rotation, which was delivered. */
async function rotating(
  delivery: Delivery,
  options: WorldOptions = {},
  beforeDelivery: (world: MemoryWorld) => void = () => undefined,
) {
  const world = new MemoryWorld(options);
  const { keyId, key } = await world.issue({ delivery });
  await offerVersion(world.deps, keyId, { actor: OPERATOR });
  await world.authorizer().authorize(key);
  await new Execution(world, keyId).toDualKey();
  const step = { keyId, rotationId: 'r-1' };
  beforeDelivery(world);
  let waiting = await deliverOrNote(world, step);
  /** What the machine does until it waits again: the wait, the judgement and, if that says so, the delivery. */
  const next = async (): Promise<StepResult> => {
    world.clock.nowMs = Math.max(world.clock.nowMs, Date.parse(waiting.waitUntil as string));
    const judged = await judge();
    if (judged.next === 'wait') waiting = judged;
    if (judged.next === 'deliver') waiting = await deliverOrNote(world, step);
    return judged;
  };
  const judge = () => judgeRotation(world.deps, { ...step, deliversAgain: true });
  const fresh = () => world.record(keyId).versions.find(({ version }) => version === 2) as KeyVersion;
  const mails = () => world.links.sent.filter(({ version }) => version === 2);
  return { world, keyId, old: key, step, next, judge, fresh, mails, begin: waiting };
}

async function deliverOrNote(world: MemoryWorld, step: { keyId: string; rotationId: string }) {
  try {
    return await deliverVersion(world.deps, step);
  } catch (error) {
    return noteUndelivered(world.deps, { ...step, failure: (error as Error).message });
  }
}

const tokenOf = (url: string): string => tokenHash(url.split('/').at(-1) as string);

describe('a claim link that nobody has opened', () => {
  it('is sent anew with each reminder and each extension, and only the last one works', async () => {
    const { world, next, mails, fresh } = await rotating('claim-link');
    expect(mails()).toHaveLength(1);

    expect(await next()).toMatchObject({ next: 'deliver' });
    expect(await next()).toMatchObject({ next: 'deliver' });
    expect(mails()).toHaveLength(3);
    expect(await next()).toMatchObject({ next: 'deliver' });

    expect(world.record(mails()[0]?.keyId as string).rotation).toMatchObject({
      extensions: 1,
      verdict: { evidence: 'never-delivered', decision: 'extend', undelivered: 'waiting' },
    });
    const tokens = mails().map(({ url }) => tokenOf(url.reveal()));
    expect(new Set(tokens).size).toBe(4);
    expect(fresh().offer?.link?.tokenHash).toBe(tokens.at(-1));
    expect(mails().map(({ again }) => again)).toEqual([false, true, true, true]);
  });

  it('is sent as often while the old key is used: that its owner got nothing is what counts', async () => {
    const { world, old, next, mails, keyId } = await rotating('claim-link');
    for (const _ of [1, 2, 3]) {
      await world.authorizer().authorize(old);
      await next();
    }
    expect(mails()).toHaveLength(4);
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'stragglers',
      undelivered: 'waiting',
    });
  });

  it('is sent once an occasion, however often the steps are repeated', async () => {
    const { world, step, next, judge, mails, keyId } = await rotating('claim-link');
    await next();
    const events = world.actions(keyId).length;

    await Promise.all([deliverVersion(world.deps, step), judge(), deliverVersion(world.deps, step)]);
    expect((await judge()).next).toBe('wait');

    expect(mails()).toHaveLength(2);
    expect(world.actions(keyId)).toHaveLength(events);
  });

  it('is sent on the occasion that a crash has left open', async () => {
    const { world, step, next, judge, mails } = await rotating('claim-link');
    await next();
    world.clock.advanceSeconds(DAY_S);
    world.table.crashOnce('after');
    await expect(judge()).rejects.toThrow('The connection broke');

    expect(await judge()).toMatchObject({ next: 'deliver' });
    await deliverVersion(world.deps, step);
    expect(mails()).toHaveLength(3);
  });

  it('is sent no more once the key was received, by whatever way', async () => {
    const used = await rotating('claim-link');
    await used.world.authorizer().authorize(await used.world.sealedKey(used.keyId, 2));
    expect(await used.next()).toMatchObject({ next: 'wait' });
    expect(used.mails()).toHaveLength(1);
  });

  it('is sent no more while the rotation holds: the operator is told instead, each time', async () => {
    const { world, next, mails, keyId } = await rotating('claim-link');
    for (let occasion = 0; occasion < 2 + 8; occasion += 1) await next();
    expect(world.record(keyId).rotation).toMatchObject({ extensions: 7, verdict: { decision: 'hold' } });
    expect(mails()).toHaveLength(1 + 2 + 7);

    expect(await next()).toMatchObject({ next: 'wait' });
    expect(mails()).toHaveLength(1 + 2 + 7);
    expect(world.statuses(keyId)).toBe('1:deprecating 2:active');
  });

  it('is not sent for a disabled key', async () => {
    const { world, next, mails, keyId } = await rotating('claim-link');
    world.table.keys.set(keyId, { ...world.record(keyId), status: 'disabled' });
    expect(await next()).toMatchObject({ next: 'wait' });
    expect(mails()).toHaveLength(1);
  });

  it('is not sent by an execution whose definition cannot: it waits on', async () => {
    const { world, step, begin, mails } = await rotating('claim-link');
    world.clock.nowMs = Date.parse(begin.waitUntil as string);
    expect(await judgeRotation(world.deps, step)).toMatchObject({ next: 'wait' });
    expect(mails()).toHaveLength(1);
  });

  it('that failed is tried again while the rotation holds', async () => {
    const { world, next, mails, fresh } = await rotating('claim-link');
    for (let occasion = 0; occasion < 2 + 7; occasion += 1) await next();
    world.links.trouble = 'Amazon SES has paused sending for this account.';
    await offerVersion(world.deps, mails()[0]?.keyId as string, { actor: OPERATOR, again: true });
    const before = mails().length;

    expect(await next()).toMatchObject({ next: 'deliver' });
    expect(fresh().offer?.failure).toBe(world.links.trouble);
    world.links.trouble = undefined;
    expect(await next()).toMatchObject({ next: 'deliver' });

    expect(mails()).toHaveLength(before + 1);
    expect(fresh().offer).not.toHaveProperty('failure');
  });
});

describe.each(['secrets-manager', 'vault'] as const)('a place that cannot be written: %s', (delivery) => {
  const outage = (world: MemoryWorld) => {
    world.places[delivery].outage = 'The place is out of reach.';
  };

  it('is tried again on each occasion, and each failure is on record once', async () => {
    const { world, keyId, step, next, fresh } = await rotating(delivery, {}, outage);
    for (let occasion = 0; occasion < 2 + 8; occasion += 1) expect((await next()).next).toBe('deliver');
    await noteUndelivered(world.deps, { ...step, failure: 'The place is out of reach.' });

    expect(world.record(keyId).rotation?.verdict).toMatchObject({ decision: 'hold', undelivered: 'waiting' });
    expect(fresh().offer).toMatchObject({ by: delivery, failure: 'The place is out of reach.' });
    const failures = world.actions(keyId).filter((action) => action === 'version.not-delivered');
    expect(failures).toHaveLength(1 + 2 + 8);
  });

  it('has the key as soon as it can be written', async () => {
    const { world, keyId, next, fresh } = await rotating(delivery, {}, outage);
    const key = await world.sealedKey(keyId, 2);
    await next();
    world.places[delivery].outage = undefined;
    await next();

    expect(world.places[delivery].read(keyId)).toBe(key);
    expect(fresh()).toMatchObject({ receivedBy: 'placed' });
    expect(fresh().offer).not.toHaveProperty('failure');
    expect((await next()).next).toBe('retire');
  });
});

describe.each(['operator', 'renewal-key'] as const)('delivery %s', (delivery) => {
  it('sends nothing: the reminder is on record, and the machine waits', async () => {
    const { world, keyId, next, mails } = await rotating(delivery);
    expect(await next()).toMatchObject({ next: 'wait' });
    expect(await next()).toMatchObject({ next: 'wait' });
    expect(await next()).toMatchObject({ next: 'wait' });
    expect(mails()).toHaveLength(0);
    expect(world.actions(keyId).slice(-3)).toEqual([
      'rotation.reminded',
      'rotation.reminded',
      'rotation.judged',
    ]);
    expect(world.record(keyId).rotation?.verdict).toMatchObject({ undelivered: 'waiting' });
  });
});

describe('a key whose delivery was changed for once', () => {
  it('goes by that way again when its owner is reminded, and the next version by its own', async () => {
    const { world, keyId, next, mails, fresh } = await rotating('operator');
    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true, by: 'claim-link' });
    await next();

    expect(mails()).toHaveLength(2);
    expect(fresh().offer?.by).toBe('claim-link');
    expect(world.record(keyId).delivery).toBe('operator');
  });
});

describe('a new key that was not taken within fourteen days', () => {
  async function lost(options: WorldOptions = {}) {
    const played = await rotating('claim-link', options);
    for (let occasion = 0; occasion < 2 + 13; occasion += 1) await played.next();
    return played;
  }

  it('is on record as gone, and the old one is not taken from its owner', async () => {
    const { world, keyId, old, next, mails } = await lost();
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'never-delivered',
      decision: 'hold',
      undelivered: 'gone',
    });
    expect(world.table.events.get(keyId)?.at(-1)?.detail).toMatchObject({ undelivered: 'gone' });
    const sent = mails().length;
    expect(await next()).toMatchObject({ next: 'wait' });
    expect(mails()).toHaveLength(sent);
    expect((await world.authorizer().authorize(old)).outcome).toBe('allowed');
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('is given up by a rollback, after which another is made and sent', async () => {
    const { world, keyId, old, mails } = await lost();
    expect(await rollbackRotation(world.deps, keyId, BY)).toMatchObject({ outcome: 'rolled-back' });
    expect(world.statuses(keyId)).toBe('1:active 2:retired');

    await new Execution(world, keyId, 'r-2').toDualKey();
    await deliverVersion(world.deps, { keyId, rotationId: 'r-2' });

    expect(world.links.sent.at(-1)).toMatchObject({ version: 3 });
    expect((await world.authorizer().authorize(old)).outcome).toBe('allowed');
    expect(mails().length).toBeGreaterThan(0);
  });

  it('is given up also where the policy forbids rollback: nobody can have moved to it', async () => {
    const forbidden = { policies: { standard: { rollback: false } } };
    const waiting = await rotating('claim-link', forbidden);
    expect((await rollbackRotation(waiting.world.deps, waiting.keyId, BY)).outcome).toBe(
      'forbidden-by-policy',
    );

    const { world, keyId } = await lost(forbidden);
    expect((await rollbackRotation(world.deps, keyId, BY)).outcome).toBe('rolled-back');
  });
});
