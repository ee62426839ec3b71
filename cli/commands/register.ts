/** The shape of a command's module: it adds itself to the program and says what it does when it runs. */
import type { Command } from 'commander';
import type { ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';

/** Wraps a handler into commander's action, with this run's world in front of its arguments. */
export type Handle = <Args extends unknown[]>(
  handler: (run: Invocation, ...args: Args) => Promise<ExitCode>,
) => (...args: Args) => Promise<void>;

export type Register = (program: Command, handle: Handle) => void;
