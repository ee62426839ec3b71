/** The real world behind a command: this process, its terminal, the clock, AWS. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { reach } from './connect.ts';
import type { CliContext } from './context.ts';

async function askText(question: string): Promise<string> {
  // On standard error: standard output belongs to the result.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and the end of input close the terminal without an answer: that is a no.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    return await Promise.race([terminal.question(`${question} `), closed]);
  } finally {
    terminal.close();
  }
}

const ask = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test((await askText(`${question} [y/N]`)).trim());

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer' };

/** Where no program shows it, its path is on the screen all the same. */
function open(path: string): void {
  const opener = spawn(OPENERS[process.platform] ?? 'xdg-open', [path], { stdio: 'ignore', detached: true });
  opener.once('error', () => undefined);
  opener.unref();
}

async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  // A second Ctrl-C ends the process at once: the default handler is back by then.
  const interrupt = () => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

/** The context of a command that runs in this process. */
export function processContext(): CliContext {
  const attended = process.stdin.isTTY && process.stderr.isTTY;
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: () => Date.now(),
    sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined),
    fetch: globalThis.fetch,
    reach: (options) => reach(options, process.env),
    ask: attended ? ask : undefined,
    askText: attended ? askText : undefined,
    open: process.stdin.isTTY && process.stdout.isTTY ? open : undefined,
    interruptible,
  };
}
