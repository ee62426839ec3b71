/** Rounds of requests in child processes that take turns. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';

export interface RoundOrder {
  readonly requests: number;
  /** A clock around each request; otherwise one around the round. */
  readonly timeEach: boolean;
}

export interface Round {
  /** One a request, or one mean of the round. */
  readonly microseconds: readonly number[];
  /** Processor time a request, user and system, all threads. */
  readonly cpuMicroseconds: number;
  /** The process's peak so far. */
  readonly peakMegabytes: number;
}

export interface Subject {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface RoundsPlan extends RoundOrder {
  readonly rounds: number;
  readonly warmUpRequests: number;
}

/** What handlers print goes where it costs a write and nothing else. */
export const nowhere = openSync('/dev/null', 'w');

/**
 * Measures the subjects round by round, each in its own process, one at a time. Every round starts with another
 * subject, so that a disturbance of the machine meets all of them alike.
 *
 * Processes of their own, because in one process the subjects would share a heap, its collections and the compiler's
 * knowledge of the code that they have in common.
 */
export async function measureRounds(
  subjects: readonly Subject[],
  plan: RoundsPlan,
): Promise<ReadonlyMap<string, readonly Round[]>> {
  const children = subjects.map((subject) => ({ subject, child: start(subject), rounds: [] as Round[] }));
  try {
    for (const { child } of children) await reply(child);
    for (const { child } of children) await measure(child, { ...plan, requests: plan.warmUpRequests });
    for (let round = 0; round < plan.rounds; round += 1) {
      for (let turn = 0; turn < children.length; turn += 1) {
        const one = children[(round + turn) % children.length] as (typeof children)[number];
        one.rounds.push(await measure(one.child, plan));
      }
    }
    return new Map(children.map(({ subject, rounds }) => [subject.name, rounds]));
  } finally {
    for (const { child } of children) child.kill('SIGKILL');
  }
}

const start = ({ script, args, env }: Subject): ChildProcess =>
  fork(script, args, { env, execArgv: [], stdio: ['ignore', nowhere, 'inherit', 'ipc'] });

async function measure(child: ChildProcess, { requests, timeEach }: RoundOrder): Promise<Round> {
  const answered = reply<Round>(child);
  child.send({ requests, timeEach } satisfies RoundOrder);
  return answered;
}

/** The child's next message. A child that ends instead has said why on standard error. */
export async function reply<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  const exited = once(child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`${child.spawnargs.slice(1).join(' ')} ended early (${signal ?? `exit code ${code}`}).`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: ended.signal }), exited]);
    return message as Message;
  } finally {
    ended.abort();
    exited.catch(() => undefined);
  }
}
