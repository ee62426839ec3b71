/** What could go wrong between the place, the record and whoever else has the key's fate in hand. */
import { describe, expect, it } from 'vitest';
import type { LinkSender } from '../../../lambdas/core/ports/key-place.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { deliverVersion, noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { noteFailure } from '../../../lambdas/core/use-cases/note-failure.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { takeByLink } from '../../../lambdas/core/use-cases/take-by-link.ts';
import type { Delivery } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryClaimTries } from '../../support/memory-claim-tries.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';

const STEP = (keyId: string, rotationId = 'r-1') => ({ keyId, rotationId });
const BY = { actor: OPERATOR, reason: 'a trial' };

/** Issued and placed, and in the dual-key window of its first rotation. */
async function rotating(delivery: Delivery) {
  const world = new MemoryWorld();
  const { keyId, key: old } = await world.issue({ delivery });
  await offerVersion(world.deps, keyId, { actor: OPERATOR });
  await new Execution(world, keyId).toDualKey();
  return { world, keyId, old, fresh: await world.sealedKey(keyId, 2) };
}

/** Once, before the next write to the place. */
function onceBeforeWrite(
  world: MemoryWorld,
  place: 'secrets-manager' | 'vault',
  act: () => Promise<unknown>,
) {
  let done = false;
  world.places[place].beforeWrite = async () => {
    if (done) return;
    done = true;
    await act();
  };
}

describe.each(['secrets-manager', 'vault'] as const)('a key in a place: %s', (delivery) => {
  it('that is revoked while it is put there does not stay there', async () => {
    const { world, keyId } = await rotating(delivery);
    onceBeforeWrite(world, delivery, () => changeKeyStatus(world.deps, keyId, 'revoked', BY));

    await deliverVersion(world.deps, STEP(keyId));

    expect(world.record(keyId).status).toBe('revoked');
    expect(world.places[delivery].read(keyId)).toBeUndefined();
    expect(world.actions(keyId).at(-1)).toBe('key.revoked');
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('whose rotation is taken back while the place is out of reach is there again when that is repeated', async () => {
    const { world, keyId, old } = await rotating(delivery);
    await deliverVersion(world.deps, STEP(keyId));
    world.places[delivery].outage = 'unreachable';
    await expect(rollbackRotation(world.deps, keyId, BY)).rejects.toThrow('unreachable');
    expect(world.statuses(keyId)).toBe('1:active 2:retired');
    expect(await world.executions.stateOf(arnOf('r-1'))).toBe('ended');

    world.places[delivery].outage = undefined;
    await rollbackRotation(world.deps, keyId, BY);

    expect(world.places[delivery].read(keyId)).toBe(old);
    expect(world.actions(keyId).filter((action) => action === 'rotation.rolled-back')).toHaveLength(1);
  });

  it('whose rotation is taken back while a write succeeds that looks as if it failed is there again', async () => {
    const { world, keyId, old } = await rotating(delivery);
    const place = world.places[delivery];
    onceBeforeWrite(world, delivery, () => rollbackRotation(world.deps, keyId, BY));
    const put = place.put.bind(place);
    place.put = async (...args) => {
      await put(...args);
      throw new Error('timed out');
    };

    await expect(deliverVersion(world.deps, STEP(keyId))).rejects.toThrow('timed out');

    expect(place.read(keyId)).toBe(old);
  });

  it('is not taken by a claim while it is put there instead', async () => {
    const { world, keyId } = await rotating(delivery);
    await offerVersion(world.deps, keyId, { actor: OPERATOR, by: 'operator', again: true });
    let claimed = 'not tried';
    onceBeforeWrite(world, delivery, async () => {
      claimed = (await claimKey(world.deps, keyId, OPERATOR)).outcome;
    });

    await offerVersion(world.deps, keyId, { actor: OPERATOR, by: delivery, again: true });

    expect(claimed).toBe('nothing-to-claim');
    expect(world.record(keyId).versions[1]).toMatchObject({ receivedBy: 'placed' });
  });
});

describe('a delivery that failed', () => {
  it('is told in whole characters, however long its reason: half a one cannot be hashed', async () => {
    const { world, keyId } = await rotating('vault');
    await noteUndelivered(world.deps, { ...STEP(keyId), failure: `${'x'.repeat(299)}\u{1f511} and more` });
    expect(world.table.events.get(keyId)?.at(-1)?.reason).not.toMatch(/\p{Cs}/u);
  });

  it('is not noted of a version that another rotation has made since, and offered', async () => {
    const { world, keyId } = await rotating('claim-link');
    const emergency = new Execution(world, keyId, 'e-1', { purpose: 'emergency', reason: 'leaked' });
    await emergency.toDualKey();
    await deliverVersion(world.deps, STEP(keyId, 'e-1'));

    await noteUndelivered(world.deps, { ...STEP(keyId), failure: 'Error: throttled' });

    expect(world.record(keyId).versions.find(({ version }) => version === 3)?.offer).not.toHaveProperty(
      'failure',
    );
    expect(world.actions(keyId)).not.toContain('version.not-delivered');
  });

  it('is not noted of the version that a rollback has gone back to', async () => {
    const world = new MemoryWorld();
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    await new Execution(world, keyId).toDualKey();
    await rollbackRotation(world.deps, keyId, BY);

    await noteUndelivered(world.deps, { ...STEP(keyId), failure: 'Error: throttled' });

    expect(world.record(keyId).versions[0]?.offer).not.toHaveProperty('failure');
  });
});

describe('a rotation by Secrets Manager', () => {
  it('puts no version into the secret that its owner gets another way', async () => {
    const bench = await SecretRotationBench.make();
    const { deps } = bench.world;
    await new Execution(bench.world, bench.keyId).toDualKey();
    await offerVersion(deps, bench.keyId, { actor: OPERATOR, by: 'claim-link', again: true });

    bench.begin(TOKENS[0]);
    const created = await bench.step('createSecret', TOKENS[0]);

    expect(created).toMatchObject({ outcome: 'refused' });
    expect(bench.stages).toBe('AWSCURRENT:1 AWSPENDING:empty');
  });
});

describe('a try that fails late', () => {
  it('says nothing of a version that has taken the place of the one that was tried', async () => {
    const { world, keyId } = await rotating('claim-link');
    const { sender, ...links } = world.deps.links;
    const slow: LinkSender = {
      send: async () => {
        const emergency = new Execution(world, keyId, 'e-1', { purpose: 'emergency', reason: 'leaked' });
        await emergency.toDualKey();
        await deliverVersion(world.deps, STEP(keyId, 'e-1'));
        return 'Amazon SES rejected the mail.';
      },
    };
    const deps = { ...world.deps, links: { ...links, sender: slow } };
    expect(sender).toBeDefined();

    const offered = await offerVersion(deps, keyId, { actor: OPERATOR, again: true });

    expect(offered.outcome).toBe('nothing-waits');
    const latest = world.record(keyId).versions.find(({ version }) => version === 3);
    expect(latest?.offer).not.toHaveProperty('failure');
  });

  it('to go another way leaves no link that works beside that way', async () => {
    const { world, keyId } = await rotating('vault');
    await offerVersion(world.deps, keyId, { actor: OPERATOR, by: 'claim-link', again: true });
    const token = world.links.sent.at(-1)?.url.reveal().split('/').at(-1) as string;

    // As an operator's `deliver --by vault` that lost every race before it had written anything.
    const how = { actor: OPERATOR, by: 'vault' as const };
    await noteFailure(world.deps, keyId, { ...how, version: 2 }, 'WriteContention.');

    const taken = await takeByLink(
      { ...world.deps, tries: new MemoryClaimTries() },
      { keyId, token, actor: OPERATOR },
    );
    expect(taken.outcome).toBe('wrong');
    await offerVersion(world.deps, keyId, { ...how, again: true });
    expect(world.record(keyId).versions[1]).toMatchObject({ receivedBy: 'placed' });
  });
});
