/** `npm run test:model`: 100,000 commands and more on the product in memory, or the shortest story that breaks it. */
import { parseArgs } from 'node:util';
import { check, shortestStory } from './check.ts';
import { memoryBackend, stageOn } from './memory-stage.ts';

const LEAST_COMMANDS = 100_000;
const MOST_ROUNDS = 60;
const SEEDS = 1_000_000_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, path: { type: 'string' }, commands: { type: 'string' } },
  });
  const seed = wholeNumber('seed', values.seed ?? process.env['KEYTURN_MODEL_SEED']) ?? Date.now() % SEEDS;
  const commands = wholeNumber('commands', values.commands) ?? LEAST_COMMANDS;
  const stage = () => stageOn(memoryBackend());
  const began = performance.now();
  console.log(`Seed ${seed}: --seed ${seed} plays the same again.`);
  const done = await check({ stage, seed, commands, mostRounds: MOST_ROUNDS, path: values.path });
  console.log(`${done.tally}\n`);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${done.commands} commands in ${done.scenarios} stories, ${seconds} s.`);
  if (done.finding) {
    console.log(`\n${await shortestStory(stage, done.finding)}`);
    console.log(`\nAgain: npm run test:model -- --seed ${done.finding.seed} --path ${done.finding.path}`);
    return 1;
  }
  if (values.path !== undefined || done.commands >= commands) return 0;
  console.log(`Fewer than ${commands} commands.`);
  return 1;
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
