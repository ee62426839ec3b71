/** What the steps of a rotation need from outside, and how they answer the state machine. */

import type { Policy } from '../../../rules/policy.ts';
import type { Actor } from '../domain/audit-event.ts';
import { nextCheckpointMs } from '../domain/checkpoints.ts';
import type { KeyRecord, Rotation } from '../domain/key-record.ts';
import type { AuthorizerCaches, Executions, KeyVerifier } from '../ports/ambient.ts';
import type { Peppers } from '../ports/peppers.ts';
import type { UseStore } from '../ports/use-store.ts';
import type { OfferDeps } from './offer-deps.ts';
import { waitUntil } from './wait-until.ts';

export interface RotationDeps extends OfferDeps {
  readonly uses: UseStore;
  readonly peppers: Peppers;
  readonly verifier: KeyVerifier;
  readonly caches: AuthorizerCaches;
  readonly executions: Executions;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly prefix: string;
  /** How long a use may take to be on record: no window is shorter. */
  readonly evidenceLagSeconds: number;
}

export interface StepInput {
  readonly keyId: string;
  readonly rotationId: string;
}

/** Where the machine goes next. Ids and times only: nothing here may not be seen by everybody. */
export interface StepResult extends StepInput {
  readonly next:
    | 'generate'
    | 'verify'
    | 'activate'
    | 'wait'
    /** The owner has not received the new version: offer it once more. */
    | 'deliver'
    | 'retire'
    | 'done'
    | 'answer-running'
    | 'refuse';
  /** ISO 8601 UTC, whole seconds; with `wait`. */
  readonly waitUntil?: string;
  /** In words for who reads the execution: why it was refused, or which rotation is running. */
  readonly message?: string;
  /** With `answer-running`: the rotation that is running. */
  readonly runningRotationId?: string;
  readonly runningExecutionArn?: string;
}

/** The audit actor of everything the machine does by itself. */
export const machineActor = (rotationId: string): Actor => ({
  principal: 'keyturn:rotation',
  via: `execution/${rotationId}`,
});

/** The answer of a step after which the machine waits for the rotation's next checkpoint. */
export const waiting = ({ keyId, rotation }: KeyRecord): StepResult => {
  const running = rotation as Rotation;
  return {
    keyId,
    rotationId: running.rotationId,
    next: 'wait',
    waitUntil: waitUntil(nextCheckpointMs(running)),
  };
};
