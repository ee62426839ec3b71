/** Starts a rotation and waits until the new key is accepted, or until it is sure that it never will be. */
import type {
  RotationRequest,
  RotationStarted,
  RotationView,
} from '../../lambdas/functions/admin/rotation-contract.ts';
import { MINUTE_MS } from '../../rules/time-units.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError } from '../exit.ts';
import { isFinal } from '../output/render-rotation.ts';

/** How long an execution may take to begin its rotation before it counts as lost. */
const BEGIN_WITHIN_MS = MINUTE_MS;
/** How long the new key may take to be accepted, verification with all its retries included. */
const ACCEPT_WITHIN_MS = 300_000;
const POLL_MS = 500;

export interface Waiting {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  readonly signal?: AbortSignal;
  /** Called with each state on the way; null until the execution has begun the rotation. */
  readonly onState?: (rotation: RotationView | null) => void;
}

export interface BegunRotation {
  readonly started: RotationStarted;
  /** `dual-key`, or `completed` when the old version was refused at once. */
  readonly rotation: RotationView;
}

/** @throws CliError exit 4 when another rotation is running, exit 1 when this one failed */
export async function beginRotation(
  admin: AdminClient,
  request: RotationRequest,
  waiting: Waiting,
): Promise<BegunRotation> {
  const { keyId } = request;
  const started = await admin.call('rotate', request);
  const startedMs = waiting.now();
  for (;;) {
    // Answers by itself that another one runs, or that the execution is over and never began.
    const rotation = await admin.call('rotation', { keyId, rotationId: started.rotationId });
    waiting.onState?.(rotation);
    if (rotation && (rotation.status === 'dual-key' || isFinal(rotation))) {
      return { started, rotation: assertAccepted(rotation) };
    }
    if (waiting.signal?.aborted) throw interrupted(keyId);
    const waitedMs = waiting.now() - startedMs;
    if (!rotation && waitedMs > BEGIN_WITHIN_MS) throw neverBegun(keyId, started);
    if (waitedMs > ACCEPT_WITHIN_MS) throw stillNotAccepted(keyId, started);
    await waiting.sleep(POLL_MS, waiting.signal);
  }
}

function assertAccepted(rotation: RotationView): RotationView {
  if (rotation.status === 'failed') throw rotationFailed(rotation);
  if (rotation.status === 'rolled-back') throw rotationRolledBack(rotation);
  return rotation;
}

/** Why a rotation that ended without success did so. */
export const rotationFailed = (rotation: RotationView): CliError =>
  new CliError(
    'rotation-failed',
    `Rotation ${rotation.rotationId} failed: ${rotation.failure ?? 'the reason is not on record'}`,
    'The old version still works. Mend the cause and rotate again; the execution in the Step Functions console shows every step.',
    { rotation },
  );

export const rotationRolledBack = (rotation: RotationView): CliError =>
  new CliError(
    'rotation-rolled-back',
    `Rotation ${rotation.rotationId} was rolled back: version ${rotation.fromVersion} is the one in use.`,
    'Rotate again when the cause is mended.',
    { rotation },
  );

const neverBegun = (keyId: string, started: RotationStarted): CliError =>
  new CliError(
    'rotation-not-begun',
    `Execution ${started.executionArn} did not begin a rotation of key ${keyId} within a minute.`,
    'The execution in the Step Functions console says why. The key is as it was.',
  );

const stillNotAccepted = (keyId: string, started: RotationStarted): CliError =>
  new CliError(
    'rotation-slow',
    `Rotation ${started.rotationId} goes on, but its new key is not accepted yet after five minutes.`,
    `Look at it with 'keyturn show ${keyId}', and take the new key with 'keyturn claim ${keyId}' once it is active.`,
  );

const interrupted = (keyId: string): CliError =>
  new CliError(
    'interrupted',
    'Stopped waiting; the rotation goes on.',
    `Look at it with 'keyturn show ${keyId}', and take the new key with 'keyturn claim ${keyId}' once it is active.`,
  );
