/** A fetch that sends the key in use at that moment and notes what came back. */
import type { Api, CallRecord, CallRecorder } from './call-recorder.ts';
import { type DrillKey, INVENTED } from './drill-key.ts';

export interface RecordedFetchOptions {
  readonly fetch: typeof fetch;
  readonly recorder: CallRecorder;
  readonly now: () => number;
  readonly caller: string;
  readonly api: Api;
  /** Asked before each request, so that a living client can change its key. */
  readonly key: () => DrillKey | undefined;
  readonly onCall?: (call: CallRecord) => void;
}

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** In the shape that the MCP client's transport takes. */
export function recordingFetch(options: RecordedFetchOptions): Fetch {
  return async (url, init = {}) => {
    const key = options.key();
    const headers = new Headers(init.headers);
    if (key) headers.set('authorization', `Bearer ${key.secret.reveal()}`);
    const startedAtMs = options.now();
    const note = (response: Response | undefined) => {
      const call: CallRecord = {
        startedAtMs,
        durationMs: options.now() - startedAtMs,
        caller: options.caller,
        keyId: key && key.version !== INVENTED ? key.keyId : null,
        version: key?.version ?? null,
        api: options.api,
        request: requestName(init),
        status: response?.status ?? 0,
        keyStatus: response?.headers.get('api-key-status') ?? null,
      };
      options.recorder.add(call);
      options.onCall?.(call);
    };
    try {
      const response = await options.fetch(url, { ...init, headers });
      note(response);
      return response;
    } catch (error) {
      note(undefined);
      throw error;
    }
  };
}

function requestName({ body, method }: RequestInit): string {
  if (typeof body !== 'string') return method ?? 'GET';
  const message: unknown = JSON.parse(body);
  return typeof message === 'object' && message !== null && 'method' in message
    ? String(message.method)
    : (method ?? 'POST');
}
