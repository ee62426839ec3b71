/** Telling one's own processes from others with the same number, and ending them with all their children. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 50;

/** Whether this process is alive and has `argument` on its command line: a process number alone may have been reused. */
export function hasArgument(pid: number, argument: string): boolean {
  return commandLine(pid).includes(argument);
}

function commandLine(pid: number): readonly string[] {
  try {
    // Slim container images have no `ps`, macOS has no `/proc`.
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(' ');
  } catch {
    return [];
  }
}

/** Ends a process group politely, then at once after `graceMilliseconds`. Returns when none of it is left. */
export async function endGroup(leaderPid: number, graceMilliseconds = 3000): Promise<void> {
  const killAt = Date.now() + graceMilliseconds;
  let signal: NodeJS.Signals | 0 = 'SIGTERM';
  while (signalGroup(leaderPid, signal)) {
    await delay(POLL_MILLISECONDS);
    signal = Date.now() > killAt ? 'SIGKILL' : 0;
  }
}

/** False when nothing of the group is left. */
function signalGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leaderPid, signal);
  } catch {
    return false;
  }
}
