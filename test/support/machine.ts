/** Plays executions of the rotation machine: runs its steps in the order that a test wants. */
import { newestVersion } from '../../lambdas/core/domain/key-record.ts';
import { abandonRotation } from '../../lambdas/core/use-cases/abandon-rotation.ts';
import { activateVersion } from '../../lambdas/core/use-cases/activate-version.ts';
import { beginRotation } from '../../lambdas/core/use-cases/begin-rotation.ts';
import { deliverVersion } from '../../lambdas/core/use-cases/deliver-version.ts';
import { generateVersion } from '../../lambdas/core/use-cases/generate-version.ts';
import { judgeRotation } from '../../lambdas/core/use-cases/judge-rotation.ts';
import { retireVersion } from '../../lambdas/core/use-cases/retire-version.ts';
import type { StepResult } from '../../lambdas/core/use-cases/rotation-deps.ts';
import { verifyVersion } from '../../lambdas/core/use-cases/verify-version.ts';
import { arnOf } from './memory-executions.ts';
import type { MemoryWorld } from './memory-world.ts';

export type StepName = 'begin' | 'generate' | 'verify' | 'activate' | 'deliver' | 'judge' | 'retire';

export interface RotationRequest {
  readonly purpose?: string;
  readonly [field: string]: unknown;
}

/** One execution: its name is the rotation's id. */
export class Execution {
  readonly keyId: string;
  readonly rotationId: string;
  readonly #world: MemoryWorld;
  readonly #request: RotationRequest;
  readonly #startedAtMs: number;

  constructor(world: MemoryWorld, keyId: string, rotationId = 'r-1', request: RotationRequest = {}) {
    this.#world = world;
    this.keyId = keyId;
    this.rotationId = rotationId;
    this.#request = request;
    this.#startedAtMs = world.clock.nowMs;
  }

  run(step: StepName): Promise<StepResult> {
    const { keyId, rotationId } = this;
    const { deps } = this.#world;
    switch (step) {
      case 'begin':
        return beginRotation(deps, {
          rotationId,
          executionArn: arnOf(rotationId),
          startedAtMs: this.#startedAtMs,
          request: { keyId, purpose: 'manual', ...this.#request },
        });
      case 'generate':
        return generateVersion(deps, { keyId, rotationId });
      case 'verify':
        return verifyVersion(deps, { keyId, rotationId });
      case 'activate':
        return activateVersion(deps, { keyId, rotationId });
      case 'deliver':
        return deliverVersion(deps, { keyId, rotationId });
      case 'judge':
        return judgeRotation(deps, { keyId, rotationId });
      case 'retire':
        return retireVersion(deps, { keyId, rotationId });
    }
  }

  abandon(failure = 'VerificationFailed: unknown'): Promise<StepResult> {
    const { keyId, rotationId } = this;
    return abandonRotation(this.#world.deps, { keyId, rotationId, failure });
  }

  /** Runs these steps one after the other. @returns the last answer */
  async runAll(...steps: readonly StepName[]): Promise<StepResult> {
    let result: StepResult | undefined;
    for (const step of steps) result = await this.run(step);
    return result as StepResult;
  }

  /** From the start until both versions are accepted. */
  toDualKey(): Promise<StepResult> {
    return this.runAll('begin', 'generate', 'verify', 'activate');
  }

  /** From the start until the old version is retired; the clients have moved. */
  async toEnd(): Promise<StepResult> {
    const waiting = await this.toDualKey();
    if (waiting.next !== 'wait') return waiting;
    const fresh = newestVersion(this.#world.record(this.keyId));
    await this.#world.uses.noteFirstUse(this.keyId, fresh, this.#world.clock.nowMs);
    const judged = await this.waitAndJudge(waiting);
    return judged.next === 'retire' ? this.run('retire') : judged;
  }

  /** Waits as the machine does, by every checkpoint, until the rotation is judged to do something else. */
  async waitAndJudge(waiting: StepResult): Promise<StepResult> {
    let result = waiting;
    while (result.next === 'wait') {
      this.#world.clock.nowMs = Math.max(this.#world.clock.nowMs, Date.parse(result.waitUntil as string));
      result = await this.run('judge');
    }
    return result;
  }
}
