/** commander's complaints as `CliError`s: what was wrong with which value, and the mend. */
import type { CommanderError } from 'commander';
import { badUsage, type CliError } from './exit.ts';

/** `… is invalid. Allowed choices are live, test.`: up to the first full stop the fault, after it the mend. */
const INVALID = /^(.*? is invalid(?: for argument '[^']*')?)\. (.*)$/s;

/** @param help how to see the help of the command that was meant, such as `keyturn issue --help` */
export function usageError(error: CommanderError, help: string): CliError {
  if (error.code === 'commander.help') return badUsage('No command was given.', `'${help}' lists them.`);
  const text = error.message.replace(/^error: /, '').trim();
  const invalid = INVALID.exec(text);
  if (invalid) return badUsage(`${capital(invalid[1] ?? text)}.`, invalid[2] ?? '');
  const [first = text, suggestion] = text.split('\n');
  const meant = suggestion?.match(/Did you mean (?:one of )?(.*?)\?/)?.[1];
  const see = `'${help}' shows what it takes.`;
  return badUsage(
    `${capital(first)}${first.endsWith('.') ? '' : '.'}`,
    meant ? `Did you mean ${meant}? ${see}` : see,
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
