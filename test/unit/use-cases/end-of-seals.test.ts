/** Whatever ends a version's way to its owner destroys its sealed key, in the write that ends it; nothing else does. */
import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { SEAL_LIFETIME_MS } from '../../../lambdas/core/use-cases/generate-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

interface Scene {
  readonly world: MemoryWorld;
  readonly keyId: string;
  readonly execution: Execution;
}

const BY = { actor: OPERATOR, reason: 'a test' };
const sealed = ({ world, keyId }: Scene) => world.table.seals.has(`${keyId}/2`);

/** Version 2 lies sealed: pending, or accepted and waiting for its owner. */
async function scene(until: 'pending' | 'accepted', delivery: 'operator' | 'vault' = 'operator') {
  const world = new MemoryWorld();
  const { keyId } = await world.issue({ delivery });
  if (delivery === 'vault') await offerVersion(world.deps, keyId, { actor: OPERATOR });
  const execution = new Execution(world, keyId);
  await (until === 'pending' ? execution.runAll('begin', 'generate') : execution.toDualKey());
  const made = { world, keyId, execution };
  expect(sealed(made)).toBe(true);
  return made;
}

const emergency = ({ world, keyId }: Scene) =>
  new Execution(world, keyId, 'r-2', {
    purpose: 'emergency',
    reason: 'leaked',
    immediateInvalidation: true,
  }).toDualKey();

type End = readonly [what: string, make: () => Promise<Scene>, end: (scene: Scene) => Promise<unknown>];

const AT_ONCE: readonly End[] = [
  ['a claim', () => scene('accepted'), ({ world, keyId }) => claimKey(world.deps, keyId, OPERATOR)],
  ['its delivery to a place', () => scene('accepted', 'vault'), ({ execution }) => execution.run('deliver')],
  [
    'a rollback while it waits',
    () => scene('accepted'),
    ({ world, keyId }) => rollbackRotation(world.deps, keyId, BY),
  ],
  [
    'a rollback before it is accepted',
    () => scene('pending'),
    ({ world, keyId }) => rollbackRotation(world.deps, keyId, BY),
  ],
  [
    'a revocation',
    () => scene('accepted'),
    ({ world, keyId }) => changeKeyStatus(world.deps, keyId, 'revoked', BY),
  ],
  [
    'a revocation before it is accepted',
    () => scene('pending'),
    ({ world, keyId }) => changeKeyStatus(world.deps, keyId, 'revoked', BY),
  ],
  ['a rotation that fails', () => scene('pending'), ({ execution }) => execution.abandon()],
];
const ENDS: readonly End[] = [
  ...AT_ONCE,
  ['an emergency that takes its place', () => scene('pending'), emergency],
  ['an emergency that refuses it unclaimed', () => scene('accepted'), emergency],
];

describe('the sealed key of a version', () => {
  it.each(ENDS)('is destroyed by %s', async (_what, make, end) => {
    const made = await make();
    const { audit, revision } = made.world.record(made.keyId);
    await end(made);
    expect(sealed(made)).toBe(false);
    const after = made.world.record(made.keyId);
    expect(after.revision, 'with a change of the key').toBeGreaterThan(revision);
    expect(after.audit.sequence).toBeGreaterThan(audit.sequence);
  });

  it.each(AT_ONCE)(
    'stays where %s is not written, and is destroyed by the next try',
    async (_what, make, end) => {
      const made = await make();
      const { revision } = made.world.record(made.keyId);
      made.world.table.crashOnce('before');
      await expect(end(made)).rejects.toThrow('before the write');
      expect(made.world.record(made.keyId).revision).toBe(revision);
      expect(sealed(made)).toBe(true);
      await end(made);
      expect(sealed(made)).toBe(false);
    },
  );

  it('goes once it has expired, whoever asks for it', async () => {
    const made = await scene('accepted');
    made.world.clock.nowMs += SEAL_LIFETIME_MS;
    await claimKey(made.world.deps, made.keyId, OPERATOR);
    expect(sealed(made)).toBe(false);
  });

  it('is left by what ends nothing: a disabled key, the retirement of the version before, another key', async () => {
    const made = await scene('accepted');
    const { world, keyId, execution } = made;
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    await changeKeyStatus(world.deps, keyId, 'enabled', BY);
    const other = await world.issue();
    await changeKeyStatus(world.deps, other.keyId, 'revoked', BY);
    expect(sealed(made)).toBe(true);

    await world.uses.noteFirstUse(keyId, 2, world.clock.nowMs);
    world.clock.advanceSeconds(72 * 3600);
    expect(await execution.run('judge')).toMatchObject({ next: 'retire' });
    await execution.run('retire');
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(sealed(made)).toBe(true);
  });
});
