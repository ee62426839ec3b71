/** Somebody else took the key: who has the link says so, and it is on record and an alarm, once. */
import { describe, expect, it } from 'vitest';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { linkedWorld, rotatedWorld, VISITOR } from '../../support/claim-world.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

describe('a report that it was somebody else', () => {
  it('is on record with when the key was taken, and an alarm', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    const takenAtMs = world.clock.nowMs;
    world.clock.advanceSeconds(90);
    const disputedAtMs = world.clock.nowMs;

    expect(await world.report(keyId, token)).toEqual({
      outcome: 'disputed',
      version: 1,
      takenAtMs,
      disputedAtMs,
      again: false,
    });
    expect(world.disputes).toEqual([`${keyId}/1`]);
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'security.claim-disputed',
      actor: VISITOR,
      atMs: disputedAtMs,
      detail: { version: 1, takenAt: new Date(takenAtMs).toISOString() },
    });
    expect(chainHolds(world, keyId)).toBe(true);
    expect(await world.take(keyId, token)).toMatchObject({ outcome: 'taken', takenAtMs, disputedAtMs });
  });

  it('is both once, however often and at whatever moment it is pressed', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    world.table.turn = () => new Promise((resolve) => setImmediate(resolve));
    const all = await Promise.all(Array.from({ length: 4 }, () => world.report(keyId, token)));
    world.clock.advanceSeconds(3600);
    all.push(await world.report(keyId, token));

    const first = world.record(keyId).versions[0]?.claimDisputedAtMs;
    expect(all).toEqual(all.map(() => expect.objectContaining({ outcome: 'disputed', disputedAtMs: first })));
    expect(world.disputes).toHaveLength(1);
    expect(world.actions(keyId).filter((action) => action === 'security.claim-disputed')).toHaveLength(1);
  });

  it('is one for each version that is taken', async () => {
    const { world, keyId, oldToken, token } = await rotatedWorld();
    await world.take(keyId, token);
    await world.report(keyId, token);
    await world.report(keyId, oldToken);
    expect(world.disputes).toEqual([`${keyId}/2`, `${keyId}/1`]);
  });

  it('of a key that nobody has taken takes nothing and reports nothing', async () => {
    const { world, keyId, token } = await linkedWorld();
    const { revision } = world.record(keyId);
    expect(await world.report(keyId, token)).toEqual({ outcome: 'not-taken', version: 1 });
    expect(world.record(keyId).revision).toBe(revision);
    expect(world.disputes).toEqual([]);
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('is nobody’s who lacks the link', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    expect(await world.report(keyId, `${token}x`)).toEqual({ outcome: 'wrong' });
    expect(await world.report('NoSuchKey000', token)).toEqual({ outcome: 'wrong' });
    expect(world.disputes).toEqual([]);
    expect(world.record(keyId).versions[0]).not.toHaveProperty('claimDisputedAtMs');
  });
});

describe('after a report', () => {
  const IMMEDIATE = { purpose: 'emergency', reason: 'Claim disputed', immediateInvalidation: true };

  it('the emergency sends no link to where the last one was read: the operator takes the key', async () => {
    const { world, keyId, key: stolen, token } = await linkedWorld();
    await world.take(keyId, token);
    await world.report(keyId, token);
    const sent = world.links.sent.length;
    const emergency = new Execution(world, keyId, 'r-1', IMMEDIATE);
    await emergency.toDualKey();
    await emergency.run('deliver');

    expect(world.links.sent).toHaveLength(sent);
    expect(world.record(keyId).versions[1]).toMatchObject({ offer: { by: 'operator' } });
    const claimed = await claimKey(world.deps, keyId, OPERATOR);
    expect(claimed.outcome).toBe('claimed');
    expect((await world.authorizer().authorize(stolen)).outcome).not.toBe('allowed');
  });

  it('a link that waits is not mailed again with the next reminder, and becomes a wrong one', async () => {
    const { world, keyId, oldToken, token, execution } = await rotatedWorld();
    await world.report(keyId, oldToken);
    const sent = world.links.sent.length;
    const { reminders } = world.record(keyId).rotation ?? {};
    world.clock.nowMs = reminders?.[0]?.atMs as number;
    await execution.run('judge');
    await execution.run('deliver');
    expect(world.links.sent).toHaveLength(sent);
    expect(await world.take(keyId, token)).toEqual({ outcome: 'wrong' });
  });

  it('links go by themselves again once one that the operator sent was taken and not disputed', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    await world.report(keyId, token);
    await new Execution(world, keyId, 'r-1', IMMEDIATE).toDualKey();
    await world.take(keyId, await world.link(keyId));
    const sent = world.links.sent.length;
    const next = new Execution(world, keyId, 'r-2');
    await next.toDualKey();
    await next.run('deliver');
    expect(world.links.sent).toHaveLength(sent + 1);
  });
});
