/** What `--help` shows: of every command, in a terminal of eighty columns. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { HELP_LAYOUT } from '../../../cli/help-layout.ts';
import { keyturn } from './fake-world.ts';

const helpOf = async (...words: string[]): Promise<string> => (await keyturn([...words, '--help'])).stdout;

/** Names under `Commands:`. */
const commandsIn = (help: string): readonly string[] =>
  [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map(([, name]) => name as string)
    .filter((name) => name !== 'help');

const all = await helpOf();
const commands = await Promise.all(
  commandsIn(all).map(async (name) => {
    const help = await helpOf(name);
    const below = await Promise.all(commandsIn(help).map((sub) => helpOf(name, sub)));
    return [name, [help, ...below]] as const;
  }),
);

test('lists every command with what it does, and where its options are told', () => {
  expect(commands.length).toBeGreaterThan(20);
  expect(all).toMatch(/^ {2}notices +Show who was told/m);
  expect(all).toContain('keyturn <command> --help');
});

test.each([['keyturn', [all]] as const, ...commands])('%s fits eighty columns', (_name, helps) => {
  for (const help of helps) {
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(help).not.toContain('default: false');
  }
});

test('says defaults that somebody may want otherwise', () => {
  const command = new Command('x').configureHelp(HELP_LAYOUT).option('--limit <count>', 'most', '50');
  expect(command.helpInformation()).toContain('(default: "50")');
});
