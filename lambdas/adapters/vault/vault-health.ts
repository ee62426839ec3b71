/** What a vault says of itself before anybody logs in, told apart by what is to be done about it. */

import { sealedSentence, VaultUnreachable } from './vault-errors.ts';
import type { VaultHttp } from './vault-http.ts';

export type VaultState =
  | 'active'
  | 'standby'
  | 'sealed'
  | 'uninitialized'
  /** Of a disaster-recovery cluster, which takes no requests. */
  | 'secondary'
  | 'unreachable'
  | 'unknown';

export interface VaultHealth {
  readonly state: VaultState;
  readonly version?: string;
  /** Why requests will fail, and the mend. Absent: they should not. */
  readonly trouble?: string;
}

/** The statuses of `sys/health`, which are no errors of the request. */
const STATES: Readonly<Record<number, VaultState>> = {
  200: 'active',
  429: 'standby',
  472: 'secondary',
  473: 'standby',
  474: 'standby',
  501: 'uninitialized',
  503: 'sealed',
  530: 'secondary',
};

/** Asked of the node that answers: a standby forwards requests, and whether it can, a request tells. */
export async function vaultHealth(http: VaultHttp): Promise<VaultHealth> {
  const { address } = http.config;
  try {
    const { status, body } = await http.call({ method: 'GET', path: 'sys/health', takes: isHealth });
    const state = STATES[status] ?? 'unknown';
    const version = body['version'];
    const trouble = TROUBLES[state]?.(address, status);
    return {
      state,
      ...(typeof version === 'string' ? { version } : {}),
      ...(trouble === undefined ? {} : { trouble }),
    };
  } catch (error) {
    if (error instanceof VaultUnreachable) return { state: 'unreachable', trouble: error.message };
    throw error;
  }
}

const isHealth = (status: number): boolean => STATES[status] !== undefined;

const TROUBLES: Partial<Record<VaultState, (address: string, status: number) => string>> = {
  sealed: sealedSentence,
  uninitialized: (address) =>
    `The vault at ${address} is not initialized. Initialize it with \`bao operator init\` (or \`vault\`), or check the address.`,
  secondary: (address) =>
    `The vault at ${address} is of a disaster-recovery cluster, or was removed from its cluster. Give the address of the active one.`,
  unknown: (address, status) =>
    `What answers at ${address} says ${status} where a vault tells its health. Check the address, and what stands before it.`,
};

/** Said of a standby whose request has failed. */
export const standbyAlone = (address: string): string =>
  `The vault at ${address} is a standby and reaches no active node. See the cluster's other nodes, or give their address.`;
