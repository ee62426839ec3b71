/** From a process's start to its first answer. */
import { fork } from 'node:child_process';
import { nowhere, reply, type Subject } from './round.ts';

/** What the child says of itself. */
export interface Start {
  readonly answeredAtMs: number;
  readonly cpuMilliseconds: number;
  readonly peakMegabytes: number;
}

export interface MeasuredStart extends Omit<Start, 'answeredAtMs'> {
  readonly milliseconds: number;
}

/** Starts each subject `times` times, in turns; every turn begins with another one. */
export async function measureStarts(
  subjects: readonly Subject[],
  times: number,
): Promise<ReadonlyMap<string, readonly MeasuredStart[]>> {
  const starts = new Map<string, MeasuredStart[]>(subjects.map(({ name }) => [name, []]));
  // The first of each reads its bundle from disk: not counted.
  for (let turn = -1; turn < times; turn += 1) {
    for (let place = 0; place < subjects.length; place += 1) {
      const subject = subjects[(turn + 1 + place) % subjects.length] as Subject;
      const measured = await measureStart(subject);
      if (turn >= 0) starts.get(subject.name)?.push(measured);
    }
  }
  return starts;
}

async function measureStart({ script, args, env }: Subject): Promise<MeasuredStart> {
  const startedAtMs = performance.timeOrigin + performance.now();
  const child = fork(script, args, { env, execArgv: [], stdio: ['ignore', nowhere, 'inherit', 'ipc'] });
  try {
    const { answeredAtMs, ...used } = await reply<Start>(child);
    return { milliseconds: answeredAtMs - startedAtMs, ...used };
  } finally {
    child.kill('SIGKILL');
  }
}
