/** Worlds in which a key rotates, and how to look at what became of it. */
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import type { Rotation } from '../../lambdas/core/domain/key-record.ts';
import type { IssueOrder } from '../../lambdas/core/use-cases/issue-order.ts';
import { Execution, type RotationRequest } from './machine.ts';
import { MemoryWorld, type WorldOptions } from './memory-world.ts';

export const HOUR_S = 3_600;

/** What is on record of a key whose one rotation went to its end. */
export const WHOLE_CHAIN = [
  'key.issued',
  'rotation.started',
  'version.generated',
  'version.activated',
  'rotation.judged',
  'version.retired',
];

export async function worldWithKey(order: Partial<IssueOrder> = {}, options: WorldOptions = {}) {
  const world = new MemoryWorld(options);
  return { world, ...(await world.issue(order)) };
}

/** Both versions accepted, an authorizer that writes each use at once, and the new key. */
export async function dualKeyWorld(request: RotationRequest = {}, options: WorldOptions = {}) {
  const { world, keyId, key: old } = await worldWithKey({}, options);
  const execution = new Execution(world, keyId, 'r-1', request);
  await execution.toDualKey();
  return {
    world,
    keyId,
    old,
    fresh: await world.sealedKey(keyId, 2),
    execution,
    authorizer: world.authorizer(),
  };
}

export const chainHolds = (world: MemoryWorld, keyId: string): boolean =>
  firstBrokenLink(world.table.events.get(keyId) ?? []) === undefined;

/** The rotation on record. */
export const rotationOf = (world: MemoryWorld, keyId: string, rotationId = 'r-1'): Rotation | undefined =>
  world.table.rotations.get(`${keyId}/${rotationId}`);
