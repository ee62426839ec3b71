import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import {
  approveRenewalKey,
  rejectRenewalKey,
  removeRenewalKey,
} from '../../../lambdas/core/use-cases/decide-renewal-key.ts';
import {
  PROPOSAL_LIFETIME_MS,
  type ProposeOutcome,
  proposeRenewalKey,
} from '../../../lambdas/core/use-cases/propose-renewal-key.ts';
import { Execution } from '../../support/machine.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import {
  audienceOf,
  enrolledWorld,
  RenewalWorld,
  registered,
  renewableWorld,
} from '../../support/renewal-world.ts';
import { type ProofParts, type RenewingClient, renewingClient } from '../../support/renewing-client.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const CALLER = { address: '203.0.113.9', userAgent: 'agent/1.0' };
const BY = { actor: OPERATOR, reason: 'a trial' };

async function propose(
  world: RenewalWorld,
  client: RenewingClient,
  keyId: string,
  version = 1,
  parts: ProofParts = {},
): Promise<ProposeOutcome> {
  const challenge = await world.challenge(keyId);
  const proof = await client.prove(
    { challenge, audience: audienceOf(keyId), keyId },
    {
      header: { typ: 'keyturn-proposal+jwt', ...parts.header },
      claims: { answerKey: undefined, publicKey: client.publicKey, ...parts.claims },
    },
  );
  const actor = { principal: `key:${keyId} version ${version}`, via: `renewal from ${CALLER.address}` };
  return proposeRenewalKey(world.renewing, {
    keyId,
    version,
    audience: audienceOf(keyId),
    proof,
    ...CALLER,
    actor,
  });
}

const approve = (world: RenewalWorld, keyId: string, thumbprint: string) =>
  approveRenewalKey(world.deps, keyId, { actor: OPERATOR, thumbprint });

async function issuedWorld() {
  const world = new RenewalWorld();
  const { keyId, key } = await world.issue();
  return { world, keyId, key, client: await renewingClient() };
}

describe('a client that holds the active key', () => {
  it('proposes a public key, which is on record with who it was, and changes nothing yet', async () => {
    const { world, keyId, client } = await issuedWorld();

    expect(await propose(world, client, keyId)).toEqual({
      outcome: 'proposed',
      thumbprint: client.thumbprint,
      expiresAtMs: world.clock.nowMs + PROPOSAL_LIFETIME_MS,
    });

    expect(world.record(keyId)).toMatchObject({
      delivery: 'operator',
      proposal: { thumbprint: client.thumbprint, version: 1, ...CALLER },
    });
    expect(world.record(keyId)).not.toHaveProperty('destination');
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'renewal.proposed',
      detail: { thumbprint: client.thumbprint, version: 1, ...CALLER },
    });
    expect((await world.renew(client, keyId)).outcome).toBe('refused');
  });

  it('renews once an operator has approved the thumbprint', async () => {
    const { world, keyId, client } = await issuedWorld();
    await propose(world, client, keyId);

    expect(await approve(world, keyId, client.thumbprint)).toBe('changed');

    expect(world.record(keyId)).toMatchObject({ delivery: 'renewal-key', destination: registered(client) });
    expect(world.record(keyId)).not.toHaveProperty('proposal');
    await new Execution(world, keyId).toDualKey();
    expect(await world.renew(client, keyId)).toMatchObject({ outcome: 'renewed', version: 2 });
    expect(world.actions(keyId).slice(0, 3)).toEqual(['key.issued', 'renewal.proposed', 'renewal.approved']);
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('may say it again, which is no other change', async () => {
    const { world, keyId, client } = await issuedWorld();
    const [first, again] = [await propose(world, client, keyId), await propose(world, client, keyId)];
    expect(again).toEqual(first);
    expect(world.actions(keyId)).toEqual(['key.issued', 'renewal.proposed']);
    await approve(world, keyId, client.thumbprint);
    expect(await propose(world, client, keyId)).toEqual({
      outcome: 'registered',
      thumbprint: client.thumbprint,
    });
  });

  it('must hold the private key of what it proposes', async () => {
    const { world, keyId, client } = await issuedWorld();
    const other = await renewingClient();
    const claims = { publicKey: other.publicKey };
    expect(await propose(world, client, keyId, 1, { claims })).toEqual({
      outcome: 'refused',
      fault: 'other-key',
    });
    const forged = { claims, header: { kid: other.thumbprint } };
    expect(await propose(world, client, keyId, 1, forged)).toEqual({
      outcome: 'refused',
      fault: 'signature',
    });
    expect(world.record(keyId)).not.toHaveProperty('proposal');
  });

  it('cannot propose by what it signed to renew, nor renew by what it signed to propose', async () => {
    const { world, keyId, client } = await enrolledWorld();
    const typ = { header: { typ: 'keyturn-renewal+jwt' } };
    expect(await propose(world, client, keyId, 1, typ)).toEqual({ outcome: 'refused', fault: 'malformed' });
    expect(await world.renew(client, keyId, { header: { typ: 'keyturn-proposal+jwt' } })).toEqual({
      outcome: 'refused',
      fault: 'malformed',
    });
  });

  it.each(['secrets-manager', 'vault'] as const)('cannot change where a key of %s goes', async (delivery) => {
    const world = new RenewalWorld();
    const { keyId } = await world.issue({ delivery });
    expect(await propose(world, await renewingClient(), keyId)).toEqual({ outcome: 'delivered-otherwise' });
  });
});

describe('a leaked key', () => {
  it('gets nothing by proposing: the operator’s word is on the owner’s thumbprint, not on the thief’s', async () => {
    const { world, keyId, client: thief } = await issuedWorld();
    const owner = await renewingClient();
    await propose(world, thief, keyId);

    expect(await approve(world, keyId, owner.thumbprint)).toBe('other-thumbprint');
    expect(await approve(world, keyId, '')).toBe('other-thumbprint');
    expect(await approve(world, keyId, thief.thumbprint.slice(0, 20))).toBe('other-thumbprint');

    await new Execution(world, keyId).toDualKey();
    expect((await world.renew(thief, keyId)).outcome).toBe('refused');
  });

  it('cannot push the owner’s proposal away, nor be pushed away unseen', async () => {
    const { world, keyId, client: owner } = await issuedWorld();
    const thief = await renewingClient();
    await propose(world, owner, keyId);
    expect(await propose(world, thief, keyId)).toEqual({ outcome: 'another-waits' });
    expect(world.record(keyId).proposal?.thumbprint).toBe(owner.thumbprint);

    expect(await rejectRenewalKey(world.deps, keyId, BY)).toBe('changed');
    expect(await propose(world, thief, keyId)).toMatchObject({ outcome: 'proposed' });
    expect(await propose(world, owner, keyId)).toEqual({ outcome: 'another-waits' });
  });

  it('cannot replace the key that is registered', async () => {
    const { world, client: owner, keyId } = await enrolledWorld();
    const thief = await renewingClient();
    await propose(world, thief, keyId);
    expect(world.record(keyId).destination).toEqual(registered(owner));
    expect((await world.renew(thief, keyId)).outcome).toBe('refused');
    expect((await world.renew(owner, keyId)).outcome).toBe('renewed');
  });

  it('proposes nothing that outlives it: with the version it was proposed with, the proposal lapses', async () => {
    const { world, keyId, client: thief } = await issuedWorld();
    await propose(world, thief, keyId);
    const emergency = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true };
    await new Execution(world, keyId, 'e-1', emergency).toDualKey();

    expect(await approve(world, keyId, thief.thumbprint)).toBe('nothing-proposed');
    expect(await propose(world, thief, keyId, 1)).toEqual({ outcome: 'not-active' });
  });

  it('that is deprecating proposes nothing', async () => {
    const { world, keyId, client } = await renewableWorld();
    expect(await propose(world, client, keyId, 1)).toEqual({ outcome: 'not-active' });
    expect(await propose(world, await renewingClient(), keyId, 2)).toMatchObject({ outcome: 'proposed' });
  });

  it('that is disabled, or is no key, proposes nothing', async () => {
    const { world, keyId, client } = await issuedWorld();
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    expect(await propose(world, client, keyId)).toEqual({ outcome: 'not-active' });
    expect(await propose(world, client, 'NoSuchKey000')).toEqual({ outcome: 'not-active' });
  });

  it('costs one write in a week, however often it proposes', async () => {
    const { world, keyId } = await issuedWorld();
    for (let times = 0; times < 10; times += 1) await propose(world, await renewingClient(), keyId);
    expect(world.actions(keyId)).toEqual(['key.issued', 'renewal.proposed']);
    world.clock.nowMs += PROPOSAL_LIFETIME_MS;
    await propose(world, await renewingClient(), keyId);
    expect(world.actions(keyId)).toEqual(['key.issued', 'renewal.proposed', 'renewal.proposed']);
  });
});

describe('a proposal', () => {
  it('stands for a week', async () => {
    const { world, keyId, client } = await issuedWorld();
    await propose(world, client, keyId);
    world.clock.nowMs += PROPOSAL_LIFETIME_MS;
    expect(await approve(world, keyId, client.thumbprint)).toBe('nothing-proposed');
  });

  it.each(['approve', 'reject', 'remove'] as const)(
    '%s: of an unknown, a revoked and an idle key',
    async (what) => {
      const { world, keyId } = await issuedWorld();
      const decide = (id: string) =>
        ({
          approve: () => approve(world, id, 'x'),
          reject: () => rejectRenewalKey(world.deps, id, BY),
          remove: () => removeRenewalKey(world.deps, id, BY),
        })[what]();
      expect(await decide('NoSuchKey000')).toBe('unknown-key');
      expect(await decide(keyId)).toBe(what === 'remove' ? 'nothing-registered' : 'nothing-proposed');
      await changeKeyStatus(world.deps, keyId, 'revoked', BY);
      expect(await decide(keyId)).toBe('revoked');
    },
  );
});

describe('a new public key in the place of a former one', () => {
  it('takes over what waits, and what the former was given is destroyed', async () => {
    const { world, client: former, keyId, fresh } = await renewableWorld();
    await world.renew(former, keyId);
    const next = await renewingClient('Ed25519', 'X25519');
    await propose(world, next, keyId, 2);
    await approve(world, keyId, next.thumbprint);

    expect(world.table.seals.has(`${keyId}/2`)).toBe(false);
    expect(await world.renew(next, keyId)).toEqual({ outcome: 'nothing-waits' });
    expect((await world.renew(former, keyId)).outcome).toBe('refused');
    expect((await world.authorizer().authorize(fresh)).outcome).toBe('allowed');
    expect(world.table.events.get(keyId)?.find(({ action }) => action === 'renewal.approved')).toMatchObject({
      detail: { thumbprint: next.thumbprint, former: former.thumbprint },
    });
  });

  it('may take what nobody was given', async () => {
    const { world, client: former, keyId } = await renewableWorld();
    const next = await renewingClient();
    await propose(world, next, keyId, 2);
    await approve(world, keyId, next.thumbprint);
    expect((await world.renew(former, keyId)).outcome).toBe('refused');
    expect(await world.renew(next, keyId)).toMatchObject({ outcome: 'renewed', version: 2, again: false });
  });
});

describe('a registered key that is removed', () => {
  it('renews nothing any more, and the next version is an operator’s to take', async () => {
    const { world, client, keyId } = await enrolledWorld();
    await world.renew(client, keyId);
    expect(world.table.seals.has(`${keyId}/1`)).toBe(true);

    expect(await removeRenewalKey(world.deps, keyId, BY)).toBe('changed');

    expect(world.table.seals.has(`${keyId}/1`)).toBe(false);
    expect(world.record(keyId)).toMatchObject({ delivery: 'operator' });
    expect(world.record(keyId)).not.toHaveProperty('destination');
    expect((await world.renew(client, keyId)).outcome).toBe('refused');
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'renewal.removed',
      reason: BY.reason,
      detail: { thumbprint: client.thumbprint },
    });
  });
});
