/** What every call of a drill came to: who asked with which version, what was answered, how fast. */

export type Api = 'REST API' | 'HTTP API';

export interface CallRecord {
  /** Epoch milliseconds at which the request left. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly caller: string;
  /** null: the call carried no key, or one that nobody issued. */
  readonly keyId: string | null;
  readonly version: number | null;
  readonly api: Api;
  /** The JSON-RPC method, or the HTTP method of a request without a body. */
  readonly request: string;
  /** 0: no answer came. */
  readonly status: number;
  /** The value of `Api-Key-Status`. */
  readonly keyStatus: string | null;
}

export class CallRecorder {
  readonly #calls: CallRecord[] = [];

  add(call: CallRecord): void {
    this.#calls.push(call);
  }

  get calls(): readonly CallRecord[] {
    return this.#calls;
  }

  /** Tool calls of one caller, or of all. */
  toolCalls(caller?: string): readonly CallRecord[] {
    return this.#calls.filter(
      (call) => call.request === 'tools/call' && (caller === undefined || call.caller === caller),
    );
  }
}
