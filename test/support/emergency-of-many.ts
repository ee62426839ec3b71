/** Keys of one owner, and what an emergency of them does and meets. */
import { changeKeyStatus } from '../../lambdas/core/use-cases/change-key-status.ts';
import { rollbackRotation } from '../../lambdas/core/use-cases/rollback-rotation.ts';
import { BulkWorld } from './bulk-world.ts';

export async function worldWith(count: number, options: ConstructorParameters<typeof BulkWorld>[0] = {}) {
  const world = new BulkWorld(options);
  const keys = [];
  for (let made = 0; made < count; made += 1) keys.push(await world.issue());
  world.clock.advanceSeconds(60);
  return { world, keys, ids: keys.map(({ keyId }) => keyId) as [string, ...string[]] };
}

export const totalsOf = (world: BulkWorld) => world.run().end?.totals;
export const NOTHING = { refused: 0, 'dual-key': 0, failed: 0, skipped: 0, left: 0 };

export async function setStatus(world: BulkWorld, keyId: string, to: 'enabled' | 'disabled' | 'revoked') {
  await changeKeyStatus(world.deps, keyId, to, { actor: { principal: 'ops', via: 'cli' }, reason: 'a test' });
}

export async function rollBack(world: BulkWorld, keyId: string) {
  await rollbackRotation(world.deps, keyId, { actor: { principal: 'ops', via: 'cli' }, reason: 'a test' });
}
