/** Running a program with its output in a log file, where a failure is looked up. */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { LocalError } from './local-error.ts';
import { endGroup } from './process-group.ts';

const TAIL_LINES = 25;

export interface RunOptions {
  /** What the program is for, as it stands in the error: `cdk deploy`. */
  readonly title: string;
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs to the end; an abort ends the program and all that it started.
 *
 * @throws LocalError with the end of the log, when the program cannot be started or fails
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  appendFileSync(options.logFile, `\n$ ${[command, ...args].join(' ')}\n`);
  const exit = await exitOf(command, args, options);
  options.signal?.throwIfAborted();
  if (exit !== 0) {
    throw new LocalError(
      `${options.title} failed (${exit}). The end of ${options.logFile}:\n${tailOf(options.logFile)}`,
    );
  }
}

async function exitOf(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<number | string> {
  const log = openSync(options.logFile, 'a');
  // A group of its own: Ctrl-C must not end it before the clean-up asks it to, and then with all its children.
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const abort = () => void (child.pid && endGroup(child.pid));
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
    });
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** The last lines of a log, indented for an error message. */
export function tailOf(logFile: string, lines = TAIL_LINES): string {
  const text = readFileSync(logFile, 'utf8').trimEnd();
  return text
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n');
}
