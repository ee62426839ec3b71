/** Each minute: what clients did in the last complete minute of every rotation, told by rotation and in total. */
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { iso, isoOrNull } from '../domain/iso-time.ts';
import type { Rotation } from '../domain/key-record.ts';
import { type Activity, activityOf, requestsIn, type Shares, sharesOf } from '../domain/rotation-activity.ts';
import { stuckSinceMs } from '../domain/stuck-rotation.ts';
import type { Clock } from '../ports/ambient.ts';
import type { RotationEvents, RotationMinute } from '../ports/rotation-events.ts';
import type { KeyRotation, Rotations } from '../ports/rotations.ts';
import type { MinuteReader } from '../ports/use-store.ts';
import type { Watch } from '../ports/watch.ts';

export interface ObserveDeps {
  readonly rotations: Pick<Rotations, 'running' | 'endedSince'>;
  readonly minutes: MinuteReader;
  readonly events: RotationEvents;
  readonly watch: Pick<Watch, 'stuckRotations'>;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Told of each key whose minute could not be read; the others go on. */
  readonly onFailure: (keyId: string, error: unknown) => void;
}

export interface ObserveReport extends Activity, Shares {
  readonly running: number;
  readonly stuck: number;
  /** Rotations whose key was used in the minute. */
  readonly active: number;
  /** Minutes that could not be read or told. */
  readonly failed: number;
  /** Rotations that were not got to in time: nothing is told of their minute. */
  readonly left: number;
}

/** Rotations whose minutes are read, and then told, at once. */
const AT_ONCE = 100;

/** @param lagMs after how long a minute's counts are surely on record. @returns the start of the last such minute */
export const lastCompleteMinuteMs = (atMs: number, lagMs: number): number =>
  (Math.floor((atMs - lagMs) / MINUTE_MS) - 1) * MINUTE_MS;

/** Safe to repeat, for the same minute too. @param endsAtMs no further rotation is begun after this */
export async function observeRotations(
  deps: ObserveDeps,
  minuteMs: number,
  endsAtMs: number,
): Promise<ObserveReport> {
  // In this order: one that ends meanwhile is in both, never in none.
  const running = await deps.rotations.running();
  const ended = await deps.rotations.endedSince(minuteMs);
  const nowMs = deps.clock();
  const stuck = running.filter(({ rotation }) => stuckSinceMs(rotation, nowMs) !== undefined);
  const failedToTell = await tellStuck(deps, stuck);
  const observed = fromAnywhere(eachOnce([...ended, ...running].filter(hadTwoVersions)), deps.random());
  const told: RotationMinute[] = [];
  let failed = failedToTell;
  let done = 0;
  while (done < observed.length && deps.clock() < endsAtMs) {
    const some = observed.slice(done, done + AT_ONCE);
    done += some.length;
    const minutes = await Promise.all(some.map((each) => minuteOf(deps, each, minuteMs)));
    const active = minutes.filter((minute) => minute !== 'unused' && minute !== 'failed');
    failed += minutes.filter((minute) => minute === 'failed').length + (await deps.events.publish(active));
    told.push(...active);
  }
  const total = {
    oldRequests: sum(told.map(({ oldRequests }) => oldRequests)),
    newRequests: sum(told.map(({ newRequests }) => newRequests)),
    refusedRequests: sum(told.map(({ refusedRequests }) => refusedRequests)),
  };
  return {
    running: running.length,
    stuck: stuck.length,
    active: told.length,
    ...total,
    ...sharesOf(total),
    failed,
    left: observed.length - done,
  };
}

/** Of one call of who puts them on record. */
const MOST_STUCK = 50;

/** Each minute anew while they stand still: what is on record is not put there again. @returns those not handed over */
async function tellStuck({ watch, onFailure }: ObserveDeps, stuck: readonly KeyRotation[]): Promise<number> {
  const some = stuck.slice(0, MOST_STUCK);
  if (some.length === 0) return 0;
  try {
    await watch.stuckRotations(some.map(({ keyId, rotation: { rotationId } }) => ({ keyId, rotationId })));
    return 0;
  } catch (error) {
    for (const { keyId } of some) onFailure(keyId, error);
    return some.length;
  }
}

/** Uses are counted by minute from the dual-key write on. One that ended since the minute began had its share of it. */
const hadTwoVersions = ({ rotation }: KeyRotation): boolean => rotation.gracePeriodEndsAtMs !== undefined;

/** One that carries on from one that has just failed has its two versions, and so its minute: the later one tells. */
const eachOnce = (all: readonly KeyRotation[]): readonly KeyRotation[] => [
  ...new Map(
    all.map((each) => [`${each.keyId}/${each.rotation.fromVersion}/${each.rotation.toVersion}`, each]),
  ).values(),
];

/** Where there are more than there is time for, it is not always the same ones that are left. */
function fromAnywhere(all: readonly KeyRotation[], random: number): readonly KeyRotation[] {
  const start = Math.floor(random * all.length);
  return [...all.slice(start), ...all.slice(0, start)];
}

/** One key that cannot be read keeps no other from being told of. */
async function minuteOf(
  deps: ObserveDeps,
  { keyId, rotation }: KeyRotation,
  minuteMs: number,
): Promise<RotationMinute | 'unused' | 'failed'> {
  try {
    const { requests, lastUsesMs } = await deps.minutes.minute(keyId, minuteMs);
    const activity = activityOf(requests, rotation);
    if (requestsIn(activity) === 0) return 'unused';
    const { fromVersion, toVersion } = rotation as Rotation & { readonly toVersion: number };
    return {
      keyId,
      rotationId: rotation.rotationId,
      minute: iso(minuteMs),
      oldVersion: fromVersion,
      newVersion: toVersion,
      ...activity,
      ...sharesOf(activity),
      oldLastUsedAt: isoOrNull(lastUsesMs.get(fromVersion)),
      newLastUsedAt: isoOrNull(lastUsesMs.get(toVersion)),
    };
  } catch (error) {
    deps.onFailure(keyId, error);
    return 'failed';
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
