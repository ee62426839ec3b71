/** Executions of the rotation machine: run step by step, repeated late, given up, broken off, forgotten. */
import type { StepResult } from '../../../lambdas/core/use-cases/rotation-deps.ts';
import type { KeyBook } from '../books.ts';
import type { Command, CommandTo } from '../commands.ts';
import { type Execution, end } from '../machine.ts';
import { ROTATION } from '../machine-definition.ts';
import type { StepCall } from '../parts.ts';
import { depsOf } from '../ports.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

/** Histories are kept for 90 days; what happens then must not depend on more than a day. */
const KEPT_AT_LEAST_MS = 86_400_000;

/** The next step; a wait that is over leads to the one behind it. */
export function step(world: World, { execution, crash }: CommandTo<'step'>): Act | undefined {
  const able = world.machine.executions.filter(
    ({ state, isBusy, waitUntilMs }) =>
      state !== undefined &&
      !isBusy &&
      (ROTATION.stepOf(state) !== undefined || waitUntilMs <= world.clock.nowMs),
  );
  const chosen = pick(able.reverse(), execution);
  if (chosen?.state === undefined) return undefined;
  const state =
    ROTATION.stepOf(chosen.state) === undefined ? world.parts.nextState(chosen.state, '') : chosen.state;
  return runTask(world, chosen, state, crash, true);
}

/** Nothing that the machine knows of: a delivery of the past, or an invocation that runs on though it was given up. */
export function repeat(world: World, { execution, which, crash }: CommandTo<'repeat'>): Act | undefined {
  const able = world.machine.executions.filter(({ ran }) => ran.length > 0);
  const chosen = pick(able.reverse(), execution);
  const state = chosen && pick([...chosen.ran].reverse(), which);
  return chosen && state !== undefined ? runTask(world, chosen, state, crash, false) : undefined;
}

export function giveUp(world: World, { execution, crash }: CommandTo<'give up'>): Act | undefined {
  const able = world.machine.executions.filter(
    ({ state, isBusy }) => state !== undefined && !isBusy && ROTATION.stepOf(state) !== undefined,
  );
  const chosen = pick(able.reverse(), execution);
  if (chosen?.state === undefined) return undefined;
  const caught = ROTATION.catchOf(chosen.state);
  return caught === undefined
    ? abortOf(world, chosen, `${chosen.label} fails: the retries of its last task are used up`)
    : runTask(world, chosen, caught, crash, true);
}

export function abort(world: World, { execution }: CommandTo<'abort'>): Act | undefined {
  const chosen = pick(
    world.machine.executions.filter(({ state }) => state !== undefined).reverse(),
    execution,
  );
  return chosen && abortOf(world, chosen, `The execution of ${chosen.label} is aborted by hand`);
}

function abortOf(world: World, chosen: Execution, says: string): Act {
  const process = world.process({ kind: 'abort' }, undefined);
  return {
    process,
    run: async () => {
      await process.turn();
      end(chosen, 'aborted');
      return `${says}.`;
    },
  };
}

export function forget(world: World, { execution }: CommandTo<'forget'>): Act | undefined {
  const over = world.machine.executions.filter(
    ({ state, isForgotten, startedAtMs }) =>
      state === undefined && !isForgotten && world.clock.nowMs > startedAtMs + KEPT_AT_LEAST_MS,
  );
  const chosen = pick(over, execution);
  if (!chosen) return undefined;
  const process = world.process({ kind: 'forget' }, undefined);
  return {
    process,
    run: async () => {
      await process.turn();
      chosen.isForgotten = true;
      return `Step Functions forgets the execution of ${chosen.label}.`;
    },
  };
}

/** @param counts whether the machine hears the answer and goes on by it */
function runTask(
  world: World,
  execution: Execution,
  state: string,
  crash: Command['crash'],
  counts: boolean,
): Act {
  const { keyId, rotationId, label } = execution;
  const kind = ROTATION.stepOf(state) as string;
  const use = world.parts.steps[kind];
  if (!use) throw new Error(`The model has no step '${kind}' for the state '${state}'.`);
  const process = world.process({ kind, keyId, rotationId }, crash);
  const call: StepCall = {
    keyId,
    rotationId,
    executionArn: execution.arn,
    startedAtMs: execution.startedAtMs,
    request: execution.request,
    failure: execution.failure,
  };
  if (counts) {
    execution.state = state;
    execution.isBusy = true;
    execution.ran.push(state);
  }
  const answered = (result: StepResult): string => {
    world.judge(() => world.secrets.search('in the answer to the machine', result));
    if (!counts || execution.state === undefined) return `answers '${result.next}'`;
    const next = world.parts.nextState(state, result.next);
    if (ROTATION.isEnd(next)) {
      end(execution, ROTATION.typeOf(next) === 'Fail' ? (result.message ?? 'failed') : undefined);
    } else execution.state = next;
    if (result.waitUntil !== undefined) execution.waitUntilMs = Date.parse(result.waitUntil);
    return `answers '${result.next}'${result.message === undefined ? '' : ` (${result.message})`}`;
  };
  const run = async () => {
    const said = await told(world, process, () => use(depsOf(world, process), call), answered);
    if (counts) execution.isBusy = false;
    const isCaught = counts && execution.state === state && ROTATION.isFinal(state, process.failedWith ?? '');
    if (isCaught) execution.state = ROTATION.catchOf(state);
    return said;
  };
  const book = world.ledger.key(keyId) as KeyBook;
  const how = counts ? `${label} of key ${book.name}` : `Late, again, ${label} of key ${book.name}`;
  return { process, run: async () => `${how}: ${kind} ${await run()}.` };
}
