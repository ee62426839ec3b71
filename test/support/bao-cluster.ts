/** OpenBao with storage: a node that is initialized, sealed, unsealed, restarted, and may have a standby. */
import { BaoServer, claimPort, temporary, until } from './openbao.ts';

export class BaoNode {
  server: BaoServer;
  readonly rootToken: string;
  readonly #unsealKey: string;
  readonly #directory: string;
  readonly #port: number;

  private constructor(server: BaoServer, port: number, directory: string, key: string, token: string) {
    this.server = server;
    this.#port = port;
    this.#directory = directory;
    this.#unsealKey = key;
    this.rootToken = token;
  }

  /** Sealed and without a key yet. */
  static async uninitialized(): Promise<{ server: BaoServer; port: number; directory: string }> {
    const [port, directory] = [await claimPort(), temporary('storage')];
    return { server: await BaoServer.withStorage(directory, port), port, directory };
  }

  /** Unsealed, with a KV engine of version 2 at `secret`. */
  static async start(): Promise<BaoNode> {
    const { server, port, directory } = await BaoNode.uninitialized();
    const shares = { secret_shares: 1, secret_threshold: 1 };
    const { body } = await server.call('PUT', 'sys/init', { body: shares });
    const node = new BaoNode(server, port, directory, body.keys_base64[0], body.root_token);
    await node.unseal();
    await node.root('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    await until('KV engine', async () => (await node.root('GET', 'secret/config')).status === 200);
    return node;
  }

  /** Another node of the same cluster, that stands by. */
  async standby(): Promise<BaoServer> {
    const { server } = await BaoNode.uninitialized();
    await server.call('POST', 'sys/storage/raft/join', { body: { leader_api_addr: this.server.address } });
    await server.call('PUT', 'sys/unseal', { body: { key: this.#unsealKey } });
    await until('standby', async () => (await server.call('GET', 'sys/health')).status === 429);
    const lookup = () => server.call('GET', 'auth/token/lookup-self', { token: this.rootToken });
    await until('forwarding', async () => (await lookup()).status === 200);
    return server;
  }

  async unseal(): Promise<void> {
    await this.server.call('PUT', 'sys/unseal', { body: { key: this.#unsealKey } });
    await until('unsealed', async () => (await this.server.call('GET', 'sys/health')).status === 200);
  }

  async seal(): Promise<void> {
    await this.root('PUT', 'sys/seal');
    await until('sealed', async () => (await this.server.call('GET', 'sys/health')).status === 503);
  }

  /** After a crash: sealed. */
  async restart(): Promise<void> {
    await this.server.kill();
    this.server = await BaoServer.withStorage(this.#directory, this.#port);
  }

  root(method: string, path: string, body?: object) {
    return this.server.call(method, path, { token: this.rootToken, body });
  }
}
