/** A quarter in the life of some keys, played by the real use cases: what a report is made of. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import { reportKeyOf } from '../../lambdas/core/domain/report/report-key.ts';
import type { Standing } from '../../lambdas/core/domain/report/standing-figures.ts';
import { changeKeyStatus } from '../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../lambdas/core/use-cases/claim-key.ts';
import { exemptKey } from '../../lambdas/core/use-cases/exempt-key.ts';
import { rollbackRotation } from '../../lambdas/core/use-cases/rollback-rotation.ts';
import { Execution } from './machine.ts';
import { MemoryWorld, OPERATOR } from './memory-world.ts';

export const REVOCATION_BOUND_MS = 6_000;
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** All events of all keys, in the order of the record. */
export const eventsOf = (world: MemoryWorld): readonly AuditEvent[] =>
  [...world.table.events.values()]
    .flat()
    .sort(
      (one, other) =>
        one.atMs - other.atMs ||
        (one.chain < other.chain ? -1 : one.chain > other.chain ? 1 : one.sequence - other.sequence),
    );

/** The keys as they stand now. */
export const standingOf = (world: MemoryWorld): Standing => ({
  keys: [...world.table.keys.values()].map(reportKeyOf),
  rotateEvery: new Map(
    [...world.deps.policies].map(([name, { rotateEverySeconds }]) => [name, rotateEverySeconds]),
  ),
  revocationBoundMs: REVOCATION_BOUND_MS,
  readFromMs: world.clock.nowMs,
  readToMs: world.clock.nowMs,
});

export interface Story {
  readonly world: MemoryWorld;
  readonly startMs: number;
  readonly keys: Readonly<
    Record<
      'moved' | 'slow' | 'leaked' | 'graced' | 'failed' | 'taken-back' | 'revoked' | 'exempt' | 'late',
      string
    >
  >;
}

/** Uses both versions so that the new one has this share of a hundred requests. */
async function use(world: MemoryWorld, keyId: string, fresh: number): Promise<void> {
  const authorizer = world.authorizer();
  for (let request = 0; request < 20; request += 1) {
    const version = request * 5 < fresh ? 2 : 1;
    await authorizer.authorize(keysOf.get(`${world.rules.prefix}/${keyId}/${version}`));
  }
}

/** The keys that were handed out, by prefix, id and version. */
const keysOf = new Map<string, string>();

async function issued(world: MemoryWorld, owner: string, order: Parameters<MemoryWorld['issue']>[0] = {}) {
  const { keyId, key } = await world.issue({ owner, name: `Client of ${owner}`, ...order });
  keysOf.set(`${world.rules.prefix}/${keyId}/1`, key);
  return keyId;
}

async function received(world: MemoryWorld, keyId: string): Promise<void> {
  const claimed = await claimKey(world.deps, keyId, OPERATOR);
  if (claimed.outcome !== 'claimed') throw new Error(`Nothing to claim: ${claimed.outcome}`);
  keysOf.set(`${world.rules.prefix}/${keyId}/${claimed.version}`, claimed.key.reveal());
}

/** @param options of the world; time begins where its clock stands */
export async function playQuarter(world: MemoryWorld = new MemoryWorld()): Promise<Story> {
  const startMs = world.clock.nowMs;
  const policy = 'high-security';
  const keys = {
    moved: await issued(world, 'orders@example.com'),
    slow: await issued(world, 'search@example.com'),
    leaked: await issued(world, 'leaky@example.com'),
    graced: await issued(world, 'graced@example.com'),
    failed: await issued(world, 'failing@example.com'),
    'taken-back': await issued(world, 'back@example.com'),
    revoked: await issued(world, 'gone@example.com'),
    exempt: await issued(world, 'frozen@example.com', { policy }),
    late: await issued(world, 'late@example.com', { policy }),
  };
  world.clock.advanceSeconds(5 * DAY_S);
  await playRotations(world, keys);
  world.clock.advanceSeconds(3 * DAY_S);
  await playEmergencies(world, keys);
  await exemptKey(world.deps, keys.exempt, world.clock.nowMs + 60 * DAY_S * 1000, {
    actor: OPERATOR,
    reason: 'Client frozen until its release',
  });
  await changeKeyStatus(world.deps, keys.revoked, 'revoked', { actor: OPERATOR, reason: 'Contract ended' });
  world.clock.advanceSeconds(40 * DAY_S);
  return { world, startMs, keys };
}

async function playRotations(world: MemoryWorld, keys: Story['keys']): Promise<void> {
  const moved = new Execution(world, keys.moved, 'r-moved', { purpose: 'scheduled' });
  let next = await moved.toDualKey();
  await received(world, keys.moved);
  await use(world, keys.moved, 100);
  await moved.waitAndJudge(next);
  await moved.run('retire');

  const slow = new Execution(world, keys.slow, 'r-slow', { reason: 'A new client' });
  next = await slow.toDualKey();
  await received(world, keys.slow);
  for (const share of [20, 60, 100]) {
    await use(world, keys.slow, share);
    world.clock.nowMs = Math.max(world.clock.nowMs, Date.parse(next.waitUntil as string));
    next = await slow.run('judge');
    while (next.next === 'wait' && world.clock.nowMs >= Date.parse(next.waitUntil as string))
      next = await slow.run('judge');
  }
  if (next.next === 'wait') next = await slow.waitAndJudge(next);
  await slow.run('retire');

  const failed = new Execution(world, keys.failed, 'r-failed');
  await failed.runAll('begin', 'generate');
  await failed.abandon('VerificationFailed: the authorizer refused it');

  const back = new Execution(world, keys['taken-back'], 'r-back');
  await back.toDualKey();
  world.clock.advanceSeconds(HOUR_S);
  await rollbackRotation(world.deps, keys['taken-back'], { actor: OPERATOR, reason: 'Client broke' });
}

async function playEmergencies(world: MemoryWorld, keys: Story['keys']): Promise<void> {
  const leaked = new Execution(world, keys.leaked, 'r-leaked', {
    purpose: 'emergency',
    reason: 'Key found in a public repository',
    immediateInvalidation: true,
  });
  world.clock.advanceSeconds(2);
  await leaked.toDualKey();
  world.clock.advanceSeconds(30);
  await world.authorizer().authorize(keysOf.get(`${world.rules.prefix}/${keys.leaked}/1`));

  const graced = new Execution(world, keys.graced, 'r-graced', {
    purpose: 'emergency',
    reason: 'Laptop stolen',
    gracePeriod: 'PT1H',
  });
  world.clock.advanceSeconds(3);
  const waiting = await graced.toDualKey();
  await graced.waitAndJudge(waiting);
  world.clock.advanceSeconds(4);
  await graced.run('retire');
}
