/** A world in which many keys are replaced: the rotation machine is played, and the run's own machine stepped through. */
import type { EmergencyRun, RunKey } from '../../lambdas/core/domain/emergency-run.ts';
import type { ExecutionLook } from '../../lambdas/core/ports/ambient.ts';
import type { KeyPage, KeyQuery } from '../../lambdas/core/ports/key-store.ts';
import { type AdvanceResult, advanceEmergency } from '../../lambdas/core/use-cases/advance-emergency.ts';
import type { EmergencyDeps } from '../../lambdas/core/use-cases/emergency-deps.ts';
import {
  type EmergencyOrder,
  resumeEmergency,
  startEmergency,
} from '../../lambdas/core/use-cases/order-emergency.ts';
import {
  type PlanLimits,
  type PlanPlace,
  planEmergency,
} from '../../lambdas/core/use-cases/plan-emergency.ts';
import { type ReportResult, reportEmergency } from '../../lambdas/core/use-cases/report-emergency.ts';
import { Execution, type RotationRequest, type StepName } from './machine.ts';
import { arnOf } from './memory-executions.ts';
import { MemoryRuns } from './memory-runs.ts';
import { MemoryWorld, OPERATOR, type WorldOptions } from './memory-world.ts';

interface Started {
  readonly execution: Execution;
  readonly request: RotationRequest;
  /** Undefined once it waits for its clients, or is over. */
  next: StepName | undefined;
  look: ExecutionLook;
}

export const AT_ONCE: EmergencyOrder = {
  target: { kind: 'owner', owner: 'team@example.com' },
  reason: 'a laptop was stolen',
  immediate: true,
};
export const WITH_GRACE: EmergencyOrder = { ...AT_ONCE, immediate: false };

/** A step's answer names the one that follows; with any other word the execution waits or is over. */
const BEFORE_THE_WAIT: readonly StepName[] = ['generate', 'verify', 'activate'];

const LIMITS: PlanLimits = { batchKeys: 3, roundBatches: 40, longestMs: 20_000 };

export class BulkWorld extends MemoryWorld {
  readonly runs = new MemoryRuns();
  /** Executions of the rotation machine, by name. */
  readonly started = new Map<string, Started>();
  /** Executions of the run's own machine, by name. */
  readonly runExecutions: string[] = [];
  readonly failures: string[] = [];
  /** Key ids whose rotation cannot be started now. */
  readonly throttled = new Set<string>();
  /** Key ids that the indexes do not show yet. */
  readonly hidden = new Set<string>();
  /** Nothing of the rotation machine moves while this is false. */
  rotating = true;
  limits: PlanLimits = LIMITS;
  readonly bulk: EmergencyDeps;

  constructor(options: WorldOptions = {}) {
    super(options);
    this.bulk = {
      runs: this.runs,
      store: {
        find: (keyId) => this.store.find(keyId),
        findRotation: (keyId, rotationId) => this.store.findRotation(keyId, rotationId),
        list: (query) => this.#list(query),
      },
      machine: {
        start: async (name, request) => this.#start(name, request as RotationRequest),
        arnOf,
      },
      executions: { look: (arn) => this.#look(arn) },
      clock: this.clock.read,
      onFailure: (keyId) => this.failures.push(keyId),
    };
  }

  get #orderDeps() {
    const runMachine = {
      start: async (name: string) => {
        if (!this.runExecutions.includes(name)) this.runExecutions.push(name);
        return arnOf(name);
      },
      arnOf,
    };
    return { runs: this.runs, runMachine, executions: this.executions, clock: this.clock.read };
  }

  async startRun(order: EmergencyOrder = AT_ONCE, runId = 'run-1'): Promise<EmergencyRun> {
    const run = await startEmergency(this.#orderDeps, runId, order, OPERATOR);
    if (run === 'another-order') throw new Error(run);
    return run;
  }

  async resumeRun(runId = 'run-1'): Promise<EmergencyRun> {
    const run = await resumeEmergency(this.#orderDeps, runId, OPERATOR);
    if (run === 'unknown-run') throw new Error(run);
    return run;
  }

  /** Plays the run's machine to its end, as its file says: a round of batches after each plan that found keys. */
  async play({ runId, orders }: EmergencyRun): Promise<ReportResult> {
    const step = { runId, attempt: orders.length };
    let place: PlanPlace | null = null;
    for (;;) {
      const plan = await planEmergency(this.bulk, { ...step, place }, this.limits);
      place = plan.place;
      if (plan.next === 'report') return reportEmergency(this.bulk, step);
      if (plan.next === 'wait') this.clock.advanceSeconds(plan.waitSeconds as number);
      for (const { keyIds } of plan.batches ?? []) await this.playBatch({ ...step, keyIds, round: 0 });
    }
  }

  async playBatch(batch: Parameters<typeof advanceEmergency>[1]): Promise<AdvanceResult> {
    let result = await advanceEmergency(this.bulk, batch);
    while (result.next === 'wait') {
      this.clock.advanceSeconds(result.waitSeconds);
      if (this.rotating) await this.rotate();
      result = await advanceEmergency(this.bulk, result);
    }
    return result;
  }

  /** A run from its start to its end. @returns it as it is on record */
  async emergency(order: EmergencyOrder = AT_ONCE, runId = 'run-1'): Promise<EmergencyRun> {
    await this.play(await this.startRun(order, runId));
    return this.run(runId);
  }

  async resumed(runId = 'run-1'): Promise<EmergencyRun> {
    await this.play(await this.resumeRun(runId));
    return this.run(runId);
  }

  run(runId = 'run-1'): EmergencyRun {
    return this.runs.runs.get(runId) as EmergencyRun;
  }

  keyOf(keyId: string, runId = 'run-1'): RunKey {
    return this.runs.key(runId, keyId);
  }

  /** Lets every started execution go as far as it goes without waiting for its clients. */
  async rotate(): Promise<void> {
    for (const name of this.started.keys()) while (await this.stepExecution(name));
  }

  /** Runs one step of an execution. @returns whether another follows at once */
  async stepExecution(name: string): Promise<boolean> {
    const started = this.started.get(name) as Started;
    if (started.next === undefined || (await this.#look(arnOf(name))).state !== 'running') return false;
    try {
      const { next, message } = await started.execution.run(started.next);
      started.next = BEFORE_THE_WAIT.find((each) => each === next);
      if (started.next !== undefined) return true;
      if (next === 'refuse') started.look = { state: 'ended', cause: message as string };
      else if (next !== 'wait') started.look = { state: 'ended' };
    } catch (error) {
      const failure = `${(error as Error).name}: ${(error as Error).message}`;
      await started.execution.abandon(failure);
      started.look = { state: 'ended', cause: failure };
    }
    return false;
  }

  #start(name: string, request: RotationRequest): string {
    const keyId = String(request['keyId']);
    if (this.throttled.has(keyId)) throw Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
    if (!this.started.has(name)) {
      const { keyId: _keyId, ...rest } = request;
      const execution = new Execution(this, keyId, name, rest);
      this.started.set(name, { execution, request, next: 'begin', look: { state: 'running' } });
    }
    return arnOf(name);
  }

  /** One that somebody stopped is over, whatever it had left to do. */
  async #look(arn: string): Promise<ExecutionLook> {
    const found = [...this.started].find(([name]) => arnOf(name) === arn)?.[1].look;
    const stopped = found?.state === 'running' && (await this.executions.stateOf(arn)) === 'ended';
    return stopped ? { state: 'ended', cause: 'It was stopped.' } : (found ?? { state: 'not-found' });
  }

  /** An index that lags: it does not show what is hidden, whatever the keys themselves say. */
  async #list(query: KeyQuery): Promise<KeyPage | 'bad-token'> {
    const page = await this.store.list(query);
    if (page === 'bad-token') return page;
    return { ...page, records: page.records.filter(({ keyId }) => !this.hidden.has(keyId)) };
  }
}
