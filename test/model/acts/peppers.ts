/** Rotations of the pepper: started, run step by step by their own machine, repeated, broken off. */
import type { PepperRun, PepperStepResult } from '../../../lambdas/core/use-cases/pepper-deps.ts';
import type { Command, CommandTo } from '../commands.ts';
import { pepperDepsOf } from '../ports.ts';
import type { WorkflowTask } from '../workflows.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

export function rotatePepper(world: World, { cleansUp, crash }: CommandTo<'rotate pepper'>): Act {
  const process = world.process({ kind: 'rotate pepper' }, crash);
  const name = `p${world.peppers.executions.length + 1}`;
  const order: PepperRun['order'] = {
    purpose: cleansUp ? 'clean-up' : 'rotation',
    reason: 'as the story goes',
    initiatedBy: 'operator',
  };
  const machine = process.through('pepperMachine', world.peppers);
  const run = () =>
    told(
      world,
      process,
      () => machine.start(name, order),
      () => name,
    );
  const what = cleansUp ? 'A clean-up of the peppers' : 'A rotation of the pepper';
  return { process, run: async () => `${what} is started: ${await run()}.` };
}

export function pepperStep(world: World, { run, crash }: CommandTo<'pepper step'>): Act | undefined {
  const task = pick([...world.peppers.able(world.clock.nowMs)].reverse(), run);
  return task && runTask(world, task, crash, true);
}

export function repeatPepperStep(
  world: World,
  { run, which, crash }: CommandTo<'repeat pepper step'>,
): Act | undefined {
  const chosen = pick(world.peppers.executions.filter(({ ran }) => ran.length > 0).reverse(), run);
  const task = chosen && pick([...chosen.ran].reverse(), which);
  return task && runTask(world, task, crash, false);
}

export function abortPepper(world: World, { run: which }: CommandTo<'abort pepper'>): Act | undefined {
  const running = world.peppers.executions.filter(({ state }) => state !== undefined);
  const chosen = pick(running.reverse(), which);
  if (!chosen) return undefined;
  const process = world.process({ kind: 'abort pepper' }, undefined);
  const run = async () => {
    await process.turn();
    chosen.state = undefined;
    return `The execution of ${chosen.name} is aborted by hand.`;
  };
  return { process, run };
}

/** @param counts whether the machine hears the answer and goes on by it */
function runTask(world: World, task: WorkflowTask, crash: Command['crash'], counts: boolean): Act {
  const { workflow, kind } = task;
  const process = world.process({ kind: `pepper ${kind}` }, crash);
  const of: PepperRun = { executionId: workflow.name, order: workflow.request as PepperRun['order'] };
  const step = world.parts.pepperSteps[kind];
  if (!step) throw new Error(`The model has no step '${kind}' of the pepper's rotation.`);
  if (counts) task.begin();
  const answered = (result: PepperStepResult): string => {
    world.judge(() => world.secrets.search('in the answer to the machine', result));
    world.tally.count(`pepper: ${kind} answers ${result.next}`);
    if (counts) task.end(result, world.clock.nowMs);
    return `answers '${result.next}'${result.message === undefined ? '' : ` (${result.message})`}`;
  };
  const given = task.input as PepperStepResult;
  const run = async () => {
    const body = () => step(pepperDepsOf(world, process), of, given);
    const said = await told(world, process, body, answered);
    if (counts) task.release(process.failedWith);
    return said;
  };
  return {
    process,
    run: async () => `${counts ? '' : 'Late, again, '}${workflow.name}: ${kind} ${await run()}.`,
  };
}
