/** Plays the pepper machine: runs its steps and follows its choices as the state machine's definition does. */
import { addPepper } from '../../lambdas/core/use-cases/add-pepper.ts';
import { beginPepperRun } from '../../lambdas/core/use-cases/begin-pepper-run.ts';
import { countPepperNeeds } from '../../lambdas/core/use-cases/count-pepper-needs.ts';
import { dropPeppers } from '../../lambdas/core/use-cases/drop-peppers.ts';
import { makePepperCurrent } from '../../lambdas/core/use-cases/make-pepper-current.ts';
import type { PepperCount, PepperRun, PepperStepResult } from '../../lambdas/core/use-cases/pepper-deps.ts';
import type { PepperOrder, PepperPurpose } from '../../lambdas/core/use-cases/pepper-order.ts';
import { settleFailure } from '../../lambdas/core/use-cases/record-pepper.ts';
import { Definition } from '../model/machine-definition.ts';
import type { PepperWorld } from './pepper-world.ts';

const MACHINE = Definition.read('pepper.asl.json');

export type PepperStep = 'Begin' | 'Add' | 'MakeCurrent' | 'Count' | 'Drop' | 'NoteRefusal';

/** What follows each wait. */
const AFTER_WAIT: Readonly<Record<string, PepperStep>> = {
  WaitForReaders: 'MakeCurrent',
  WaitForWriters: 'Count',
};

export class PepperExecution {
  readonly #world: Pick<PepperWorld, 'pepperDeps' | 'clock'>;
  readonly #run: PepperRun;
  /** The step that comes next; undefined at the end. */
  next: PepperStep | undefined = 'Begin';
  /** Not before this. */
  waitUntilMs = 0;
  result: PepperStepResult = { next: 'done' };
  /** Names of the steps that were run, with what each was given. */
  readonly ran: { readonly step: PepperStep; readonly given: PepperStepResult }[] = [];

  constructor(
    world: Pick<PepperWorld, 'pepperDeps' | 'clock'>,
    asked: PepperPurpose | PepperOrder = 'rotation',
    executionId = 'p-1',
  ) {
    this.#world = world;
    const order =
      typeof asked === 'string' ? { purpose: asked, reason: 'yearly', initiatedBy: 'ops' } : asked;
    this.#run = { executionId, order };
  }

  /** Runs a step with what the step before it answered; moves nothing on. */
  run(step: PepperStep, given: PepperStepResult = this.result): Promise<PepperStepResult> {
    const deps = this.#world.pepperDeps;
    switch (step) {
      case 'Begin':
        return beginPepperRun(deps, this.#run);
      case 'Add':
        return addPepper(deps, this.#run);
      case 'MakeCurrent':
        return makePepperCurrent(deps, this.#run, given.pepperVersion as string);
      case 'Count':
        return countPepperNeeds(deps, given.count as PepperCount);
      case 'Drop':
        return dropPeppers(deps, this.#run, given.count as PepperCount);
      case 'NoteRefusal':
        return this.#noteRefusal(given.message ?? '');
    }
  }

  async #noteRefusal(why: string): Promise<PepperStepResult> {
    const { executionId, order } = this.#run;
    const message = await settleFailure(this.#world.pepperDeps, executionId, why, { purpose: order.purpose });
    return { next: 'refuse', message };
  }

  /** The next step, and where the machine's file goes from its answer. */
  async step(): Promise<PepperStepResult> {
    const step = this.next as PepperStep;
    this.ran.push({ step, given: this.result });
    const result = await this.run(step);
    this.result = result;
    const state = MACHINE.next(step, result.next);
    this.next = MACHINE.isEnd(state) ? undefined : (AFTER_WAIT[state] ?? (state as PepperStep));
    this.waitUntilMs = state in AFTER_WAIT ? Date.parse(result.waitUntil as string) : 0;
    return result;
  }

  /** Runs until this step has answered; waits pass. */
  async until(step: PepperStep): Promise<PepperStepResult> {
    while (this.next !== undefined) {
      this.#pass();
      const now = this.next;
      const result = await this.step();
      if (now === step) return result;
    }
    throw new Error(`The execution ended before ${step}.`);
  }

  /** Runs to the end; waits pass. @returns the last answer */
  async toEnd(): Promise<PepperStepResult> {
    while (this.next !== undefined) {
      this.#pass();
      await this.step();
    }
    return this.result;
  }

  #pass(): void {
    this.#world.clock.nowMs = Math.max(this.#world.clock.nowMs, this.waitUntilMs);
  }
}
