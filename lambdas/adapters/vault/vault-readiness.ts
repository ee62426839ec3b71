/** Whether a key can be written to a path of a vault: asked before a rotation starts. Nothing is written. */
import { KeyturnError } from '../../core/domain/errors.ts';
import { dataOf } from './vault-api.ts';
import type { VaultClient } from './vault-client.ts';
import { standbyAlone, type VaultHealth, vaultHealth } from './vault-health.ts';

/** What delivering to a path takes, by what stands before the path. */
export const NEEDED = {
  data: ['create', 'read', 'update'],
  metadata: ['read', 'patch'],
} as const;

export interface Readiness {
  readonly health: VaultHealth;
  /** Why nothing can be written there, and the mend. */
  readonly trouble?: string;
}

/**
 * Its health, its credentials, its mount, and what they may do.
 *
 * @param path of a secret below the mount; default: only what does not depend on it
 */
export async function vaultReadiness(vault: VaultClient, path?: string): Promise<Readiness> {
  const health = await vaultHealth(vault.http);
  if (health.trouble !== undefined) return { health, trouble: health.trouble };
  try {
    const trouble =
      (await mountTrouble(vault)) ?? (path === undefined ? undefined : await denials(vault, path));
    if (trouble === undefined && health.state === 'standby') await tryWriting(vault);
    return { health, ...(trouble === undefined ? {} : { trouble }) };
  } catch (error) {
    if (!(error instanceof KeyturnError)) throw error;
    const alone = health.state === 'standby' && NO_ACTIVE_NODE.has(error.name);
    return { health, trouble: alone ? standbyAlone(vault.config.address) : error.message };
  }
}

/**
 * A standby may answer reads by itself, and even check a write, while it has no active node to hand one to. The token's
 * own cubbyhole is a place to really write to: nobody else sees it, and it ends with the token.
 */
async function tryWriting({ api }: VaultClient): Promise<void> {
  const call = { method: 'POST', path: 'cubbyhole/keyturn', body: { probe: 'write' } } as const;
  // A token without the default policy may not: then the first write tells.
  await api.call(call, [403]);
}

/** How a request fails that a standby could not hand on. */
const NO_ACTIVE_NODE: ReadonlySet<string> = new Set(['VaultRefused', 'VaultUnreachable']);

/** A write to a KV engine of version 1 would succeed, and be found by nobody. */
async function mountTrouble({ api, config }: VaultClient): Promise<string | undefined> {
  const { mount, address } = config;
  const path = `sys/internal/ui/mounts/${mount.split('/').map(encodeURIComponent).join('/')}`;
  const answer = await api.call({ method: 'GET', path }, [403, 404]);
  const { type, options } = dataOf(answer) as { type?: unknown; options?: { version?: unknown } | null };
  if (answer.status !== 200) {
    return `The vault at ${address} has no mount '${mount}' that these credentials may use. Check mount, namespace and policy.`;
  }
  if (type === 'kv' && options?.version === '2') return undefined;
  return `'${mount}' of the vault at ${address} is no KV engine of version 2. Enable one with \`bao secrets enable -version=2 -path=${mount} kv\` (or \`vault\`).`;
}

async function denials({ api, config }: VaultClient, path: string): Promise<string | undefined> {
  const paths = Object.entries(NEEDED).map(([kind, needed]) => ({
    path: `${config.mount}/${kind}/${path}`,
    needed,
  }));
  const answer = await api.call({
    method: 'POST',
    path: 'sys/capabilities-self',
    body: { paths: paths.map((each) => each.path) },
  });
  const granted = dataOf(answer) as Readonly<Record<string, readonly string[] | undefined>>;
  for (const each of paths) {
    const has = granted[each.path] ?? [];
    const missing = has.includes('root') ? [] : each.needed.filter((capability) => !has.includes(capability));
    if (missing.length > 0) {
      return `The vault at ${config.address} does not let these credentials ${missing.join(', ')} '${each.path}'. Add it to their policy.`;
    }
  }
  return undefined;
}
