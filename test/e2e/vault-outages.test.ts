/** A vault in trouble: told apart by what is to be done about it, and over when it is over. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VaultClient } from '../../lambdas/adapters/vault/vault-client.ts';
import { VaultPlace } from '../../lambdas/adapters/vault/vault-place.ts';
import { vaultReadiness } from '../../lambdas/adapters/vault/vault-readiness.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import { BaoNode } from '../support/bao-cluster.ts';
import { claimPort } from '../support/openbao.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { clientOf, tokenCredentials } from './support/vault.ts';

let node: BaoNode;
beforeAll(async () => {
  node = await BaoNode.start();
});
afterAll(() => node.server.kill());

const clientAt = (address: string, timeoutMs = 1_000): VaultClient =>
  clientOf(address, { credentials: async () => tokenCredentials(node.rootToken), timeoutMs });

const PATH = { kind: 'vault', path: 'keyturn/outage' } as const;
const KEY_ID = 'Ab3dEf7hIj9L';
const placed = (version: number) => ({
  keyId: KEY_ID,
  version,
  key: new Plaintext(`mk_live_${KEY_ID}_secret-${version}`),
});

describe('a vault that is sealed', () => {
  it('is said so, and is of use again after its restart and unsealing, with all that was in it', async () => {
    const vault = clientAt(node.server.address);
    const place = new VaultPlace(vault);
    await place.put(PATH, placed(1));

    await node.seal();
    const sealed = /^The vault at \S+ is sealed\. Unseal it with `bao operator unseal`/;
    expect(await place.trouble(PATH)).toMatch(sealed);
    expect(await vaultReadiness(vault)).toMatchObject({ health: { state: 'sealed' } });
    await expect(place.put(PATH, placed(2))).rejects.toMatchObject({
      name: 'VaultSealed',
      message: expect.stringMatching(sealed),
    });

    await node.restart();
    expect(await place.trouble(PATH)).toMatch(sealed);
    await node.unseal();
    expect(await place.trouble(PATH)).toBeUndefined();
    await place.put(PATH, placed(2));
    expect(await vault.kv.read(PATH.path)).toMatchObject({ version: 2, data: { version: 2 } });
    expect(await vault.kv.read(PATH.path, 1)).toMatchObject({ data: { version: 1 } });
  });

  it('that is not initialized is told apart', async () => {
    const { server } = await BaoNode.uninitialized();
    try {
      const readiness = await vaultReadiness(clientAt(server.address));
      expect(readiness).toMatchObject({
        health: { state: 'uninitialized' },
        trouble: expect.stringMatching(/is not initialized\. Initialize it/),
      });
    } finally {
      await server.kill();
    }
  });
});

describe('a standby', () => {
  it('hands requests on, and says so when it has nobody to hand them to', async () => {
    const standby = await node.standby();
    try {
      const place = new VaultPlace(clientAt(standby.address));
      expect(await vaultReadiness(clientAt(standby.address))).toMatchObject({ health: { state: 'standby' } });
      expect(await place.trouble(PATH)).toBeUndefined();
      await place.put(PATH, placed(3));
      expect(await clientAt(node.server.address).kv.read(PATH.path)).toMatchObject({ data: { version: 3 } });

      await node.server.kill();
      expect(await place.trouble(PATH)).toMatch(
        /is a standby and reaches no active node\. See the cluster's other nodes/,
      );
    } finally {
      await standby.kill();
    }
  });
});

describe('a vault that is out of reach', () => {
  let network: TcpProxy;
  let bao: BaoNode;
  beforeAll(async () => {
    bao = await BaoNode.start();
    network = await TcpProxy.before(bao.server.address);
  });
  afterEach(() => {
    network.weather = 'clear';
  });
  afterAll(async () => {
    await network.stop();
    await bao.server.kill();
  });

  const through = (timeoutMs = 200): VaultClient =>
    clientOf(network.address, { credentials: async () => tokenCredentials(bao.rootToken), timeoutMs });

  it.each(['reset', 'stall'] as const)(
    'by a network in the state %s is said so, in bounded time',
    async (weather) => {
      const place = new VaultPlace(through());
      network.weather = weather;
      const before = network.connections;
      const startedMs = Date.now();

      expect(await place.trouble(PATH)).toMatch(
        /^The vault at \S+ cannot be reached \((ECONNRESET|ETIMEDOUT)\)\. Is it running/,
      );
      expect(Date.now() - startedMs).toBeLessThan(3 * 200 + 1_500);
      expect(network.connections - before).toBe(3);
      await expect(place.put(PATH, placed(1))).rejects.toMatchObject({ name: 'VaultUnreachable' });
    },
  );

  it('since nobody listens there is said so', async () => {
    const nobody = `http://127.0.0.1:${await claimPort()}`;
    expect((await vaultReadiness(clientAt(nobody))).trouble).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  it('for a moment is not noticed: a kept connection that was cut is opened anew', async () => {
    const place = new VaultPlace(through());
    await place.put(PATH, placed(1));
    network.cut();
    await place.put(PATH, placed(2));
    expect(await through().kv.read(PATH.path)).toMatchObject({ data: { version: 2 } });
  });

  it('when the answer to a write is lost has it written once all the same', async () => {
    const vault = through();
    const place = new VaultPlace(vault);
    await place.put(PATH, placed(3));
    const { currentVersion } = (await vault.kv.metadata(PATH.path)) as { currentVersion: number };

    const write = vault.kv.write.bind(vault.kv);
    vault.kv.write = async (...args) => {
      network.weather = 'drop-answers';
      setTimeout(() => {
        network.weather = 'clear';
      }, 50);
      return write(...args);
    };
    await place.put(PATH, placed(4));

    expect((await vault.kv.metadata(PATH.path))?.currentVersion).toBe(currentVersion + 1);
    expect(await vault.kv.read(PATH.path)).toMatchObject({ data: { version: 4 } });
  });
});

describe('answers that OpenBao cannot be brought to give here, from a stub', () => {
  async function stub(answer: (path: string) => { status: number; headers?: object; body?: object }) {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      paths.push(path);
      const { status, headers, body } = answer(path);
      response.writeHead(status, { ...headers }).end(body ? JSON.stringify(body) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { address, paths, stop: () => server.close() };
  }

  it.each([
    [472, 'secondary', /disaster-recovery cluster/],
    [530, 'secondary', /was removed from its cluster/],
    [200 + 218, 'unknown', /says 418 where a vault tells its health\. Check the address/],
  ])('health %d is %s', async (status, state, sentence) => {
    const { address, stop } = await stub(() => ({ status }));
    expect(await vaultReadiness(clientAt(address))).toMatchObject({
      health: { state },
      trouble: expect.stringMatching(sentence),
    });
    stop();
  });

  it.each([
    [429, 'retry-after'],
    [500, 'nothing'],
    [502, 'nothing'],
  ])('a %d is tried again, three times at most', async (status) => {
    const { address, paths, stop } = await stub(() => ({ status, headers: { 'retry-after': '0' } }));
    await expect(clientAt(address).kv.read('x')).rejects.toMatchObject({ name: 'VaultRefused' });
    expect(paths).toHaveLength(3);
    stop();
  });

  it('a standby that does not forward sends elsewhere: followed once, with the token, to where TLS is not lost', async () => {
    const active = await stub((path) =>
      path.endsWith('lookup-self')
        ? { status: 200, body: { data: { ttl: 0 } } }
        : { status: 200, body: { data: { data: { n: 1 }, metadata: { version: 1 } } } },
    );
    const standby = await stub((path) => ({
      status: 307,
      headers: { location: `${active.address}${path}` },
    }));
    expect(await clientAt(standby.address).kv.read('x')).toMatchObject({ data: { n: 1 } });

    const astray = await stub(() => ({
      status: 307,
      headers: { location: 'http://vault.example.com/v1/x' },
    }));
    await expect(clientAt(astray.address).kv.read('x')).rejects.toMatchObject({
      name: 'VaultUnreachable',
      message: expect.stringMatching(/it redirects to an address without TLS/),
    });
    expect(astray.paths).toHaveLength(1);
    for (const { stop } of [active, standby, astray]) stop();
  });
});
