/** One key of an emergency of many: what is to be done about it now, and what became of it. */
import { MINUTE_MS } from '../../../rules/time-units.ts';
import {
  type EmergencyRun,
  isSettled,
  type RunKey,
  runRotationId,
  skippedWhy,
} from '../domain/emergency-run.ts';
import { type Exposure, exposureOf, receivedBy } from '../domain/exposure.ts';
import { failureText } from '../domain/failure-text.ts';
import type { KeyRecord, Rotation } from '../domain/key-record.ts';
import type { EmergencyDeps } from './emergency-deps.ts';
import { findRotation } from './find-rotation.ts';

export interface KeyInRun {
  readonly run: EmergencyRun;
  readonly attempt: number;
  readonly keyId: string;
  /** As the run has it on record. */
  readonly known: RunKey | undefined;
}

/** What is on record of a rotation that was ordered. */
type Ordered = RunKey & Required<Pick<RunKey, 'rotationId' | 'orderedAtMs'>>;
type Covered = Exclude<Exposure, { readonly state: 'exposed' }>;

/** Steps of a rotation are tried again for minutes when something is throttled; it may still end well after this. */
const LATE_MS = 10 * MINUTE_MS;

/**
 * What the key itself says comes first: who replaced its versions does not matter. Safe to repeat, also at the same
 * time: a rotation is put on record before it is started, under a name that starts it once.
 *
 * @returns whether this attempt has nothing more to do about the key
 */
export async function advanceKey(deps: EmergencyDeps, key: KeyInRun): Promise<boolean> {
  const { run, attempt, keyId, known } = key;
  // A later attempt may have taken it over.
  if (known && (isSettled(known, attempt) || known.attempt > attempt)) return true;
  const record = await deps.store.find(keyId);
  if (!record) return settle(deps, key, { outcome: 'skipped', why: 'There is no such key.' });
  const exposure = exposureOf(record, compromiseOf(run), deps.clock());
  if (exposure.state !== 'exposed') return settleCovered(deps, key, record, exposure);
  if (record.status !== 'enabled') {
    return settle(deps, key, { outcome: 'skipped', why: skippedWhy(record.status) });
  }
  return isOrdered(known) ? judgeOrdered(deps, key, known, record) : order(deps, key);
}

const compromiseOf = ({ startedAtMs, immediate }: EmergencyRun) => ({ sinceMs: startedAtMs, immediate });

const isOrdered = (known: RunKey | undefined): known is Ordered => known?.outcome === 'ordered';

const isEmergency = (rotation: Rotation | undefined): rotation is Rotation =>
  rotation?.purpose === 'emergency';

/** The key is still open though its rotation was ordered: it is on its way, or it has come to nothing. */
async function judgeOrdered(
  deps: EmergencyDeps,
  key: KeyInRun,
  ordered: Ordered,
  record: KeyRecord,
): Promise<boolean> {
  const rotation = await findRotation(deps.store, record, ordered.rotationId);
  if (rotation && rotation.endedAtMs === undefined) return waitFor(deps, key, ordered);
  const look = rotation ? undefined : await deps.executions.look(deps.machine.arnOf(ordered.rotationId));
  if (look?.state === 'running') return waitFor(deps, key, ordered);
  if (look?.state === 'not-found') return startAgain(deps, key, ordered);
  // It ended between the two reads, and the key was judged as it stood before.
  if ((await deps.store.find(key.keyId))?.revision !== record.revision) return false;
  if (look && look.cause === undefined) return judgeAnswered(deps, key, ordered, record);
  if (isEmergency(record.rotation)) return waitFor(deps, key, ordered);
  return giveUp(deps, key, ordered, rotation ? failureOf(rotation) : (look?.cause as string));
}

/** Not seen yet, or never started: its name starts it once. What an earlier attempt never started, this one orders. */
const startAgain = (deps: EmergencyDeps, key: KeyInRun, ordered: Ordered): Promise<boolean> =>
  ordered.attempt < key.attempt ? order(deps, key) : start(deps, key, ordered);

/**
 * Its execution has left the key to another emergency that was there before, as two of a kind are one. That does if the
 * new version of the other one still lay sealed when this run began: it can be known to nobody.
 */
async function judgeAnswered(
  deps: EmergencyDeps,
  key: KeyInRun,
  ordered: Ordered,
  record: KeyRecord,
): Promise<boolean> {
  const compromise = compromiseOf(key.run);
  const exposure = exposureOf(record, compromise, deps.clock(), receivedBy(compromise.sinceMs));
  if (exposure.state !== 'exposed') return settleCovered(deps, key, record, exposure);
  const other = record.rotation;
  if (!isEmergency(other)) return giveUp(deps, key, ordered, 'Another emergency had the key, and is over.');
  if (other.status !== 'dual-key') return waitFor(deps, key, ordered);
  return giveUp(
    deps,
    key,
    ordered,
    `Emergency ${other.rotationId} had the key before, and version ${other.toVersion} that it made was handed out ` +
      'before this run began. Resume the run when that one is over, or start one with --immediate.',
  );
}

function failureOf({ rotationId, status, failure }: Rotation): string {
  if (status === 'rolled-back') return `Its rotation ${rotationId} was rolled back.`;
  return failure ?? `Its rotation ${rotationId} ended as ${status}.`;
}

async function order(deps: EmergencyDeps, key: KeyInRun): Promise<boolean> {
  const { run, attempt, keyId, known } = key;
  const ordered: Ordered = {
    keyId,
    outcome: 'ordered',
    attempt,
    rotationId: runRotationId(run.runId, keyId, attempt),
    orderedAtMs: deps.clock(),
    revision: (known?.revision ?? 0) + 1,
  };
  if ((await deps.runs.saveKey(run.runId, ordered)) === 'stale') return false;
  return start(deps, { ...key, known: ordered }, ordered);
}

/** As an operator's own emergency of the key: the same purpose, reason and initiator go on record. */
async function start(deps: EmergencyDeps, key: KeyInRun, ordered: Ordered): Promise<boolean> {
  const { run, keyId } = key;
  try {
    await deps.machine.start(ordered.rotationId, {
      keyId,
      purpose: 'emergency',
      reason: run.reason,
      initiatedBy: run.orders[ordered.attempt - 1]?.initiatedBy,
      immediateInvalidation: run.immediate,
      ...(run.gracePeriod === undefined ? {} : { gracePeriod: run.gracePeriod }),
    });
    return waitFor(deps, key, ordered);
  } catch (error) {
    deps.onFailure(keyId, error);
    const { name, message } = error as Error;
    return waitFor(deps, key, ordered, `Its rotation could not be started: ${name}: ${message}`);
  }
}

/** Not without end. */
async function waitFor(
  deps: EmergencyDeps,
  key: KeyInRun,
  ordered: Ordered,
  why = `Its rotation ${ordered.rotationId} was not done after ${LATE_MS / MINUTE_MS} minutes; it may still go on.`,
): Promise<boolean> {
  return deps.clock() - ordered.orderedAtMs > LATE_MS ? giveUp(deps, key, ordered, why) : false;
}

/** What an earlier attempt ordered and came to nothing is ordered anew; what this one ordered has failed. */
const giveUp = (deps: EmergencyDeps, key: KeyInRun, ordered: Ordered, why: string): Promise<boolean> =>
  ordered.attempt < key.attempt
    ? order(deps, key)
    : settle(deps, key, {
        outcome: 'failed',
        rotationId: ordered.rotationId,
        why: failureText(why),
      });

/** On record with the rotation that did it, as far as it is known: this run's own, or another emergency. */
async function settleCovered(
  deps: EmergencyDeps,
  key: KeyInRun,
  record: KeyRecord,
  { state, refusedAtMs }: Covered,
): Promise<boolean> {
  const ordered = key.known?.rotationId;
  const own = ordered === undefined ? undefined : await findRotation(deps.store, record, ordered);
  const by = own ?? (isEmergency(record.rotation) ? record.rotation : undefined);
  return settle(deps, key, {
    outcome: state === 'bounded' ? 'dual-key' : 'refused',
    refusedAtMs,
    ...(by ? { rotationId: by.rotationId, rotationStartedAtMs: by.startedAtMs } : {}),
  });
}

/** @returns false when somebody else has just written of the key: then it is looked at again */
async function settle(
  deps: EmergencyDeps,
  { run, attempt, keyId, known }: KeyInRun,
  end: Pick<RunKey, 'outcome' | 'rotationId' | 'rotationStartedAtMs' | 'refusedAtMs' | 'why'>,
): Promise<boolean> {
  const settled: RunKey = {
    keyId,
    attempt,
    ...(known?.orderedAtMs === undefined ? {} : { orderedAtMs: known.orderedAtMs }),
    ...end,
    revision: (known?.revision ?? 0) + 1,
  };
  return (await deps.runs.saveKey(run.runId, settled)) === 'saved';
}
