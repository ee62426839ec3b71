/** A command line run in a world of its own: fake streams, a fake admin function, a clock that sleep moves. */
import type { AdminAction, AdminInput } from '../../../cli/admin-client.ts';
import type { Reach } from '../../../cli/connect.ts';
import type { CliContext, GlobalOptions } from '../../../cli/context.ts';
import { run } from '../../../cli/main.ts';
import type { Target } from '../../../cli/target.ts';
import type { AdminResults } from '../../../lambdas/functions/admin/contract.ts';

export const START_MS = Date.parse('2026-11-23T14:00:00.000Z');

/** What the fake admin function answers, by action; a thrown `CliError` is its refusal. */
export type FakeAdmin = {
  [Action in AdminAction]?: (
    input: AdminInput<Action>,
    nowMs: number,
  ) => AdminResults[Action] | Promise<AdminResults[Action]>;
};

export interface Sent {
  readonly action: AdminAction;
  readonly input: unknown;
}

export interface World {
  readonly admin?: FakeAdmin;
  readonly env?: Record<string, string>;
  readonly stdoutIsTty?: boolean;
  readonly stderrIsTty?: boolean;
  /** What the operator answers; absent: nobody is there. */
  readonly answer?: boolean;
  /** What the operator types; absent: nobody is there. */
  readonly typed?: string;
  /** Whether files can be shown to the operator. */
  readonly opens?: boolean;
  /** Ctrl-C comes after this many sleeps. */
  readonly interruptAfterSleeps?: number;
  readonly fetch?: typeof fetch;
  readonly reach?: (options: GlobalOptions) => Reach;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly sent: readonly Sent[];
  readonly questions: readonly string[];
  /** Files that were shown to the operator. */
  readonly opened: readonly string[];
  /** The options that the deployment was looked for with; empty when none was. */
  readonly lookedFor: readonly GlobalOptions[];
}

const TARGET: Target = {
  stackName: 'Keyturn',
  region: 'eu-central-1',
  place: 'account 111122223333, eu-central-1',
  outputs: { AdminFunctionName: 'admin', RotationMachineArn: 'arn:machine', TableName: 'table' },
  mcpRestUrl: 'https://rest.example.com/mcp',
  mcpHttpUrl: 'https://http.example.com/mcp',
};

/** Runs one command line and tells everything that came of it. */
export async function keyturn(args: readonly string[], world: World = {}): Promise<Outcome> {
  const seen = {
    stdout: '',
    stderr: '',
    sent: [] as Sent[],
    questions: [] as string[],
    lookedFor: [] as GlobalOptions[],
    opened: [] as string[],
  };
  let nowMs = START_MS;
  let sleeps = 0;
  const interrupt = new AbortController();
  const reach = world.reach ?? (() => fakeReach(world.admin ?? {}, seen.sent, () => nowMs));
  const context: CliContext = {
    stdout: { write: (text) => (seen.stdout += text), isTTY: world.stdoutIsTty ?? false },
    stderr: { write: (text) => (seen.stderr += text), isTTY: world.stderrIsTty ?? false },
    env: world.env ?? {},
    now: () => nowMs,
    async sleep(milliseconds) {
      nowMs += milliseconds;
      sleeps += 1;
      if (sleeps === world.interruptAfterSleeps) interrupt.abort();
    },
    fetch: world.fetch ?? (() => Promise.reject(new Error('no network here'))),
    reach(options) {
      seen.lookedFor.push(options);
      return reach(options);
    },
    ask:
      world.answer === undefined
        ? undefined
        : async (question) => {
            seen.questions.push(question);
            return world.answer === true;
          },
    askText:
      world.typed === undefined
        ? undefined
        : async (question) => {
            seen.questions.push(question);
            return world.typed as string;
          },
    open: world.opens ? (path) => void seen.opened.push(path) : undefined,
    interruptible: (work) => work(interrupt.signal),
  };
  const exitCode = await run(args, context);
  return { exitCode, ...seen };
}

export function fakeReach(admin: FakeAdmin, sent: Sent[], now: () => number): Reach {
  return {
    caller: async () => ({
      arn: 'arn:aws:sts::111122223333:assumed-role/operator/kim',
      account: '111122223333',
    }),
    target: async () => TARGET,
    admin: () => ({
      async call(action, input) {
        sent.push({ action, input });
        const answer = admin[action];
        if (!answer) throw new Error(`The test did not expect '${action}'.`);
        return answer(input, now());
      },
    }),
  };
}
