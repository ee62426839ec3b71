/** One vault as configured: its health, its API and its KV engine, sharing a token and connections. */
import { KvV2 } from './kv-v2.ts';
import { VaultApi } from './vault-api.ts';
import type { ReadCredentials } from './vault-credentials.ts';
import { VaultHttp } from './vault-http.ts';
import { VaultToken } from './vault-token.ts';

export interface VaultConfig {
  /** As `parseVaultAddress` gives it. */
  readonly address: string;
  /** Of a KV engine, version 2. */
  readonly mount: string;
  readonly namespace?: string;
  /** Where AppRole is mounted. */
  readonly authMount: string;
  readonly allowHttp?: boolean;
  /** PEM. */
  readonly caCertificate?: string;
}

export interface VaultDeps {
  readonly credentials: ReadCredentials;
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** For one attempt. Default: 3 s. */
  readonly timeoutMs?: number;
}

export interface VaultClient {
  readonly config: VaultConfig;
  readonly http: VaultHttp;
  readonly api: VaultApi;
  readonly kv: KvV2;
}

/** An attempt and its repetitions are over well before the functions' own 30 s. */
const TIMEOUT_MS = 3_000;
const ATTEMPTS = 3;

export function vaultClient(config: VaultConfig, deps: VaultDeps): VaultClient {
  const { address, allowHttp, caCertificate, namespace, authMount } = config;
  const http = new VaultHttp({
    address,
    timeoutMs: deps.timeoutMs ?? TIMEOUT_MS,
    attempts: ATTEMPTS,
    sleep: deps.sleep,
    ...(allowHttp ? { allowHttp } : {}),
    ...(caCertificate ? { caCertificate } : {}),
  });
  const { credentials, clock } = deps;
  const token = new VaultToken({ http, credentials, authMount, clock, ...(namespace ? { namespace } : {}) });
  const api = new VaultApi(http, token, namespace);
  return { config, http, api, kv: new KvV2(api, config.mount, clock) };
}
