/** One run of one command: its world, its global options, and where its result goes. */
import { type Connection, connect } from './connect.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { badUsage, CliError, EXIT } from './exit.ts';
import { type Paint, paintFor } from './output/paint.ts';

export interface Invocation {
  readonly context: CliContext;
  readonly options: GlobalOptions;
  /** For what goes to standard output. */
  readonly paint: Paint;
  connect(): Promise<Connection>;
  /** The command's one result: a JSON value with --json, otherwise text for people. */
  result(json: unknown, text: (paint: Paint, nowMs: number) => string): void;
  /** News on the way, on standard error. */
  progress(line: string): void;
}

export function invocation(context: CliContext, options: GlobalOptions): Invocation {
  const paint = paintFor(context.stdout, context.env);
  return {
    context,
    options,
    paint,
    connect: async () => connect(context.reach(options)),
    result(json, text) {
      context.stdout.write(options.json ? `${JSON.stringify(json)}\n` : text(paint, context.now()));
    },
    progress(line) {
      context.stderr.write(`${line}\n`);
    },
  };
}

/**
 * What cannot be undone is asked first. Without a terminal and
 * without --yes there is nothing to do, which is said before anything is sent.
 */
export function requireConsent(run: Invocation): void {
  if (run.options.yes || run.context.ask) return;
  throw badUsage(
    'This cannot be undone, and there is no terminal to ask on.',
    'Add --yes to confirm it on the command line.',
  );
}

/** @throws CliError `not-confirmed` when the operator says no */
export async function confirm(run: Invocation, question: string): Promise<void> {
  if (run.options.yes || (await run.context.ask?.(question))) return;
  throw new CliError('not-confirmed', 'Not confirmed: nothing was changed.', 'Answer y, or add --yes.', {
    exitCode: EXIT.failed,
  });
}
