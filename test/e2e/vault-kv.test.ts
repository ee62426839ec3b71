/** The KV engine of a real OpenBao server, through the client that functions use. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvV2 } from '../../lambdas/adapters/vault/kv-v2.ts';
import { vaultReadiness } from '../../lambdas/adapters/vault/vault-readiness.ts';
import { BaoServer, temporary } from '../support/openbao.ts';
import { appRole, clientOf, tokenCredentials } from './support/vault.ts';

let bao: BaoServer;
let kv: KvV2;
beforeAll(async () => {
  bao = await BaoServer.dev();
  kv = clientOf(bao.address).kv;
});
afterAll(() => bao.kill());

let count = 0;
const fresh = (): string => {
  count += 1;
  return `teams/search/key-${count}`;
};

describe('a secret', () => {
  it('is absent until it is written, and then read as written', async () => {
    const path = fresh();
    expect(await kv.read(path)).toEqual({ state: 'absent', version: 0 });
    expect(await kv.metadata(path)).toBeUndefined();

    expect(await kv.write(path, { key: 'a', version: 1 }, 0)).toEqual({ outcome: 'written', version: 1 });
    expect(await kv.read(path)).toEqual({ state: 'present', version: 1, data: { key: 'a', version: 1 } });
  });

  it('keeps its versions', async () => {
    const path = fresh();
    for (const version of [0, 1, 2]) await kv.write(path, { version }, version);
    expect(await kv.read(path)).toMatchObject({ version: 3, data: { version: 2 } });
    expect(await kv.read(path, 1)).toMatchObject({ version: 1, data: { version: 0 } });
    expect(await kv.read(path, 9)).toEqual({ state: 'absent', version: 0 });
    const metadata = await kv.metadata(path);
    expect(metadata).toMatchObject({ currentVersion: 3, custom: {}, casRequired: false });
    expect(metadata?.versions.map(({ version, state }) => `${version} ${state}`)).toEqual([
      '1 present',
      '2 present',
      '3 present',
    ]);
  });

  it('is not written over a version that the writer has not seen', async () => {
    const path = fresh();
    await kv.write(path, { by: 'first' }, 0);
    expect(await kv.write(path, { by: 'second' }, 0)).toEqual({ outcome: 'conflict' });
    expect(await kv.write(path, { by: 'third' }, 7)).toEqual({ outcome: 'conflict' });
    expect(await kv.read(path)).toMatchObject({ data: { by: 'first' } });
  });

  it('is written by exactly one of many at once', async () => {
    const path = fresh();
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, by) => kv.write(path, { by }, 0)));
    expect(outcomes.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
    expect((await kv.metadata(path))?.currentVersion).toBe(1);
  });

  it('is deleted softly and comes back, until it is destroyed', async () => {
    const path = fresh();
    await kv.write(path, { n: 1 }, 0);
    await kv.write(path, { n: 2 }, 1);

    await kv.delete(path, [2]);
    expect(await kv.read(path)).toEqual({ state: 'deleted', version: 2 });
    expect(await kv.read(path, 1)).toMatchObject({ state: 'present', data: { n: 1 } });
    expect(await kv.write(path, { n: 3 }, 0)).toEqual({ outcome: 'conflict' });

    await kv.undelete(path, [2]);
    expect(await kv.read(path)).toMatchObject({ state: 'present', data: { n: 2 } });

    await kv.destroy(path, [1, 2]);
    await kv.undelete(path, [1, 2]);
    expect(await kv.read(path)).toEqual({ state: 'destroyed', version: 2 });
    expect((await kv.metadata(path))?.versions.map(({ state }) => state)).toEqual(['destroyed', 'destroyed']);
    expect(await kv.write(path, { n: 3 }, 2)).toEqual({ outcome: 'written', version: 3 });
  });

  it('has settings and notes of its own, and of two that note neither loses the other', async () => {
    const path = fresh();
    await kv.configure(path, { maxVersions: 3, casRequired: true, custom: { owner: 'search' } });
    await kv.write(path, {}, 0);
    await Promise.all([kv.annotate(path, { one: '1' }), kv.annotate(path, { two: '2' })]);
    await kv.annotate(path, { one: null });
    expect(await kv.metadata(path)).toMatchObject({
      maxVersions: 3,
      casRequired: true,
      custom: { owner: 'search', two: '2' },
    });
    for (const version of [1, 2, 3, 4]) await kv.write(path, {}, version);
    expect((await kv.metadata(path))?.versions.map(({ version }) => version)).toEqual([3, 4, 5]);
  });

  it('says when it will be deleted, and is there until then', async () => {
    const path = fresh();
    await bao.root('POST', `secret/metadata/${path}`, { delete_version_after: '1h' });
    await kv.write(path, { n: 1 }, 0);
    expect((await kv.metadata(path))?.versions).toMatchObject([{ state: 'present' }]);
    const later = clientOf(bao.address, { clock: () => Date.now() + 3_700_000 }).kv;
    expect((await later.metadata(path))?.versions).toMatchObject([{ state: 'deleted' }]);
  });

  it('is listed, and is forgotten with all its versions', async () => {
    await kv.write('listed/one', {}, 0);
    await kv.write('listed/deep/two', {}, 0);
    expect(await kv.list('listed')).toEqual(['deep/', 'one']);
    expect(await kv.list('no/such/folder')).toEqual([]);
    await kv.forget('listed/one');
    expect(await kv.list('listed')).toEqual(['deep/']);
    expect(await kv.metadata('listed/one')).toBeUndefined();
  });
});

describe('namespaces', () => {
  beforeAll(async () => {
    await bao.root('POST', 'sys/namespaces/team-a');
    await bao.root('POST', 'sys/namespaces/inner', undefined, 'team-a');
    for (const namespace of ['team-a', 'team-a/inner']) {
      await bao.root('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } }, namespace);
    }
  });

  const kvIn = (namespace: string) => clientOf(bao.address, { config: { namespace } }).kv;

  it('hold secrets of their own under the same path', async () => {
    await kvIn('team-a').write('same/path', { of: 'team-a' }, 0);
    await kvIn('team-a/inner').write('same/path', { of: 'inner' }, 0);
    expect(await kv.read('same/path')).toMatchObject({ state: 'absent' });
    expect(await kvIn('team-a').read('same/path')).toMatchObject({ data: { of: 'team-a' } });
    expect(await kvIn('team-a/inner').read('same/path')).toMatchObject({ data: { of: 'inner' } });
  });

  it('have roles of their own, and a health that is the whole server’s', async () => {
    const { roleId, secretId } = await appRole(bao, { token_ttl: '1h' }, 'team-a');
    const secret = await secretId();
    const credentials = async () => ({
      ...tokenCredentials('unused'),
      ...(JSON.parse('{"method":"approle"}') as { method: 'approle' }),
      roleId: { reveal: () => roleId } as never,
      secretId: { reveal: () => secret } as never,
    });
    const vault = clientOf(bao.address, { config: { namespace: 'team-a' }, credentials });
    expect(await vaultReadiness(vault, 'a/path')).toMatchObject({ health: { state: 'active' } });
    expect((await vaultReadiness(vault, 'a/path')).trouble).toBeUndefined();
    const elsewhere = clientOf(bao.address, { config: { namespace: 'team-a/inner' }, credentials });
    expect((await vaultReadiness(elsewhere)).trouble).toMatch(
      /nowhere to log in|does not take the credentials/,
    );
  });

  it('that are not there are said', async () => {
    await expect(kvIn('team-z').read('x')).rejects.toMatchObject({
      name: 'VaultRefused',
      message: expect.stringMatching(/nowhere to log in \(404\)\. Check the namespace/),
    });
  });
});

describe('what is not as it should be', () => {
  const troubleOf = async (config: object, path = 'a/path') =>
    (await vaultReadiness(clientOf(bao.address, { config }), path)).trouble;

  it('is nothing where all is well', async () => {
    expect(await troubleOf({})).toBeUndefined();
  });

  it('is a mount that is not there', async () => {
    expect(await troubleOf({ mount: 'nowhere' })).toMatch(/has no mount 'nowhere'.*Check mount, namespace/);
    await expect(clientOf(bao.address, { config: { mount: 'nowhere' } }).kv.read('x')).rejects.toMatchObject({
      name: 'VaultRefused',
    });
  });

  it('is a mount of version 1, to which a write would succeed and be found by nobody', async () => {
    await bao.root('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
    expect(await troubleOf({ mount: 'old' })).toMatch(
      /'old' .* is no KV engine of version 2\. Enable one with/,
    );
  });

  it('is a policy that lets the key be read but not written', async () => {
    const policy = 'path "secret/data/a/path" { capabilities = ["read"] }';
    await bao.root('POST', 'sys/policies/acl/reader', { policy });
    const { body } = await bao.root('POST', 'auth/token/create', { policies: ['reader'] });
    const vault = clientOf(bao.address, {
      credentials: async () => tokenCredentials(body.auth.client_token),
    });
    expect((await vaultReadiness(vault, 'a/path')).trouble).toMatch(
      /does not let these credentials create, update 'secret\/data\/a\/path'\. Add it to their policy/,
    );
    await expect(vault.kv.write('a/path', {}, 0)).rejects.toMatchObject({ name: 'VaultDenied' });
  });

  it('is a token that it does not know, said without the token', async () => {
    const vault = clientOf(bao.address, { credentials: async () => tokenCredentials('s.guessed') });
    const { trouble } = await vaultReadiness(vault);
    expect(trouble).toMatch(/does not take the credentials \(403\)\. The token may have expired/);
    expect(trouble).not.toContain('s.guessed');
  });
});

describe('TLS', () => {
  it('is trusted by the authority that is configured, and by no other', async () => {
    const tlsDirectory = temporary('tls');
    const secure = await BaoServer.dev({ tlsDirectory });
    try {
      const ca = readdirSync(tlsDirectory).find(
        (name) => name.includes('ca') && name.endsWith('.pem') && !name.includes('key'),
      );
      const caCertificate = readFileSync(join(tlsDirectory, ca as string), 'utf8');
      expect(
        (await vaultReadiness(clientOf(secure.address, { config: { caCertificate } }))).health.state,
      ).toBe('active');
      expect((await vaultReadiness(clientOf(secure.address))).trouble).toMatch(
        /cannot be reached \(.*\)\. Its certificate is not trusted: set caCertificate/,
      );
    } finally {
      await secure.kill();
    }
  });
});
