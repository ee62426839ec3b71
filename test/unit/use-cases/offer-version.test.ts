import { describe, expect, it } from 'vitest';
import type { Destination, KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { deliverVersion, noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { tokenHash } from '../../../lambdas/core/use-cases/offer-link.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { Delivery } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const STEP = (keyId: string) => ({ keyId, rotationId: 'r-1' });
const BY = { actor: OPERATOR, reason: 'a trial' };

async function issued(delivery: Delivery, destination?: Exclude<Destination, { kind: 'secret' }>) {
  const world = new MemoryWorld();
  const { keyId, key } = await world.issue({ delivery, ...(destination ? { destination } : {}) });
  return { world, keyId, key };
}

/** Issued, received, and in the dual-key window of its first rotation. */
async function rotating(delivery: Delivery) {
  const { world, keyId, key } = await issued(delivery);
  await offerVersion(world.deps, keyId, { actor: OPERATOR });
  await new Execution(world, keyId).toDualKey();
  return { world, keyId, old: key, fresh: await world.sealedKey(keyId, 2) };
}

const versionOf = (world: MemoryWorld, keyId: string, number: number): KeyVersion | undefined =>
  world.record(keyId).versions.find(({ version }) => version === number);

describe('a key that is issued', () => {
  it('to an operator lies nowhere: it is printed, and received by that', async () => {
    const { world, keyId } = await issued('operator');
    expect(world.table.seals.size).toBe(0);
    expect(versionOf(world, keyId, 1)).toMatchObject({ receivedBy: 'issue' });
    expect(await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true })).toMatchObject({
      outcome: 'received',
    });
  });

  it.each(['claim-link', 'secrets-manager', 'vault', 'renewal-key'] as const)(
    'for delivery %s lies sealed until then',
    async (delivery) => {
      const { world, keyId, key } = await issued(delivery);
      expect(await world.sealedKey(keyId, 1)).toBe(key);
      expect(versionOf(world, keyId, 1)).not.toHaveProperty('receivedAtMs');
    },
  );
});

describe.each([
  ['secrets-manager', { kind: 'secret', name: expect.stringMatching(/^keyturn\/[0-9A-Za-z]{12}$/) }],
  ['vault', { kind: 'vault', path: expect.stringMatching(/^keyturn\/[0-9A-Za-z]{12}$/) }],
] as const)('a place: %s', (delivery, destination) => {
  it('gets the key when it is issued, and the seal is destroyed by the write that says so', async () => {
    const { world, keyId, key } = await issued(delivery);
    expect(world.record(keyId).destination).toEqual(destination);

    expect(await offerVersion(world.deps, keyId, { actor: OPERATOR })).toMatchObject({ outcome: 'offered' });

    expect(world.places[delivery].read(keyId)).toBe(key);
    expect(world.table.seals.size).toBe(0);
    expect(versionOf(world, keyId, 1)).toMatchObject({
      receivedBy: 'placed',
      receivedAtMs: world.clock.nowMs,
      offer: { by: delivery, atMs: world.clock.nowMs },
    });
    expect(world.actions(keyId)).toEqual(['key.issued', 'version.offered']);
  });

  it('gets the new key of a rotation with the announced end of the one before', async () => {
    const { world, keyId, fresh } = await rotating(delivery);

    const answer = await deliverVersion(world.deps, STEP(keyId));

    expect(answer).toMatchObject({ next: 'wait' });
    expect(world.places[delivery].read(keyId)).toBe(fresh);
    const endsAtMs = versionOf(world, keyId, 1)?.expiresAtMs;
    expect(world.places[delivery].versions.get(keyId)?.at(-1)).toMatchObject({
      version: 2,
      previousExpiresAtMs: endsAtMs,
    });
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('gets it once, however often the step is repeated', async () => {
    const { world, keyId } = await rotating(delivery);
    const answers = await Promise.all([1, 2, 3].map(() => deliverVersion(world.deps, STEP(keyId))));
    await deliverVersion(world.deps, STEP(keyId));

    expect(new Set(answers.map(({ next }) => next))).toEqual(new Set(['wait']));
    expect(world.places[delivery].versions.get(keyId)).toHaveLength(2);
    expect(world.actions(keyId).filter((action) => action === 'version.offered')).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)('survives a crash %s its write is on record', async (when) => {
    const { world, keyId, fresh } = await rotating(delivery);
    world.table.crashOnce(when);
    await expect(deliverVersion(world.deps, STEP(keyId))).rejects.toThrow('The connection broke');

    expect(await deliverVersion(world.deps, STEP(keyId))).toMatchObject({ next: 'wait' });
    expect(world.places[delivery].read(keyId)).toBe(fresh);
    expect(versionOf(world, keyId, 2)).toMatchObject({ receivedBy: 'placed' });
  });

  it('gives the old key back when the rotation is taken back', async () => {
    const { world, keyId, old } = await rotating(delivery);
    await deliverVersion(world.deps, STEP(keyId));

    await rollbackRotation(world.deps, keyId, BY);

    expect(world.places[delivery].read(keyId)).toBe(old);
  });

  it('gives the old key back when the rotation is taken back while the new one is written', async () => {
    const { world, keyId, old } = await rotating(delivery);
    let first = true;
    world.places[delivery].beforeWrite = async () => {
      if (!first) return;
      first = false;
      await rollbackRotation(world.deps, keyId, BY);
    };

    expect(await deliverVersion(world.deps, STEP(keyId))).toMatchObject({ next: 'done' });

    expect(world.statuses(keyId)).toBe('1:active 2:retired');
    expect(world.places[delivery].read(keyId)).toBe(old);
  });

  it('is emptied when the key is revoked', async () => {
    const { world, keyId } = await rotating(delivery);
    await changeKeyStatus(world.deps, keyId, 'revoked', BY);
    expect(world.places[delivery].read(keyId)).toBeUndefined();
  });

  it('that is out of reach keeps a rotation from starting, and says why, but no emergency', async () => {
    const { world, keyId } = await issued(delivery);
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    world.places[delivery].outage = 'The vault at vault.example.com is sealed.';

    const refused = await new Execution(world, keyId).run('begin');
    expect(refused).toMatchObject({ next: 'refuse', message: 'The vault at vault.example.com is sealed.' });
    expect(world.record(keyId)).not.toHaveProperty('rotation');
    const emergency = new Execution(world, keyId, 'e-1', { purpose: 'emergency', reason: 'leaked' });
    expect(await emergency.run('begin')).toMatchObject({ next: 'generate' });
  });

  it('that fails is on record as not delivered, and the old version is not taken from its owner', async () => {
    const { world, keyId, old } = await rotating(delivery);
    world.places[delivery].outage = 'unreachable';
    await expect(deliverVersion(world.deps, STEP(keyId))).rejects.toThrow('unreachable');

    const answer = await noteUndelivered(world.deps, { ...STEP(keyId), failure: 'Error: unreachable' });
    expect(answer).toMatchObject({ next: 'wait' });
    expect(versionOf(world, keyId, 2)?.offer).toMatchObject({ by: delivery, failure: 'Error: unreachable' });
    const execution = new Execution(world, keyId);
    world.clock.advanceSeconds(72 * 3_600);
    await execution.run('judge');
    expect(world.record(keyId).rotation?.verdict).toMatchObject({
      evidence: 'never-delivered',
      decision: 'extend',
    });
    expect((await world.authorizer().authorize(old)).outcome).toBe('allowed');

    world.places[delivery].outage = undefined;
    expect(await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true })).toMatchObject({
      outcome: 'offered',
      version: { receivedBy: 'placed', offer: { by: delivery } },
    });
  });
});

describe('a claim link', () => {
  const tokenIn = (url: string): string => url.split('/').at(-1) as string;

  it('goes to the owner, with a token whose hash alone is on record', async () => {
    const { world, keyId } = await rotating('claim-link');
    await deliverVersion(world.deps, STEP(keyId));

    const link = world.links.sent.at(-1);
    const url = link?.url.reveal() as string;
    expect(link).toMatchObject({ to: 'team@example.com', keyId, version: 2 });
    expect(url).toMatch(new RegExp(`^https://keys.example.com/claim/${keyId}/[A-Za-z0-9_-]{43}$`));
    expect(versionOf(world, keyId, 2)?.offer).toEqual({
      by: 'claim-link',
      atMs: world.clock.nowMs,
      link: { tokenHash: tokenHash(tokenIn(url)), expiresAtMs: world.clock.nowMs + 7 * DAY_MS },
    });
    expect(JSON.stringify([...world.table.keys, ...world.table.events])).not.toContain(tokenIn(url));
  });

  it('never outlives the sealed key', async () => {
    const { world, keyId } = await rotating('claim-link');
    world.clock.advanceSeconds(10 * 86_400);
    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true });

    const seal = world.table.seals.get(`${keyId}/2`);
    expect(world.links.sent.at(-1)?.expiresAtMs).toBe(seal?.expiresAtMs);
  });

  it('is sent again with another token when it was not certain to be out, and the former one is dead', async () => {
    const { world, keyId } = await rotating('claim-link');
    const before = world.links.sent.length;
    world.links.outage = 'throttled';
    await expect(deliverVersion(world.deps, STEP(keyId))).rejects.toThrow('throttled');
    expect(versionOf(world, keyId, 2)?.offer?.failure).toBe('The link is not out yet.');

    world.links.outage = undefined;
    await deliverVersion(world.deps, STEP(keyId));
    await deliverVersion(world.deps, STEP(keyId));

    expect(world.links.sent).toHaveLength(before + 1);
    const token = tokenIn(world.links.sent.at(-1)?.url.reveal() as string);
    expect(versionOf(world, keyId, 2)?.offer?.link?.tokenHash).toBe(tokenHash(token));
  });

  it('works as long as the policy of its key says', async () => {
    const world = new MemoryWorld({ policies: { brief: { claimLinkLifetime: 'PT2H' } } });
    const { keyId } = await world.issue({ delivery: 'claim-link', policy: 'brief' });
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    expect(world.links.sent.at(-1)?.expiresAtMs).toBe(world.clock.nowMs + 2 * 3_600_000);

    const deps = {
      ...world.deps,
      policies: new Map([...world.deps.policies].filter(([name]) => name !== 'brief')),
    };
    await offerVersion(deps, keyId, { actor: OPERATOR, again: true });
    expect(world.links.sent.at(-1)?.expiresAtMs).toBe(world.clock.nowMs + 7 * DAY_MS);
  });

  it('says what becomes of the key that its owner has', async () => {
    const first = await issued('claim-link');
    await offerVersion(first.world.deps, first.keyId, { actor: OPERATOR });
    expect(first.world.links.sent[0]).not.toHaveProperty('previous');
    expect(first.world.links.sent[0]).toMatchObject({ environment: 'live', version: 1, again: false });

    const { world, keyId } = await rotating('claim-link');
    await deliverVersion(world.deps, STEP(keyId));
    const endsAtMs = versionOf(world, keyId, 1)?.expiresAtMs;
    expect(world.links.sent.at(-1)).toMatchObject({
      previous: { state: 'ends', atMs: endsAtMs },
      again: false,
    });

    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true });
    expect(world.links.sent.at(-1)).toMatchObject({ again: true });
  });

  it.each([
    [{}, (world: MemoryWorld) => ({ state: 'refused-at', atMs: world.clock.nowMs + 3_600_000 })],
    [{ immediateInvalidation: true }, () => ({ state: 'refused' })],
  ])('says in an emergency %j when the old key is refused', async (more, previous) => {
    const { world, keyId } = await issued('claim-link');
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    const request = { purpose: 'emergency', reason: 'leaked', ...more };
    await new Execution(world, keyId, 'r-1', request).toDualKey();
    await deliverVersion(world.deps, STEP(keyId));
    expect(world.links.sent.at(-1)).toMatchObject({ version: 2, previous: previous(world) });
  });

  it('is given to the operator who asks where no mail is sent, and is on record as out', async () => {
    const { world, keyId } = await rotating('claim-link');
    const { sender: _none, ...links } = world.deps.links;
    const how = { actor: OPERATOR, again: true, takesLink: true };

    const offered = await offerVersion({ ...world.deps, links }, keyId, how);

    const { link } = offered as { readonly link: { reveal(): string } };
    expect(String(link)).toBe('[redacted]');
    expect(versionOf(world, keyId, 2)?.offer).toEqual({
      by: 'claim-link',
      atMs: world.clock.nowMs,
      link: { tokenHash: tokenHash(tokenIn(link.reveal())), expiresAtMs: world.clock.nowMs + 7 * DAY_MS },
    });
  });

  it('of a rotation is on record as not delivered where no mail is sent, with the mend, and no link is made', async () => {
    const { world, keyId } = await rotating('claim-link');
    const { sender: _none, ...links } = world.deps.links;
    const deps = { ...world.deps, links };

    expect(await deliverVersion(deps, STEP(keyId))).toMatchObject({ next: 'wait' });
    await deliverVersion(deps, STEP(keyId));

    const offer = versionOf(world, keyId, 2)?.offer;
    expect(offer?.failure).toMatch(
      /No address to send from is configured: give ApiKeyLifecycle notifications\.from/,
    );
    expect(offer).not.toHaveProperty('link');
    expect(world.actions(keyId).filter((action) => action === 'version.not-delivered')).toHaveLength(1);
  });

  it('that cannot be sent until somebody changes something is on record with the reason, and is not tried in vain', async () => {
    const { world, keyId } = await rotating('claim-link');
    world.links.trouble = 'The sender keys@acme.dev is not verified.';

    expect(await deliverVersion(world.deps, STEP(keyId))).toMatchObject({ next: 'wait' });
    expect(versionOf(world, keyId, 2)?.offer).toMatchObject({
      by: 'claim-link',
      failure: world.links.trouble,
    });
    expect(world.table.events.get(keyId)?.at(-1)).toMatchObject({
      action: 'version.not-delivered',
      reason: world.links.trouble,
      rotationId: 'r-1',
    });

    world.links.trouble = undefined;
    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true });
    expect(versionOf(world, keyId, 2)?.offer).not.toHaveProperty('failure');
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('cannot be claimed by the operator, unless it is offered to the operator instead', async () => {
    const { world, keyId, fresh } = await rotating('claim-link');
    await deliverVersion(world.deps, STEP(keyId));
    expect((await claimKey(world.deps, keyId, OPERATOR)).outcome).toBe('nothing-to-claim');

    await offerVersion(world.deps, keyId, { actor: OPERATOR, again: true, by: 'operator' });

    const claimed = await claimKey(world.deps, keyId, OPERATOR);
    expect(claimed.outcome === 'claimed' && claimed.key.reveal()).toBe(fresh);
    expect(versionOf(world, keyId, 2)).toMatchObject({ receivedBy: 'claim' });
  });
});

describe('an offer', () => {
  it('of a key that goes to an operator is its seal: nothing is written for it', async () => {
    const { world, keyId } = await rotating('operator');
    const events = world.actions(keyId).length;
    expect(await deliverVersion(world.deps, STEP(keyId))).toMatchObject({ next: 'wait' });
    expect(world.actions(keyId)).toHaveLength(events);
  });

  it('says what it cannot do', async () => {
    const { world, keyId } = await rotating('claim-link');
    const again = (by: Delivery) => offerVersion(world.deps, keyId, { actor: OPERATOR, again: true, by });
    expect((await offerVersion(world.deps, 'NoSuchKey000', { actor: OPERATOR })).outcome).toBe('unknown-key');
    for (const by of ['secrets-manager', 'vault', 'renewal-key'] as const) {
      expect((await again(by)).outcome).toBe('no-destination');
    }
    world.clock.advanceSeconds(15 * 86_400);
    expect((await again('claim-link')).outcome).toBe('nothing-waits');
  });

  it('after an immediate emergency ends the execution', async () => {
    const { world, keyId } = await issued('vault');
    await offerVersion(world.deps, keyId, { actor: OPERATOR });
    const request = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true };
    await new Execution(world, keyId, 'r-1', request).toDualKey();
    const fresh = await world.sealedKey(keyId, 2);

    expect(await deliverVersion(world.deps, STEP(keyId))).toEqual({ ...STEP(keyId), next: 'done' });
    expect(world.places.vault.read(keyId)).toBe(fresh);
  });
});
