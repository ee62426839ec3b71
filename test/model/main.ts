/** `npm run test:model`: 100,000 commands and more on the product in memory, or the shortest story that breaks it. */
import { parseArgs } from 'node:util';
import { type Checked, check, shortestStory } from './check.ts';
import { missedBy } from './coverage.ts';
import { memoryStage } from './memory-stage.ts';

const LEAST_COMMANDS = 100_000;
const LONGEST_MS = 20 * 60_000;
const MOST_ROUNDS = 60;
const SEEDS = 1_000_000_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, path: { type: 'string' }, commands: { type: 'string' } },
  });
  const seed = wholeNumber('seed', values.seed ?? process.env['KEYTURN_MODEL_SEED']) ?? Date.now() % SEEDS;
  const commands = wholeNumber('commands', values.commands) ?? LEAST_COMMANDS;
  console.log(`Seed ${seed}: --seed ${seed} plays the same again.`);
  const began = performance.now();
  const { path } = values;
  const search = {
    stage: memoryStage,
    seed,
    commands,
    endsAtMs: began + LONGEST_MS,
    mostRounds: MOST_ROUNDS,
    path,
  };
  const done = await check(search);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${done.tally}\n\n${done.commands} commands in ${done.scenarios} stories, ${seconds} s.`);
  const failure = await failureOf(done, commands);
  // One story by its path has few commands, and need not meet everything.
  if (failure === undefined || (path !== undefined && !done.finding)) return 0;
  console.log(`\n${failure}`);
  return 1;
}

async function failureOf(done: Checked, commands: number): Promise<string | undefined> {
  const { finding } = done;
  if (finding) {
    const again = `npm run test:model -- --seed ${finding.seed} --path ${finding.path}`;
    return `${await shortestStory(memoryStage, finding)}\n\nAgain: ${again}`;
  }
  if (done.commands < commands) return `Fewer than ${commands} commands in ${LONGEST_MS / 60_000} minutes.`;
  const missed = missedBy(done.tally);
  return missed.length > 0 && commands >= LEAST_COMMANDS ? `Never met: ${missed.join('; ')}.` : undefined;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new Error(`--${name} '${text}' is not a whole number.`);
}

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message);
  return 2;
});
