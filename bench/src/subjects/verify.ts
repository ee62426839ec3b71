/**
 * Keyturn's decision alone, from memory: a key in, a verdict out, its use counted. No event, no line of log, no policy:
 * what a call of another library's `verify` does.
 */

import { hashKey } from '../../../lambdas/core/domain/key-hash.ts';
import type { AuthorizableKey } from '../../../lambdas/core/ports/authorization.ts';
import { authorize } from '../../../lambdas/core/use-cases/authorize.ts';
import { CachedPeppers } from '../../../lambdas/core/use-cases/cached-peppers.ts';
import { KeyMemory } from '../../../lambdas/core/use-cases/key-memory.ts';
import { UseMeter } from '../../../lambdas/core/use-cases/use-meter.ts';
import { WrongKeyMeter } from '../../../lambdas/core/use-cases/wrong-key-meter.ts';

const presented = process.env['BENCH_KEY'] ?? '';
const pepper = process.env['BENCH_PEPPER'] ?? '';
const rules = JSON.parse(process.env['API_RULES'] ?? '{}');
const key: AuthorizableKey = {
  keyId: presented.split('_')[2] ?? '',
  owner: 'team@example.com',
  environment: 'live',
  scopes: ['tools:*', 'orders:read'],
  allowedAddresses: [],
  status: 'enabled',
  versions: [
    {
      version: 1,
      status: 'active',
      hash: hashKey(presented, Buffer.from(pepper)),
      pepperVersion: '1',
      createdAtMs: 0,
    },
  ],
  firstUsesMs: { '1': 0 },
  firstRefusalsMs: {},
};
const nothing = async () => undefined;
const deps = {
  memory: new KeyMemory({ read: async () => key }, 5_000),
  meter: new UseMeter({ add: nothing, noteFirstUse: nothing, noteFirstRefusal: nothing }, 10_000),
  wrongKeys: new WrongKeyMeter({ addWrong: nothing, noteRetiredUse: nothing }, 300),
  peppers: new CachedPeppers(async () => JSON.stringify({ current: '1', '1': pepper }), Date.now),
  clock: Date.now,
};
const mcp = { method: undefined, name: undefined, protocolVersion: undefined };

export async function handler(): Promise<boolean> {
  const { outcome } = await authorize(deps, rules, {
    presented,
    method: 'POST',
    resource: '/mcp',
    sourceAddress: '203.0.113.17',
    userAgent: 'mcp-client/2.4.0 node/20.20.2',
    mcp,
  });
  if (outcome !== 'allowed') throw new Error(`The key was ${outcome}.`);
  return true;
}
