/** Turns commands into acts, and runs the rounds of a story. */
import type { Act } from './acts/act.ts';
import * as deliveries from './acts/deliveries.ts';
import * as machine from './acts/machine.ts';
import * as operator from './acts/operator.ts';
import * as peppers from './acts/peppers.ts';
import * as runs from './acts/runs.ts';
import * as starts from './acts/starts.ts';
import * as surroundings from './acts/surroundings.ts';
import type { Command, Round } from './commands.ts';
import { checkDelivered } from './delivered.ts';
import { interleave } from './interleave.ts';
import { tellCalls } from './story.ts';
import { tryOut } from './try-out.ts';
import type { World } from './world.ts';

/** @returns undefined where there is nothing that the command could act on */
function actOf(world: World, command: Command): Act | undefined {
  switch (command.do) {
    case 'issue':
      return operator.issue(world, command);
    case 'claim':
      return operator.claim(world, command);
    case 'deliver':
      return deliveries.deliver(world, command);
    case 'open link':
      return deliveries.openLink(world, command);
    case 'renew':
      return deliveries.renew(world, command);
    case 'place':
      return surroundings.place(world, command);
    case 'rollback':
      return operator.rollback(world, command);
    case 'disable':
    case 'enable':
    case 'revoke':
      return operator.status(world, command);
    case 'exempt':
      return operator.exempt(world, command);
    case 'end exemption':
      return operator.endExemption(world, command);
    case 'rotate':
      return starts.rotate(world, command);
    case 'start again':
      return starts.startAgain(world, command);
    case 'step':
      return machine.step(world, command);
    case 'repeat':
      return machine.repeat(world, command);
    case 'give up':
      return machine.giveUp(world, command);
    case 'abort':
      return machine.abort(world, command);
    case 'forget':
      return machine.forget(world, command);
    case 'sweep':
      return starts.sweep(world, command);
    case 'emergency of all':
      return runs.emergencyOfAll(world, command);
    case 'run step':
      return runs.runStep(world, command);
    case 'repeat run step':
      return runs.repeatRunStep(world, command);
    case 'resume run':
      return runs.resumeRun(world, command);
    case 'abort run':
      return runs.abortRun(world, command);
    case 'rotate pepper':
      return peppers.rotatePepper(world, command);
    case 'pepper step':
      return peppers.pepperStep(world, command);
    case 'repeat pepper step':
      return peppers.repeatPepperStep(world, command);
    case 'abort pepper':
      return peppers.abortPepper(world, command);
    case 'use':
      return surroundings.use(world, command);
    case 'end environment':
      return surroundings.endEnvironment(world, command);
    case 'deploy':
      return surroundings.deploy(world, command);
    case 'doubt':
      return surroundings.doubt(world, command);
    case 'wait':
      return surroundings.wait(world, command);
    case 'wait for machine':
      return surroundings.waitForMachine(world);
    case 'wait for due date':
      return surroundings.waitForDueDate(world, command);
  }
}

export interface Performed {
  readonly commands: number;
  readonly told: readonly string[];
}

/** Runs a round, then tries all keys. */
export async function perform(world: World, round: Round): Promise<Performed> {
  const [commands, turns] = 'together' in round ? [round.together, round.turns] : [[round], []];
  const acts = commands.flatMap((command) => {
    const act = actOf(world, command);
    if (act) world.tally.count(`command: ${command.do}`);
    return act ?? [];
  });
  if (acts.length > 1) world.tally.count('race: commands at the same time');
  if (acts.length === 0) return { commands: 0, told: [] };
  world.calls.length = 0;
  const told = await (acts.length === 1 ? alone(acts[0] as Act) : atOnce(world, acts, turns));
  for (const book of world.ledger.keys) {
    if (world.violation) break;
    await world.judging(() => tryOut(world, book));
    await world.judging(() => checkDelivered(world, book));
  }
  return { commands: acts.length, told };
}

const alone = async (act: Act): Promise<readonly string[]> => [await act.run()];

async function atOnce(
  world: World,
  acts: readonly Act[],
  turns: readonly number[],
): Promise<readonly string[]> {
  const sentences: string[] = [];
  await interleave(
    acts.map(({ process }) => process),
    acts.map((act, index) => async () => {
      sentences[index] = await act.run();
    }),
    turns,
  );
  const letters = acts.map((_, index) => String.fromCharCode('a'.charCodeAt(0) + index));
  const lines = sentences.map((sentence, index) => `   (${letters[index]}) ${sentence}`);
  const names = new Map(acts.map(({ process }, index) => [process, letters[index] as string]));
  return ['At the same time:', ...lines, `   call by call: ${tellCalls(world.calls, names)}.`];
}
