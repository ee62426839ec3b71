/** Keys in a real vault: what clients find there, however often and by however many it is written. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultClient } from '../../lambdas/adapters/vault/vault-client.ts';
import { parseCredentials } from '../../lambdas/adapters/vault/vault-credentials.ts';
import { VaultPlace } from '../../lambdas/adapters/vault/vault-place.ts';
import { captureOutput } from '../support/captured-output.ts';
import { freshIds } from '../support/fresh-ids.ts';
import { keyPlaceContract, placedVersion } from '../support/key-place-contract.ts';
import { START_MS } from '../support/manual-clock.ts';
import { BaoServer } from '../support/openbao.ts';
import { appRole, clientOf } from './support/vault.ts';

let bao: BaoServer;
let vault: VaultClient;
let place: VaultPlace;
const freshId = freshIds('Vaulted');
const at = (keyId: string) => ({ kind: 'vault', path: `keyturn/${keyId}` }) as const;
const kvOf = (keyId: string) => vault.kv.read(at(keyId).path);

/** With the rights that docs/deliveries.md names, and no more. */
async function start(): Promise<void> {
  if (bao) return;
  bao = await BaoServer.dev();
  const role = await appRole(bao);
  const secret = JSON.stringify({ roleId: role.roleId, secretId: await role.secretId() });
  vault = clientOf(bao.address, { credentials: async () => parseCredentials(secret, 'approle') });
  place = new VaultPlace(vault, 'https://api.example.com/mcp');
}
beforeAll(start);
afterAll(() => bao.kill());

keyPlaceContract('VaultPlace on OpenBao', async () => {
  await start();
  return {
    place,
    destination: at,
    read: async (keyId) => {
      const found = await kvOf(keyId);
      return found.state === 'present' ? (found.data['key'] as string) : undefined;
    },
    writes: async (keyId) => (await vault.kv.metadata(at(keyId).path))?.currentVersion ?? 0,
  };
});

describe('what a client reads', () => {
  it('is the key, what it is, what it is for, and until when the one before it works', async () => {
    const keyId = freshId();
    await place.put(at(keyId), placedVersion(keyId, 1));
    await place.put(at(keyId), placedVersion(keyId, 2));
    expect(await kvOf(keyId)).toMatchObject({
      version: 2,
      data: {
        key: `mk_live_${keyId}_secret-of-2`,
        keyId,
        version: 2,
        endpoint: 'https://api.example.com/mcp',
        previousVersionExpiresAt: new Date(START_MS).toISOString(),
      },
    });
  });

  it('says nothing of the version before it when it was taken back to', async () => {
    const keyId = freshId();
    for (const version of [1, 2, 3]) await place.put(at(keyId), placedVersion(keyId, version));
    await place.restore(at(keyId), keyId, 2);
    const found = await kvOf(keyId);
    expect(found).toMatchObject({ version: 4, data: { version: 2, keyId } });
    expect(found.state === 'present' && found.data).not.toHaveProperty('previousVersionExpiresAt');
  });

  it('is found again by its version, by notes that are bounded', async () => {
    const keyId = freshId();
    await place.put(at(keyId), placedVersion(keyId, 1));
    await vault.kv.annotate(at(keyId).path, { 'of-somebody-else': 'stays' });
    for (let version = 2; version <= 23; version += 1)
      await place.put(at(keyId), placedVersion(keyId, version));
    const custom = (await vault.kv.metadata(at(keyId).path))?.custom ?? {};
    expect(custom).toMatchObject({
      'keyturn-key-id': keyId,
      'keyturn-version-23': '23',
      'of-somebody-else': 'stays',
    });
    expect(custom).not.toHaveProperty('keyturn-version-3');
    expect(Object.keys(custom)).toHaveLength(22);
  });

  it('is found again without its notes, and although it was deleted softly', async () => {
    const keyId = freshId();
    const { path } = at(keyId);
    for (const version of [1, 2, 3]) await place.put(at(keyId), placedVersion(keyId, version));
    await vault.kv.annotate(path, { 'keyturn-version-1': null });
    await place.restore(at(keyId), keyId, 1);
    expect(await kvOf(keyId)).toMatchObject({ version: 4, data: { version: 1 } });

    await bao.root('POST', `secret/delete/${path}`, { versions: [2] });
    await place.restore(at(keyId), keyId, 2);
    expect(await kvOf(keyId)).toMatchObject({ version: 5, data: { version: 2 } });
  });
});

describe('a crash', () => {
  const broken = () => Promise.reject(new Error('the environment died'));

  it('after the write and before its note writes nothing twice, and notes it', async () => {
    const keyId = freshId();
    const annotate = vault.kv.annotate;
    vault.kv.annotate = broken;
    await expect(place.put(at(keyId), placedVersion(keyId, 1))).rejects.toThrow('the environment died');
    vault.kv.annotate = annotate;

    await place.put(at(keyId), placedVersion(keyId, 1));

    expect(await vault.kv.metadata(at(keyId).path)).toMatchObject({
      currentVersion: 1,
      custom: { 'keyturn-version-1': '1' },
    });
  });

  it('between the reading and the writing of two writers leaves the one that wrote', async () => {
    const keyId = freshId();
    const other = new VaultPlace(clientOf(bao.address));
    const { write } = vault.kv;
    let first = true;
    vault.kv.write = async (...args) => {
      if (first) {
        first = false;
        await other.put(at(keyId), placedVersion(keyId, 1));
      }
      return write.apply(vault.kv, args);
    };
    await place.put(at(keyId), placedVersion(keyId, 1));
    vault.kv.write = write;
    expect((await vault.kv.metadata(at(keyId).path))?.currentVersion).toBe(1);
  });
});

describe('a path', () => {
  it("that holds something else is not overwritten, nor emptied, nor is another key's", async () => {
    const [keyId, otherId] = [freshId(), freshId()];
    const foreign = { kind: 'vault', path: `teams/${keyId}` } as const;
    await bao.root('POST', `secret/data/${foreign.path}`, { data: { password: 'of the database' } });
    await expect(place.put(foreign, placedVersion(keyId, 1))).rejects.toMatchObject({
      name: 'VaultPathTaken',
      message: expect.stringMatching(/holds something that is not of key .*\. Move it away, or delete/),
    });
    await place.remove(foreign, keyId);
    expect(await vault.kv.read(foreign.path)).toMatchObject({ data: { password: 'of the database' } });

    await place.put(at(otherId), placedVersion(otherId, 1));
    await expect(place.put(at(otherId), placedVersion(keyId, 1))).rejects.toMatchObject({
      name: 'VaultPathTaken',
    });
    await place.remove(at(otherId), keyId);
    expect(await kvOf(otherId)).toMatchObject({ state: 'present' });
  });

  it('is taken once its newest version was deleted, and emptied of what is its key’s alone', async () => {
    const keyId = freshId();
    const { path } = at(keyId);
    await bao.root('POST', `secret/data/${path}`, { data: { of: 'somebody else' } });
    await bao.root('POST', `secret/data/${path}`, { data: { of: 'somebody else' } });
    await bao.root('DELETE', `secret/data/${path}`);
    await place.put(at(keyId), placedVersion(keyId, 1));
    await place.put(at(keyId), placedVersion(keyId, 2));
    await bao.root('POST', `secret/delete/${path}`, { versions: [3] });

    await place.remove(at(keyId), keyId);
    const states = (await vault.kv.metadata(path))?.versions.map(({ state }) => state);
    expect(states).toEqual(['present', 'deleted', 'destroyed', 'destroyed']);
  });

  it('may be used by the next key after the one before it was removed', async () => {
    const [keyId, nextId] = [freshId(), freshId()];
    await place.put(at(keyId), placedVersion(keyId, 1));
    await place.remove(at(keyId), keyId);
    await place.put(at(keyId), placedVersion(nextId, 1));
    expect(await kvOf(keyId)).toMatchObject({ version: 2, data: { keyId: nextId } });
  });

  it('of the documented policy is enough, and its lack is said before anything is written', async () => {
    expect(await place.trouble({ kind: 'vault', path: 'any/path' })).toBeUndefined();
    await bao.root('POST', 'sys/mounts/other', { type: 'kv', options: { version: '2' } });
    const elsewhere = new VaultPlace({ ...vault, config: { ...vault.config, mount: 'other' } });
    expect(await elsewhere.trouble(at('any'))).toMatch(/has no mount 'other' that these credentials may use/);
  });
});

it('says nothing of a key in its errors, its output, or the log of the server', async () => {
  const output = captureOutput();
  const keyId = freshId();
  const errors: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => errors.push(error));
  await attempt(place.put(at(keyId), placedVersion(keyId, 1)));
  const gone = new VaultPlace(clientOf('http://127.0.0.1:9', { timeoutMs: 100 }));
  await attempt(gone.put(at(keyId), placedVersion(keyId, 1)));
  const denied = clientOf(bao.address, { config: { mount: 'nowhere' } });
  await attempt(new VaultPlace(denied).put(at(keyId), placedVersion(keyId, 1)));
  output.restore();
  expect(errors).toHaveLength(2);
  const said = `${output.text()}${errors.map((error) => `${(error as Error).stack}${JSON.stringify(error)}`)}`;
  for (const text of [said, readFileSync(bao.logFile, 'utf8')]) expect(text).not.toContain('secret-of-1');
});
