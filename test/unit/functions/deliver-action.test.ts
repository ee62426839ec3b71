/** `keyturn deliver` and what `show` says of a new key on its way to its owner. */
import { beforeEach, describe, expect, it } from 'vitest';
import { noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { type AdminDeps, show } from '../../../lambdas/functions/admin/actions.ts';
import type { AdminResponse, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { deliver } from '../../../lambdas/functions/admin/delivery-actions.ts';
import { issue } from '../../../lambdas/functions/admin/issue-action.ts';
import { setStatus } from '../../../lambdas/functions/admin/reasoned-actions.ts';
import type { Delivery } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryDueKeys } from '../../support/memory-due-keys.ts';
import { arnOf } from '../../support/memory-executions.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryRotations } from '../../support/memory-rotations.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

const DAY_S = 86_400;
let world: MemoryWorld;
let deps: AdminDeps;

beforeEach(() => {
  world = new MemoryWorld();
  deps = {
    ...world.deps,
    outbox: new MemoryOutbox(world.table),
    executions: world.executions,
    machine: { arnOf, start: async (rotationId) => arnOf(rotationId) },
    revocationBoundMs: 6_000,
    blocks: new MemoryMailBlocks(),
    account: '111122223333',
    startsPerSecond: 5,
    due: new MemoryDueKeys(world.table),
    rotations: new MemoryRotations(world.table),
    sleep: async () => undefined,
    random: () => 0.5,
    onFailure: () => undefined,
  };
});

function resultOf<Result>(response: AdminResponse<Result>): Result {
  if (!response.ok) throw new Error(`${response.error.code}: ${response.error.message}`);
  return response.result;
}

async function issued(delivery: Delivery, own: AdminDeps = deps): Promise<IssuedKey> {
  const input = { owner: 'team@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  return resultOf(await issue(own, { ...input, delivery }, OPERATOR));
}

const asked = (keyId: string, by?: string) =>
  deliver(deps, { keyId, ...(by === undefined ? {} : { by }) }, OPERATOR);
const shown = async (keyId: string) => resultOf(await show(deps, { keyId }));

describe('deliver', () => {
  it('sends another link, and says how and when it was offered', async () => {
    const { keyId, ...rest } = await issued('claim-link');
    expect(rest).not.toHaveProperty('link');
    world.clock.advanceSeconds(60);

    expect(resultOf(await asked(keyId))).toEqual({
      keyId,
      version: 1,
      by: 'claim-link',
      offeredAt: '2026-11-23T14:01:00.000Z',
      linkExpiresAt: '2026-11-30T14:01:00.000Z',
      failure: null,
      receivedAt: null,
      receivedBy: null,
      disputedAt: null,
    });
    expect(world.links.sent).toHaveLength(2);
  });

  it('hands the link to who asks where no mail is sent, once', async () => {
    const { sender: _none, ...links } = world.deps.links;
    const without = { ...deps, links };
    const { keyId, link: first } = await issued('claim-link', without);
    const { link } = resultOf(await deliver(without, { keyId }, OPERATOR));
    expect(first).toMatch(/^https:\/\/keys\.example\.com\/claim\//);
    expect(link).toMatch(/^https:\/\/keys\.example\.com\/claim\//);
    expect(link).not.toBe(first);
    expect((await shown(keyId)).versions[0]?.delivery).toMatchObject({ by: 'claim-link', failure: null });
  });

  it('goes by another way for this version, and leaves the key its own', async () => {
    const { keyId } = await issued('claim-link');
    expect(resultOf(await asked(keyId, 'operator'))).toMatchObject({ by: 'operator' });
    expect(await shown(keyId)).toMatchObject({ delivery: 'claim-link', claimable: true });
  });

  it.each<[string, Delivery, string | undefined, RegExp]>([
    ['a way that is none', 'claim-link', 'pigeon', /^bad-request: by 'pigeon' is no delivery/],
    ['an empty way', 'claim-link', '', /^bad-request: by '' is no delivery/],
    [
      'a way for which the key has nowhere to go',
      'claim-link',
      'vault',
      /^nothing-to-deliver: .*no destination/,
    ],
    [
      'a public key that it does not have',
      'claim-link',
      'renewal-key',
      /^nothing-to-deliver: .*no destination/,
    ],
    ['a key that its owner has', 'operator', undefined, /^nothing-to-deliver: .*was received by its owner/],
    ['one that its client reads', 'vault', 'claim-link', /^nothing-to-deliver: .*was received by its owner/],
  ])('refuses %s', async (_what, delivery, by, refusal) => {
    const { keyId } = await issued(delivery);
    const answer = await asked(keyId, by);
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(`${answer.error.code}: ${answer.error.message}`).toMatch(refusal);
    expect(world.links.sent.length).toBeLessThanOrEqual(1);
  });

  it.each(['000000000000', 'short', ''])('knows no key %j', async (keyId) => {
    expect(await asked(keyId)).toMatchObject({ ok: false, error: { code: 'unknown-key' } });
  });

  it('refuses a revoked key by that name', async () => {
    const { keyId } = await issued('claim-link');
    await setStatus(deps, 'revoked', { keyId, reason: 'a test' }, OPERATOR);
    expect(await asked(keyId)).toMatchObject({ ok: false, error: { code: 'key-revoked' } });
  });

  it('refuses a key that is used already, though nobody has said that it was handed out', async () => {
    const { keyId } = await issued('claim-link');
    await world.authorizer().authorize(await world.sealedKey(keyId, 1));
    expect(await asked(keyId)).toMatchObject({ ok: false, error: { code: 'nothing-to-deliver' } });
  });

  it.each(['claim-link', 'operator'] as const)('refuses by %s what waits no more', async (by) => {
    const { keyId } = await issued('claim-link');
    await asked(keyId, by);
    world.clock.advanceSeconds(14 * DAY_S);
    expect(await asked(keyId, by)).toMatchObject({
      ok: false,
      error: { code: 'nothing-to-deliver', hint: expect.stringMatching(/Rotate it.*rollback/) },
    });
  });

  it('does not say done when nothing went out, and says why, here and in show', async () => {
    const { keyId } = await issued('claim-link');
    world.links.trouble = 'The sender keys@acme.dev is not verified in Amazon SES, in this Region.';
    expect(await asked(keyId)).toMatchObject({
      ok: false,
      error: { code: 'not-delivered', message: expect.stringContaining(world.links.trouble) },
    });
    expect((await shown(keyId)).versions[0]?.delivery).toMatchObject({
      by: 'claim-link',
      offeredAt: null,
      linkExpiresAt: null,
      failure: world.links.trouble,
    });
  });

  it('puts on record what may pass, too', async () => {
    const { keyId } = await issued('vault');
    expect((await shown(keyId)).versions[0]?.delivery.receivedBy).toBe('placed');
    world.places.vault.outage = 'unreachable';
    const { keyId: other, deliveryFailure } = await issued('vault');
    expect(deliveryFailure).toBe('It could not be delivered: Error.');
    await expect(asked(other)).rejects.toThrow('unreachable');
    expect((await shown(other)).versions[0]?.delivery).toMatchObject({ by: 'vault', failure: 'Error.' });
    expect(world.actions(other)).toEqual(['key.issued', 'version.not-delivered', 'version.not-delivered']);
  });
});

describe('show', () => {
  it('says until when a key waits, and that it is gone', async () => {
    const { keyId } = await issued('claim-link');
    expect(await shown(keyId)).toMatchObject({ waitsUntil: '2026-12-07T14:00:00.000Z', lost: false });
    world.clock.advanceSeconds(14 * DAY_S);
    expect(await shown(keyId)).toMatchObject({ waitsUntil: null, lost: true });
    await setStatus(deps, 'revoked', { keyId, reason: 'a test' }, OPERATOR);
    expect(await shown(keyId)).toMatchObject({ lost: false });
  });

  it('counts the first use as received, with its time', async () => {
    const { keyId } = await issued('claim-link');
    const key = await world.sealedKey(keyId, 1);
    world.clock.advanceSeconds(60);
    await world.authorizer().authorize(key);
    world.clock.advanceSeconds(60);
    expect(await shown(keyId)).toMatchObject({
      waitsUntil: null,
      lost: false,
      versions: [
        {
          delivery: {
            by: 'claim-link',
            offeredAt: '2026-11-23T14:00:00.000Z',
            receivedAt: '2026-11-23T14:01:00.000Z',
            receivedBy: 'first-use',
          },
        },
      ],
    });
  });

  it('says of a rotation what its last judgement found of the new key', async () => {
    const { keyId } = await issued('operator');
    const execution = new Execution(world, keyId);
    const waiting = await execution.toDualKey();
    await noteUndelivered(world.deps, { keyId, rotationId: 'r-1', failure: 'a trial' });
    world.clock.nowMs = Date.parse(waiting.waitUntil as string) + 3 * DAY_S * 1000;
    await execution.run('judge');
    expect((await shown(keyId)).rotation).toMatchObject({
      evidence: 'never-delivered',
      undelivered: 'waiting',
    });
  });
});
