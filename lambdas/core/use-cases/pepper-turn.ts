/** Whether a call of Secrets Manager for the pepper's secret may be carried out, and how far its rotation has come. */
import type { AuditEvent } from '../domain/audit-event.ts';
import { addedAtMs, waitingPepper, wasCurrent } from '../domain/pepper-events.ts';
import { ONE_ROTATION_MS } from '../domain/pepper-timing.ts';
import { type PepperSet, parsePeppers, type StoredPeppers } from '../domain/peppers.ts';
import { rotationIdOf } from '../domain/secret-token.ts';
import { CURRENT, PENDING } from '../domain/secret-versions.ts';
import type { MachineStarter } from '../ports/ambient.ts';
import type { PepperSecret } from '../ports/pepper-rotation.ts';
import type { SecretState, SecretVersions } from '../ports/secret-versions.ts';
import { findRotatedSecret, notPending, noVersion, type SecretCall } from './find-secret-turn.ts';
import type { PepperDeps, PepperRun } from './pepper-deps.ts';
import { settleRecord } from './record-pepper.ts';
import { DONE, INITIATED_BY, type Refused, type SecretStep } from './secret-rotation-deps.ts';

export interface PepperTurnDeps extends Pick<PepperDeps, 'record' | 'clock' | 'randomBytes'> {
  readonly secrets: SecretVersions;
  /** What every function reads. */
  readonly peppers: Pick<PepperSecret, 'read'>;
  /** The pepper machine. */
  readonly machine: Pick<MachineStarter, 'start'>;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** One of the calls that Secrets Manager makes for a rotation, found to be in order. */
export interface PepperTurn {
  readonly secretId: string;
  readonly token: string;
  readonly run: PepperRun;
  readonly state: SecretState;
  readonly stored: StoredPeppers;
  readonly events: readonly AuditEvent[];
  /** What lies under the token; absent while nothing does. */
  readonly staged?: PepperSet;
  /** Whether that is, or was, what every function reads. */
  readonly finished: boolean;
}

export async function findPepperTurn(
  deps: PepperTurnDeps,
  call: SecretCall,
): Promise<{ readonly outcome: 'turn'; readonly turn: PepperTurn } | Refused> {
  const found = await findRotatedSecret(deps.secrets, call);
  if (found.outcome === 'refused') return found;
  const { secretId, token } = call;
  const { state } = found;
  const run = {
    executionId: rotationIdOf(token, 1),
    order: { purpose: 'rotation', initiatedBy: INITIATED_BY },
  } as const;
  const stored = await deps.peppers.read();
  const events = await settleRecord(deps, run, stored);
  const version = state.versions.find(({ id }) => id === token);
  const finished =
    version?.stages.includes(CURRENT) || stored.revision === token || wasCurrent(events, token);
  if (!finished && !version) return noVersion(state, token);
  if (!finished && !version?.stages.includes(PENDING)) return notPending(state, token);
  const text = await deps.secrets.read(secretId, token);
  const staged = text && { staged: parsePeppers(text.reveal()) };
  return { outcome: 'turn', turn: { secretId, token, run, state, stored, events, finished, ...staged } };
}

/** Runs a step that has nothing to do any more once the version under way is what every function reads. */
export async function unlessInUse(
  deps: PepperTurnDeps,
  call: SecretCall,
  step: (turn: PepperTurn) => Promise<SecretStep>,
): Promise<SecretStep> {
  const found = await findPepperTurn(deps, call);
  if (found.outcome === 'refused') return found;
  return found.turn.finished ? DONE : step(found.turn);
}

/**
 * Whether somebody else rotates the pepper already, or has done so since Secrets Manager asked or shortly before: that is
 * the rotation which it asks for, and no other pepper is added.
 */
export async function isUnderWay(
  { secrets, clock }: Pick<PepperTurnDeps, 'secrets' | 'clock'>,
  { secretId, token, stored: { set }, events }: PepperTurn,
): Promise<boolean> {
  if (waitingPepper(events, set) !== undefined) return true;
  const addedMs = addedAtMs(events, set.current);
  if (addedMs === undefined) return false;
  const nowMs = clock();
  const askedAtMs = (await secrets.madeAtMs(secretId, token)) ?? nowMs;
  return addedMs >= Math.min(askedAtMs, nowMs - ONE_ROTATION_MS);
}
