/** Options of a command whose parent has some of the same names, and takes them wherever they stand. */
import type { Command } from 'commander';
import { badUsage } from '../exit.ts';

/**
 * @param shared names that both have
 * @throws CliError for an option that the parent alone has: it would be passed over in silence
 */
export function inheritedOptions<Options extends object>(
  command: Command,
  shared: readonly (keyof Options & string)[],
): Options {
  const { parent } = command;
  const taken = parent?.options.filter(
    (option) => parent.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const names: readonly string[] = shared;
  const foreign = taken?.find((option) => !names.includes(option.attributeName()));
  if (foreign?.long && parent)
    throw badUsage(
      `'keyturn ${parent.name()} ${command.name()}' has no option ${foreign.long}.`,
      `'keyturn ${parent.name()} ${command.name()} --help' shows what it takes.`,
    );
  const given = (taken ?? []).map((option) => option.attributeName());
  return {
    ...command.opts(),
    ...Object.fromEntries(given.map((name) => [name, parent?.getOptionValue(name)])),
  } as Options;
}
