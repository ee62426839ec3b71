/** A vault client of the code under test, with credentials and time in the test's hand. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type VaultClient,
  type VaultConfig,
  vaultClient,
} from '../../../lambdas/adapters/vault/vault-client.ts';
import {
  parseCredentials,
  type VaultCredentials,
} from '../../../lambdas/adapters/vault/vault-credentials.ts';
import type { BaoServer } from '../../support/openbao.ts';
import { ROOT_TOKEN } from '../../support/openbao.ts';
import { codeBlocks } from '../../unit/docs/read-document.ts';

const PAGE = readFileSync(new URL('../../../docs/deliveries.md', import.meta.url), 'utf8');

/** What delivering takes, as the documents state it, for every path: tests use several. */
const POLICY = (codeBlocks(PAGE, 'hcl')[0] ?? '').replaceAll('/keyturn/*', '/*');

export const tokenCredentials = (token: string): VaultCredentials =>
  parseCredentials(JSON.stringify({ token }), 'token');

export interface ClientOptions {
  readonly config?: Partial<VaultConfig>;
  readonly credentials?: () => Promise<VaultCredentials>;
  readonly clock?: () => number;
  readonly timeoutMs?: number;
}

export const clientOf = (address: string, options: ClientOptions = {}): VaultClient =>
  vaultClient(
    { address, mount: 'secret', authMount: 'approle', ...options.config },
    {
      credentials: options.credentials ?? (async () => tokenCredentials(ROOT_TOKEN)),
      clock: options.clock ?? Date.now,
      sleep,
      timeoutMs: options.timeoutMs ?? 1_000,
    },
  );

export interface AppRole {
  readonly roleId: string;
  /** Makes another one. */
  secretId(): Promise<string>;
}

/** A role that may deliver, whose tokens live as long as said. */
export async function appRole(
  bao: BaoServer,
  settings: object = { token_ttl: '1h' },
  namespace?: string,
): Promise<AppRole> {
  await bao.root('POST', 'sys/auth/approle', { type: 'approle' }, namespace);
  await bao.root('POST', 'sys/policies/acl/keyturn', { policy: POLICY }, namespace);
  const role = 'auth/approle/role/keyturn';
  await bao.root(
    'POST',
    role,
    { token_policies: 'keyturn', token_max_ttl: 0, secret_id_num_uses: 0, ...settings },
    namespace,
  );
  const { body } = await bao.root('GET', `${role}/role-id`, undefined, namespace);
  return {
    roleId: body.data.role_id,
    secretId: async () => (await bao.root('POST', `${role}/secret-id`, {}, namespace)).body.data.secret_id,
  };
}
