/** The `keyturn` command as a process of its own, on the local cloud under test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CHECKOUT } from '../../../local/state.ts';

export interface CommandRun {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
}

export function startKeyturn(...args: readonly string[]): CommandRun {
  const cli = join(CHECKOUT, 'cli', 'keyturn.mjs');
  const child = spawn(process.execPath, [cli, '--local', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run: CommandRun = { child, stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (run.stdout += data));
  child.stderr?.on('data', (data: Buffer) => (run.stderr += data));
  return run;
}

/** Runs it to its end. */
export async function keyturn(...args: readonly string[]): Promise<CommandRun & { readonly code: number }> {
  const run = startKeyturn(...args);
  const [code] = await once(run.child, 'close');
  return { ...run, code };
}
