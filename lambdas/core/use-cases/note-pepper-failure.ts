/** A rotation of the pepper by Secrets Manager that fails is on record: nobody inside hears when the service gives it up. */
import { rotationIdOf } from '../domain/secret-token.ts';
import type { SecretCall } from './find-secret-turn.ts';
import type { PepperTurnDeps } from './pepper-turn.ts';
import { settleFailure } from './record-pepper.ts';
import { INITIATED_BY, type SecretStep } from './secret-rotation-deps.ts';

export interface NotePepperFailureDeps extends Pick<PepperTurnDeps, 'record' | 'clock'> {
  /** Told where even that cannot be written; what failed is said to Secrets Manager all the same. */
  readonly onUnnoted: (error: unknown) => void;
}

/**
 * Runs a step. What it throws, or that it gave the rotation up, is on record once for each rotation and reason: the service
 * tries again with the same token. A call that it refuses is none of a rotation that is under way.
 */
export async function withFailureNoted(
  deps: NotePepperFailureDeps,
  step: string,
  call: SecretCall,
  run: () => Promise<SecretStep>,
): Promise<SecretStep> {
  try {
    const answer = await run();
    if (answer.outcome === 'refused' && answer.givenUp) await note(deps, step, call, answer.reason, true);
    return answer;
  } catch (error) {
    const { name, message } = error as Error;
    await note(deps, step, call, `${name}: ${message}`, false);
    throw error;
  }
}

async function note(
  deps: NotePepperFailureDeps,
  step: string,
  { token }: SecretCall,
  why: string,
  givenUp: boolean,
): Promise<void> {
  const detail = { purpose: 'rotation', initiatedBy: INITIATED_BY, step, givenUp };
  try {
    await settleFailure(deps, rotationIdOf(token, 1), why, detail);
  } catch (error) {
    deps.onUnnoted(error);
  }
}
