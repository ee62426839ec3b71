/** Everything a command touches outside itself, so that a test can hand in its own world. */
import type { Environment } from './aws-settings.ts';
import type { Reach } from './connect.ts';

/** A stream as far as the CLI needs one. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Where to look for the deployment, from the global options. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly stack: string;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly local: boolean;
  readonly yes: boolean;
}

export interface CliContext {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Environment;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after the time, or at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  readonly fetch: typeof fetch;
  /** The way to the deployment that the options name. */
  reach(options: GlobalOptions): Reach;
  /** Asks the operator a yes-or-no question; undefined when nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Asks the operator to type something; undefined when nobody sits at a terminal. */
  readonly askText: ((question: string) => Promise<string>) | undefined;
  /** Shows a file to the operator, in whatever program shows such; undefined when nobody sits at a terminal. */
  readonly open: ((path: string) => void) | undefined;
  /** Runs the work with a signal that aborts on Ctrl-C, instead of ending the process there. */
  interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}
