/** What operators ask about the public keys that clients renew with. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { proposeRenewalKey } from '../../../lambdas/core/use-cases/propose-renewal-key.ts';
import { type AdminDeps, show } from '../../../lambdas/functions/admin/actions.ts';
import type { AdminResponse, IssueInput } from '../../../lambdas/functions/admin/contract.ts';
import { issue } from '../../../lambdas/functions/admin/issue-action.ts';
import {
  approveRenewal,
  rejectRenewal,
  removeRenewal,
  renewal,
} from '../../../lambdas/functions/admin/renewal-actions.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { audienceOf, RenewalWorld } from '../../support/renewal-world.ts';
import { type RenewingClient, renewingClient } from '../../support/renewing-client.ts';

const INPUT: IssueInput = {
  owner: 'team@example.com',
  name: 'Agent',
  environment: 'live',
  scopes: ['tools:*'],
};
const REASON = { reason: 'a trial' };

let world: RenewalWorld;
let deps: AdminDeps;
let client: RenewingClient;

beforeEach(async () => {
  world = new RenewalWorld();
  // Issuing and these actions use no more than a rotation does.
  deps = {
    ...world.deps,
    blocks: new MemoryMailBlocks(),
    outbox: new MemoryOutbox(world.table),
  } as unknown as AdminDeps;
  client = await renewingClient();
});

function resultOf<Result>(response: AdminResponse<Result>): Result {
  if (!response.ok) throw new Error(`${response.error.code}: ${response.error.message}`);
  return response.result;
}

const codeOf = (response: AdminResponse): string | undefined =>
  response.ok ? undefined : response.error.code;

async function proposed(): Promise<string> {
  const { keyId } = await world.issue();
  const audience = audienceOf(keyId);
  const proof = await client.prove(
    { challenge: await world.challenge(keyId), audience, keyId },
    {
      header: { typ: 'keyturn-proposal+jwt' },
      claims: { answerKey: undefined, publicKey: client.publicKey },
    },
  );
  const caller = { address: '203.0.113.9', userAgent: 'agent/1.0', actor: OPERATOR };
  await proposeRenewalKey(world.renewing, { keyId, version: 1, audience, proof, ...caller });
  return keyId;
}

describe('issue with a public key', () => {
  const input = (publicKey: unknown): IssueInput => ({
    ...INPUT,
    delivery: 'renewal-key',
    publicKey: publicKey as Record<string, unknown>,
  });

  it('answers with its thumbprint and never with the key, which its holder gets', async () => {
    const issued = resultOf(await issue(deps, input({ ...client.publicKey, use: 'sig' }), OPERATOR));
    expect(issued).toMatchObject({ delivery: 'renewal-key', thumbprint: client.thumbprint });
    expect(issued).not.toHaveProperty('key');
    expect(issued).not.toHaveProperty('deliveryFailure');
    expect(world.table.events.get(issued.keyId)?.[0]).toMatchObject({
      detail: { thumbprint: client.thumbprint },
    });
    expect(await world.renew(client, issued.keyId)).toMatchObject({ outcome: 'renewed', version: 1 });
    const { versions } = resultOf(await show(deps, issued));
    expect(versions[0]?.delivery).toMatchObject({ by: 'renewal-key', receivedBy: 'renewal' });
  });

  it('refuses a private key, and repeats nothing of it', async () => {
    const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    const response = await issue(deps, input(jwk), OPERATOR);
    expect(codeOf(response)).toBe('bad-request');
    for (const value of [jwk.d, jwk.x, jwk.y]) expect(JSON.stringify(response)).not.toContain(value);
    expect(world.table.keys.size).toBe(0);
  });

  it.each<[string, Partial<IssueInput>]>([
    ['none', { delivery: 'renewal-key' }],
    ['one that is none', { delivery: 'renewal-key', publicKey: { kty: 'EC' } }],
    ['one and another delivery', { publicKey: { kty: 'EC' } }],
    ['one and a path in a vault', { delivery: 'renewal-key', publicKey: { kty: 'EC' }, vaultPath: 'a/b' }],
  ])('refuses %s', async (_what, changes) => {
    expect(codeOf(await issue(deps, { ...INPUT, ...changes }, OPERATOR))).toBe('bad-request');
  });
});

describe('renewal', () => {
  it('shows what is proposed, by whom and until when', async () => {
    const keyId = await proposed();
    expect(resultOf(await renewal(deps, { keyId }))).toEqual({
      keyId,
      status: 'enabled',
      delivery: 'operator',
      registered: null,
      proposal: {
        thumbprint: client.thumbprint,
        curve: 'P-256',
        version: 1,
        proposedAt: '2026-11-23T14:00:00.000Z',
        expiresAt: '2026-11-30T14:00:00.000Z',
        address: '203.0.113.9',
        userAgent: 'agent/1.0',
      },
      refusedAt: null,
    });
  });

  it('shows no proposal that has lapsed, and when somebody tried in vain', async () => {
    const keyId = await proposed();
    await approveRenewal(deps, { keyId, thumbprint: client.thumbprint }, OPERATOR);
    await world.renew(await renewingClient(), keyId);
    expect(resultOf(await renewal(deps, { keyId }))).toMatchObject({
      delivery: 'renewal-key',
      registered: { thumbprint: client.thumbprint, curve: 'P-256' },
      proposal: null,
      refusedAt: '2026-11-23T14:00:00.000Z',
    });
  });

  it('knows no key that is not there', async () => {
    for (const keyId of ['NoSuchKey000', '', 7 as unknown as string]) {
      expect(codeOf(await renewal(deps, { keyId }))).toBe('unknown-key');
    }
  });
});

describe('a decision', () => {
  it('to approve takes the whole thumbprint alone', async () => {
    const keyId = await proposed();
    for (const thumbprint of ['', client.thumbprint.slice(1), undefined as unknown as string]) {
      expect(codeOf(await approveRenewal(deps, { keyId, thumbprint }, OPERATOR))).toBe('other-thumbprint');
    }
    const approved = resultOf(await approveRenewal(deps, { keyId, thumbprint: client.thumbprint }, OPERATOR));
    expect(approved).toMatchObject({ registered: { thumbprint: client.thumbprint }, proposal: null });
    const again = await approveRenewal(deps, { keyId, thumbprint: client.thumbprint }, OPERATOR);
    expect(codeOf(again)).toBe('nothing-proposed');
  });

  it('to reject or to remove needs a reason, and says when there is nothing to decide', async () => {
    const keyId = await proposed();
    expect(codeOf(await rejectRenewal(deps, { keyId, reason: ' ' }, OPERATOR))).toBe('bad-request');
    expect(resultOf(await rejectRenewal(deps, { keyId, ...REASON }, OPERATOR)).proposal).toBeNull();
    expect(codeOf(await rejectRenewal(deps, { keyId, ...REASON }, OPERATOR))).toBe('nothing-proposed');
    expect(codeOf(await removeRenewal(deps, { keyId, ...REASON }, OPERATOR))).toBe('nothing-registered');
    expect(codeOf(await removeRenewal(deps, { keyId: 'x', ...REASON }, OPERATOR))).toBe('unknown-key');
  });
});
