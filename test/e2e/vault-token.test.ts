/** The life of the credentials for a vault: renewed before they end, got anew after, and said when there are none. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../../lambdas/adapters/vault/vault-client.ts';
import { parseCredentials, type VaultAuthMethod } from '../../lambdas/adapters/vault/vault-credentials.ts';
import { BaoServer } from '../support/openbao.ts';
import { type AppRole, appRole, clientOf } from './support/vault.ts';

let bao: BaoServer;
let role: AppRole;
/** The text in the secret, and how often it was read. */
let secret: object;
let reads: number;
let nowMs: number;

beforeAll(async () => {
  bao = await BaoServer.dev();
});
afterAll(() => bao.kill());
beforeEach(() => {
  reads = 0;
  nowMs = Date.now();
});

const client = (method: VaultAuthMethod, clock = () => nowMs): VaultClient =>
  clientOf(bao.address, {
    clock,
    credentials: async () => {
      reads += 1;
      return parseCredentials(JSON.stringify(secret), method);
    },
  });

async function withRole(settings: object): Promise<VaultClient> {
  role = await appRole(bao, settings);
  secret = { roleId: role.roleId, secretId: await role.secretId() };
  return client('approle');
}

interface Token {
  readonly accessor: string;
  readonly last_renewal_time?: number;
}

/** The tokens of the role that are alive. */
async function tokens(): Promise<readonly Token[]> {
  const { body } = await bao.root('LIST', 'auth/token/accessors');
  const found = await Promise.all(
    (body.data.keys as string[]).map((accessor) =>
      bao.root('POST', 'auth/token/lookup-accessor', { accessor }),
    ),
  );
  return found
    .map((answer) => answer.body?.data)
    .filter((data) => data?.meta?.role_name === 'keyturn' || data?.display_name === 'token-trial');
}

const revokeAll = async () => {
  for (const { accessor } of await tokens())
    await bao.root('POST', 'auth/token/revoke-accessor', { accessor });
};

describe('AppRole', () => {
  beforeEach(revokeAll);

  it('logs in once for many calls at once, and keeps its token', async () => {
    const { kv } = await withRole({ token_ttl: '1h' });
    await Promise.all([kv.read('a'), kv.read('b'), kv.read('c')]);
    await kv.read('d');
    expect(reads).toBe(1);
    expect(await tokens()).toHaveLength(1);
  });

  it('renews its token when half of its life is left, and not before', async () => {
    const { kv } = await withRole({ token_ttl: '1h' });
    await kv.read('a');
    nowMs += 29 * 60_000;
    await kv.read('a');
    expect((await tokens())[0]).not.toHaveProperty('last_renewal_time');

    nowMs += 2 * 60_000;
    await kv.read('a');
    const [token, ...others] = await tokens();
    expect(others).toEqual([]);
    expect(token?.last_renewal_time).toBeGreaterThan(0);
    expect(reads).toBe(1);
  });

  it('logs in again when its token cannot be renewed any further', async () => {
    await withRole({ token_ttl: '4s', token_max_ttl: '4s' });
    const { kv } = client('approle', Date.now);
    await kv.read('a');
    await sleep(2_100);
    await kv.read('a');
    expect(await tokens()).toHaveLength(2);
    expect(reads).toBe(2);
  });

  it.each([
    ['after its token ended by itself', async () => sleep(1_300)],
    ['after its token was revoked', revokeAll],
  ])('logs in again %s', async (_when, end) => {
    const { kv } = await withRole({ token_ttl: '1s' });
    await kv.read('a');
    await end();
    expect(await kv.read('a')).toMatchObject({ state: 'absent' });
    expect(reads).toBe(2);
  });

  it('takes the next secretId from the secret when the first is used up, and says so when there is none', async () => {
    const { kv } = await withRole({ token_ttl: '1h', secret_id_num_uses: 1 });
    await kv.read('a');
    await revokeAll();
    await expect(kv.read('a')).rejects.toMatchObject({
      name: 'VaultLoginRefused',
      message: expect.stringMatching(/does not take the credentials \(400\)\. Its secretId may have expired/),
    });
    secret = { roleId: role.roleId, secretId: await role.secretId() };
    expect(await kv.read('a')).toMatchObject({ state: 'absent' });
  });

  it('where it is not mounted is said so', async () => {
    await withRole({ token_ttl: '1h' });
    const { kv } = clientOf(bao.address, {
      config: { authMount: 'elsewhere' },
      credentials: async () => parseCredentials(JSON.stringify(secret), 'approle'),
    });
    await expect(kv.read('a')).rejects.toMatchObject({
      name: expect.stringMatching(/^Vault(Refused|LoginRefused)$/),
    });
  });
});

describe('a token', () => {
  beforeEach(revokeAll);

  async function withToken(settings: object): Promise<VaultClient> {
    await appRole(bao);
    const order = { policies: ['keyturn'], display_name: 'trial', ...settings };
    const { body } = await bao.root('POST', 'auth/token/create', order);
    secret = { token: body.auth.client_token };
    return client('token');
  }

  it('is renewed when half of its life is left, period by period', async () => {
    const { kv } = await withToken({ period: '1h' });
    for (let half = 0; half < 6; half += 1) {
      await kv.read('a');
      nowMs += 31 * 60_000;
    }
    expect((await tokens())[0]?.last_renewal_time).toBeGreaterThan(0);
    expect(reads).toBe(1);
  });

  it('that cannot be renewed is used to its end', async () => {
    const { kv } = await withToken({ ttl: '1h', renewable: false });
    await kv.read('a');
    nowMs += 59 * 60_000;
    await kv.read('a');
    expect(reads).toBe(1);
  });

  it('that has ended is said so, without a word of it, until another one is in the secret', async () => {
    const { kv } = await withToken({ ttl: '1s', explicit_max_ttl: '1s' });
    await kv.read('a');
    await sleep(1_300);
    nowMs += 1_300;
    const { token } = secret as { token: string };
    const error = (await kv.read('a').catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({
      name: 'VaultLoginRefused',
      message: expect.stringMatching(/\(403\)\. The token may have expired or been revoked: put a new one/),
    });
    expect(`${error.stack}`).not.toContain(token);

    const { body } = await bao.root('POST', 'auth/token/create', {
      policies: ['keyturn'],
      display_name: 'trial',
    });
    secret = { token: body.auth.client_token };
    expect(await kv.read('a')).toMatchObject({ state: 'absent' });
  });

  it('that was replaced in the secret before it was revoked is replaced here, too', async () => {
    const { kv } = await withToken({ ttl: '1h' });
    await kv.read('a');
    const [{ accessor }] = (await tokens()) as [Token];
    const { body } = await bao.root('POST', 'auth/token/create', {
      policies: ['keyturn'],
      display_name: 'trial',
    });
    secret = { token: body.auth.client_token };
    await bao.root('POST', 'auth/token/revoke-accessor', { accessor });
    expect(await kv.read('a')).toMatchObject({ state: 'absent' });
  });
});
