/** Keys that their owners take by links: once, while the link and the key are good, and what is said after that. */
import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { linkedWorld, rotatedWorld, VISITOR } from '../../support/claim-world.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

describe('the right link', () => {
  it('gives the key, says what it is, destroys its seal, and is on record', async () => {
    const { world, keyId, key, token } = await linkedWorld();
    const taken = await world.take(keyId, token);

    expect(taken).toMatchObject({
      outcome: 'claimed',
      about: { keyId, name: 'A client', environment: 'live', version: 1 },
    });
    expect(taken.outcome === 'claimed' && taken.key.reveal()).toBe(key);
    expect((await world.authorizer().authorize(key)).outcome).toBe('allowed');
    expect(world.table.seals.size).toBe(0);
    expect(world.record(keyId).versions[0]).toMatchObject({
      receivedBy: 'link',
      receivedAtMs: world.clock.nowMs,
    });
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'version.claimed',
      actor: VISITOR,
      detail: { version: 1, delivery: 'claim-link', by: 'link' },
    });
    expect(chainHolds(world, keyId)).toBe(true);
    expect(world.tries.counted.size).toBe(0);
  });

  it('says of a rotation until when the version before is accepted', async () => {
    const { world, keyId, token } = await rotatedWorld();
    const expiresAtMs = world.record(keyId).versions[0]?.expiresAtMs as number;
    expect(await world.take(keyId, token)).toMatchObject({
      about: { version: 2, previous: { version: 1, expiresAtMs } },
    });
  });

  it('gives it to exactly one of many at once, and tells the others that it was taken', async () => {
    const { world, keyId, token } = await linkedWorld();
    world.table.turn = () => new Promise((resolve) => setImmediate(resolve));
    const all = await Promise.all(Array.from({ length: 5 }, () => world.take(keyId, token)));
    const outcomes = all.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['claimed', 'taken', 'taken', 'taken', 'taken']);
    expect(world.actions(keyId).filter((action) => action === 'version.claimed')).toHaveLength(1);
  });

  it('gives nothing that was not written down: a crash hands no key out', async () => {
    const { world, keyId, token } = await linkedWorld();
    world.table.crashOnce('before');
    await expect(world.take(keyId, token)).rejects.toThrow();
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('works until its end, and not from then on', async () => {
    const { world, keyId, token } = await linkedWorld();
    const expiredAtMs = world.record(keyId).versions[0]?.offer?.link?.expiresAtMs as number;
    expect(expiredAtMs).toBeGreaterThan(world.clock.nowMs);
    world.clock.nowMs = expiredAtMs;
    expect(await world.take(keyId, token)).toEqual({ outcome: 'expired', version: 1, expiredAtMs });
    world.clock.nowMs = expiredAtMs - 1;
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('is put off by a disabled key, and works once that is enabled again', async () => {
    const { world, keyId, token } = await linkedWorld();
    const change = (to: 'disabled' | 'enabled') =>
      changeKeyStatus(world.deps, keyId, to, { reason: 'test', actor: OPERATOR });
    await change('disabled');
    expect(await world.take(keyId, token)).toEqual({ outcome: 'disabled', version: 1 });
    await change('enabled');
    expect((await world.take(keyId, token)).outcome).toBe('claimed');
  });

  it('of a revoked key gives nothing, ever', async () => {
    const { world, keyId, token } = await linkedWorld();
    await changeKeyStatus(world.deps, keyId, 'revoked', { reason: 'test', actor: OPERATOR });
    expect(await world.take(keyId, token)).toEqual({ outcome: 'withdrawn', version: 1 });
  });

  it('of a version that another has followed gives neither of them', async () => {
    const { world, keyId, token } = await linkedWorld();
    await new Execution(world, keyId).toDualKey();
    expect(await world.take(keyId, token)).toEqual({ outcome: 'withdrawn', version: 1 });
    expect(world.record(keyId).versions[1]).not.toHaveProperty('receivedAtMs');
  });

  it('of a version that was taken back gives nothing', async () => {
    const { world, keyId, token } = await rotatedWorld();
    await rollbackRotation(world.deps, keyId, { reason: 'test', actor: OPERATOR });
    expect(await world.take(keyId, token)).toEqual({ outcome: 'withdrawn', version: 2 });
  });

  it('to a seal that was tampered with gives nothing, and is an alarm', async () => {
    const { world, keyId, token } = await linkedWorld();
    const [name, sealed] = [...world.table.seals][0] ?? [];
    world.table.seals.set(String(name), { ...sealed, expiresAtMs: world.clock.nowMs + 1e12 } as never);
    await expect(world.take(keyId, token)).rejects.toMatchObject({ name: 'SealBroken' });
    expect(world.brokenSeals).toEqual([`${keyId}/1`]);
  });
});

describe('a link that was used', () => {
  it('says when, however often it is opened, and changes nothing', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    const takenAtMs = world.clock.nowMs;
    const { revision } = world.record(keyId);
    for (const afterSeconds of [1, 14 * 86_400, 90 * 86_400]) {
      world.clock.advanceSeconds(afterSeconds);
      expect(await world.take(keyId, token)).toEqual({ outcome: 'taken', version: 1, takenAtMs });
    }
    expect(world.record(keyId).revision).toBe(revision);
  });

  it('is recognised while its version is in the record, retired or revoked too', async () => {
    const { world, keyId, oldToken, execution } = await rotatedWorld();
    const taken = { outcome: 'taken', version: 1, takenAtMs: world.record(keyId).versions[0]?.receivedAtMs };
    expect(await world.take(keyId, oldToken)).toEqual(taken);
    await world.uses.noteFirstUse(keyId, 2, world.clock.nowMs);
    await execution.waitAndJudge(await execution.run('deliver'));
    await execution.run('retire');
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(await world.take(keyId, oldToken)).toEqual(taken);
    await changeKeyStatus(world.deps, keyId, 'revoked', { reason: 'test', actor: OPERATOR });
    expect(await world.take(keyId, oldToken)).toEqual(taken);
  });

  it('is a wrong one once its version has left the record, five retired ones later', async () => {
    const { world, keyId, token } = await linkedWorld();
    await world.take(keyId, token);
    for (let number = 0; number < 7; number += 1) {
      await new Execution(world, keyId, `r-${number}`, {
        purpose: 'emergency',
        reason: 'test',
        immediateInvalidation: true,
      }).toDualKey();
    }
    expect(world.record(keyId).versions.some(({ version }) => version === 1)).toBe(false);
    expect(await world.take(keyId, token)).toEqual({ outcome: 'wrong' });
  });
});
