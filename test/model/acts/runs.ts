/** Emergencies of many keys: ordered, run step by step by their own machine, repeated, broken off, resumed. */
import type { EmergencyOrder } from '../../../lambdas/core/use-cases/order-emergency.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import type { RunBook } from '../books.ts';
import type { Command, CommandTo } from '../commands.ts';
import type { RunInput } from '../parts.ts';
import { orderDepsOf, runDepsOf } from '../ports.ts';
import { checkRun } from '../run-report.ts';
import type { Answer, Workflow, WorkflowTask } from '../workflows.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

export function emergencyOfAll(world: World, { atOnce, crash }: CommandTo<'emergency of all'>): Act {
  const runId = `all-${world.ledger.runs.length + 1}`;
  const order: EmergencyOrder = {
    target: { kind: 'owner', owner: 'team@example.com' },
    reason: 'a laptop was stolen',
    immediate: atOnce,
  };
  const process = world.process({ kind: 'emergency of all' }, crash);
  const book = world.ledger.enterRun(runId, atOnce);
  const { startEmergency } = world.parts.useCases;
  const run = () =>
    told(
      world,
      process,
      () => startEmergency(orderDepsOf(world, process), runId, order, OPERATOR),
      () => 'started',
    );
  const how = atOnce ? 'at once' : 'with the grace period of each';
  return { process, run: async () => `An emergency of all keys, ${how}: ${await run()}, ${book.label}.` };
}

export function resumeRun(world: World, { run: which, crash }: CommandTo<'resume run'>): Act | undefined {
  const book = pick([...world.ledger.runs].reverse(), which);
  if (!book) return undefined;
  const process = world.process({ kind: 'resume run' }, crash);
  const { resumeEmergency } = world.parts.useCases;
  const run = () =>
    told(
      world,
      process,
      () => resumeEmergency(orderDepsOf(world, process), book.runId, OPERATOR),
      (answer) => (answer === 'unknown-run' ? answer : `attempt ${answer.orders.length}`),
    );
  return { process, run: async () => `${book.label} is resumed: ${await run()}.` };
}

export function abortRun(world: World, { run: which }: CommandTo<'abort run'>): Act | undefined {
  const chosen = pick(world.runs.executions.filter(({ state }) => state !== undefined).reverse(), which);
  if (!chosen) return undefined;
  const process = world.process({ kind: 'abort run' }, undefined);
  const run = async () => {
    await process.turn();
    chosen.state = undefined;
    return `The execution of ${bookOf(world, chosen).label} is aborted by hand.`;
  };
  return { process, run };
}

export function runStep(world: World, { run, crash }: CommandTo<'run step'>): Act | undefined {
  const task = pick([...world.runs.able(world.clock.nowMs)].reverse(), run);
  return task && runTask(world, task, crash, true);
}

export function repeatRunStep(
  world: World,
  { run, which, crash }: CommandTo<'repeat run step'>,
): Act | undefined {
  const chosen = pick(world.runs.executions.filter(({ ran }) => ran.length > 0).reverse(), run);
  const task = chosen && pick([...chosen.ran].reverse(), which);
  return task && runTask(world, task, crash, false);
}

const bookOf = ({ ledger }: World, { request }: Workflow): RunBook =>
  ledger.runs.find(({ runId }) => runId === (request as RunInput).runId) as RunBook;

/** @param counts whether the machine hears the answer and goes on by it */
function runTask(world: World, task: WorkflowTask, crash: Command['crash'], counts: boolean): Act {
  const { workflow, kind } = task;
  const input = task.input as RunInput;
  const book = bookOf(world, workflow);
  const process = world.process({ kind, runId: input.runId, attempt: input.attempt }, crash);
  const before = world.machine.executions.length;
  if (counts) task.begin();
  const answered = (result: Answer): string => {
    world.judge(() => world.secrets.search('in the answer to the machine', result));
    world.tally.count(`run: ${kind} answers ${result.next}`);
    if (kind === 'report' && result.next === 'done') world.judge(() => checkRun(world, book));
    if (counts) task.end(result, world.clock.nowMs);
    return `answers '${result.next}'`;
  };
  const step = world.parts.runSteps[kind];
  if (!step) throw new Error(`The model has no step '${kind}' of an emergency of many keys.`);
  const run = async () => {
    const said = await told(world, process, () => step(runDepsOf(world, process), input), answered);
    if (counts) task.release(process.failedWith);
    return said;
  };
  const labels = () => world.machine.executions.slice(before).map(({ label }) => label);
  const how = `${counts ? '' : 'Late, again, '}${book.label}, attempt ${input.attempt}`;
  return {
    process,
    run: async () =>
      `${how}: ${kind} ${await run()}${labels().length > 0 ? ` [${labels().join(', ')}]` : ''}.`,
  };
}
