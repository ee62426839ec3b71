/** One request to a vault and its answer, in bounded time and size. */
import http from 'node:http';
import https from 'node:https';
import type { Plaintext } from '../../core/domain/plaintext.ts';
import { VaultUnreachable } from './vault-errors.ts';

export interface VaultCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/v1/`, each part of it encoded already. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly token?: Plaintext;
  readonly namespace?: string;
  /** Answers that are to be taken as they come, though others of their kind are worth another attempt. */
  readonly takes?: (status: number) => boolean;
}

export interface VaultAnswer {
  readonly status: number;
  /** Empty when there was none, or none that is JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/** An answer, and where it sends us instead. */
export type Exchanged = VaultAnswer & { readonly location?: string };

export interface Line {
  readonly secure: boolean;
  readonly agent: http.Agent;
  /** From connecting to the last byte. */
  readonly timeoutMs: number;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;

export function exchange(url: URL, call: VaultCall, { secure, agent, timeoutMs }: Line): Promise<Exchanged> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const options = { method: call.method, headers: headersOf(call, body), agent };
    const request = (secure ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST_ANSWER) request.destroy(new VaultUnreachable('its answer is too large'));
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
    });
    const timeout = () => request.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(timeout, timeoutMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
    request.end(body);
  });
}

function headersOf(call: VaultCall, body: string | undefined): http.OutgoingHttpHeaders {
  const patch = call.method === 'PATCH';
  return {
    // Vault and OpenBao refuse requests without it where an agent stands before them.
    'x-vault-request': 'true',
    ...(call.token ? { 'x-vault-token': call.token.reveal() } : {}),
    ...(call.namespace ? { 'x-vault-namespace': call.namespace } : {}),
    ...(body === undefined
      ? {}
      : {
          'content-type': patch ? 'application/merge-patch+json' : 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
  };
}

function answerOf(response: http.IncomingMessage, bytes: Buffer): Exchanged {
  const status = response.statusCode ?? 0;
  const { location, 'retry-after': retryAfter } = response.headers;
  const seconds = Number(retryAfter);
  return {
    status,
    body: jsonOf(bytes),
    ...(retryAfter !== undefined && seconds >= 0 ? { retryAfterSeconds: seconds } : {}),
    ...(status === 307 && location !== undefined ? { location } : {}),
  };
}

function jsonOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
