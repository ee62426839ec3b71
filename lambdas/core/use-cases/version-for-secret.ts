/** The version of a key that a rotation by Secrets Manager is to bring to clients: one that is being made, or another. */
import { iso } from '../domain/iso-time.ts';
import { activeVersion, type KeyRecord, type KeyVersion } from '../domain/key-record.ts';
import { rotationIdOf } from '../domain/secret-token.ts';
import { findRotation } from './find-rotation.ts';
import { isOrphaned } from './is-orphaned.ts';
import {
  giveUp,
  INITIATED_BY,
  type Refused,
  refuse,
  type SecretRotationDeps,
  type SecretTurn,
} from './secret-rotation-deps.ts';

/** Secrets Manager begins again where this was too short; the function itself ends after 30 seconds. */
const LONGEST_WAIT_MS = 20_000;
const PAUSE_MS = 500;
/** Of executions that failed or were refused, each with a name of its own. */
const MOST_ATTEMPTS = 40;

type Look =
  | { readonly next: 'take'; readonly version: number }
  | { readonly next: 'start'; readonly rotationId: string }
  | { readonly next: 'wait' }
  | { readonly next: 'refuse' | 'give-up'; readonly reason: string };

export interface AcceptedVersion {
  readonly outcome: 'accepted';
  readonly record: KeyRecord;
  readonly version: number;
}

/**
 * A rotation of the key that runs is joined, whoever started it, and so is one that was begun and over since Secrets
 * Manager asked. Otherwise the machine starts one under a name that follows from the token: asked again, the same.
 */
export async function versionForSecret(
  deps: SecretRotationDeps,
  turn: SecretTurn,
): Promise<AcceptedVersion | Refused> {
  const askedAtMs = await deps.secrets.madeAtMs(turn.secretId, turn.token);
  const deadlineMs = deps.clock() + LONGEST_WAIT_MS;
  const started = new Set<string>();
  while (deps.clock() < deadlineMs) {
    const record = await deps.store.find(turn.record.keyId);
    if (record?.status !== 'enabled')
      return refuse(`Key ${turn.record.keyId} is ${record?.status ?? 'gone'}.`);
    const look = await lookAt(deps, turn, record, { askedAtMs, started });
    if (look.next === 'take') return { outcome: 'accepted', record, version: look.version };
    if (look.next === 'refuse') return refuse(look.reason);
    if (look.next === 'give-up') return giveUp(deps, turn, look.reason);
    if (look.next === 'start') await start(deps, record.keyId, look.rotationId, started);
    await deps.sleep(PAUSE_MS);
  }
  return refuse(
    `No new version of key ${turn.record.keyId} was accepted within ${LONGEST_WAIT_MS / 1000} seconds.`,
  );
}

async function start(
  { machine }: SecretRotationDeps,
  keyId: string,
  rotationId: string,
  started: Set<string>,
): Promise<void> {
  started.add(rotationId);
  await machine.start(rotationId, { keyId, purpose: 'scheduled', initiatedBy: INITIATED_BY });
}

interface Looking {
  readonly askedAtMs: number | undefined;
  readonly started: ReadonlySet<string>;
}

async function lookAt(
  deps: SecretRotationDeps,
  turn: SecretTurn,
  record: KeyRecord,
  looking: Looking,
): Promise<Look> {
  const { rotation } = record;
  const active = activeVersion(record);
  if (rotation?.status === 'dual-key' && active) return { next: 'take', version: active.version };
  if (rotation && !(await isOrphaned(deps.executions, rotation, deps.clock()))) return { next: 'wait' };
  if (!rotation && active && isRotatedSince(active, looking.askedAtMs)) {
    return { next: 'take', version: active.version };
  }
  return ownRotation(deps, turn, looking);
}

/** The first version came with the key: no rotation has made it. */
const isRotatedSince = ({ version, activatedAtMs = 0 }: KeyVersion, sinceMs: number | undefined): boolean =>
  version > 1 && sinceMs !== undefined && activatedAtMs >= sinceMs;

/** The first of its own rotations that has not failed. The execution is asked first: what it did is on record then. */
async function ownRotation(deps: SecretRotationDeps, turn: SecretTurn, { started }: Looking): Promise<Look> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const rotationId = rotationIdOf(turn.token, attempt);
    const state = await deps.executions.stateOf(deps.machine.arnOf(rotationId));
    const record = (await deps.store.find(turn.record.keyId)) ?? turn.record;
    const rotation = await findRotation(deps.store, record, rotationId);
    if (rotation && rotation.endedAtMs === undefined) return { next: 'wait' };
    if (rotation?.status === 'rolled-back') {
      return { next: 'give-up', reason: `Rotation ${rotationId} was taken back.` };
    }
    if (rotation?.status === 'completed') return tookAll(record);
    if (!rotation && state === 'running') return { next: 'wait' };
    if (!rotation && state === 'not-found') {
      return started.has(rotationId) ? { next: 'wait' } : mayStart(record, rotationId, deps.clock());
    }
    if (started.has(rotationId)) return { next: 'refuse', reason: whyNot(rotationId, rotation?.failure) };
  }
  return { next: 'give-up', reason: `${MOST_ATTEMPTS} rotations for the token ${turn.token} have failed.` };
}

function tookAll(record: KeyRecord): Look {
  const active = activeVersion(record);
  return active ? { next: 'take', version: active.version } : { next: 'wait' };
}

function mayStart({ keyId, exemption }: KeyRecord, rotationId: string, nowMs: number): Look {
  if (!exemption || exemption.untilMs <= nowMs) return { next: 'start', rotationId };
  const reason = `Key ${keyId} is exempt from scheduled rotation until ${iso(exemption.untilMs)}.`;
  return { next: 'refuse', reason };
}

const whyNot = (rotationId: string, failure: string | undefined): string =>
  failure === undefined
    ? `Execution ${rotationId} is over and has not begun a rotation: its cause in Step Functions says why.`
    : `Rotation ${rotationId} has failed: ${failure}`;
