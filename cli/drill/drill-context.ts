/** What every scene of a drill works with. */
import type { AdminClient } from '../admin-client.ts';
import type { Api, CallRecorder } from './call-recorder.ts';
import type { ThrowAwayKeys } from './drill-key.ts';
import type { Story } from './story.ts';

/** How fast a drill goes; a rehearsal in a test goes faster. */
export interface Pace {
  /** Between two calls of a steady caller. */
  readonly callEveryMs: number;
  /** Between two looks at a rotation. */
  readonly pollEveryMs: number;
  /** How long after its announced end a judgement may take. */
  readonly judgementSlackMs: number;
}

export interface Endpoint {
  readonly api: Api;
  readonly url: string;
}

export interface DrillContext {
  readonly admin: AdminClient;
  readonly keys: ThrowAwayKeys;
  /** The REST API, and the HTTP API where there is one. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  readonly recorder: CallRecorder;
  readonly story: Story;
  readonly pace: Pace;
  readonly fetch: typeof fetch;
  now(): number;
  /** Rejects with `DrillInterrupted` once the operator stops the drill. */
  sleep(milliseconds: number): Promise<void>;
  /** @throws DrillInterrupted once the operator stops the drill: stands where new calls begin */
  checkpoint(): void;
  readonly signal: AbortSignal;
}

/** The operator pressed Ctrl-C. */
export class DrillInterrupted extends Error {
  override readonly name = 'DrillInterrupted';
}
