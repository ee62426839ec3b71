/** How `--help` is laid out: lists that wrap on eighty columns, and no defaults that go without saying. */
import { Help, type HelpConfiguration } from 'commander';

const usual = new Help();

export const HELP_LAYOUT: HelpConfiguration = {
  // With the arguments of each the list of all commands would leave no room for what they do.
  subcommandTerm: (command) =>
    command.parent?.parent ? usual.subcommandTerm(command).replace(' [options]', '') : command.name(),
  optionDescription: (option) => usual.optionDescription(option).replace(/ ?\(default: false\)$/, ''),
};
