/** Requests to a vault: TLS unless it is allowed otherwise, time-outs, a bounded number of attempts, one redirect. */
import http from 'node:http';
import https from 'node:https';
import { parseVaultAddress } from '../../../rules/vault-address.ts';
import type { Plaintext } from '../../core/domain/plaintext.ts';
import { VaultUnreachable } from './vault-errors.ts';

export interface VaultHttpConfig {
  /** As `parseVaultAddress` gives it. */
  readonly address: string;
  readonly allowHttp?: boolean;
  /** PEM; default: the authorities that Node.js trusts. */
  readonly caCertificate?: string;
  /** For one attempt, from connecting to the last byte. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

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

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const LARGEST_ANSWER = 4 * 1024 * 1024;

export class VaultHttp {
  readonly config: VaultHttpConfig;
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };

  constructor(config: VaultHttpConfig) {
    this.config = config;
    const { caCertificate } = config;
    this.#agents = {
      http: new http.Agent({ keepAlive: true }),
      https: new https.Agent({ keepAlive: true, ...(caCertificate ? { ca: caCertificate } : {}) }),
    };
  }

  /**
   * Every call may be sent again: writes are by check-and-set, and the rest repeats itself.
   *
   * @returns whatever the vault answered last; throws `VaultUnreachable` when it never answered
   */
  async call(call: VaultCall): Promise<VaultAnswer> {
    const { attempts, sleep } = this.config;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#attempt(call).catch((error: Error) => error);
      const last = attempt >= attempts;
      if (answer instanceof Error) {
        if (last || answer instanceof VaultUnreachable) throw this.#unreachable(answer);
        await sleep(pauseMs(attempt));
      } else if (last || call.takes?.(answer.status) || !isPassing(answer)) return answer;
      else await sleep(pauseMs(attempt, answer.retryAfterSeconds));
    }
  }

  /** A standby that does not forward sends us to the active node: once, and never to where TLS would be lost. */
  async #attempt(call: VaultCall): Promise<VaultAnswer> {
    const { address, allowHttp } = this.config;
    const first = await this.#once(new URL(`${address}/v1/${call.path}`), call);
    if (first.location === undefined || !URL.canParse(first.location)) return first;
    const next = new URL(first.location);
    const downgraded = address.startsWith('https:') && next.protocol !== 'https:';
    if (downgraded || !parseVaultAddress(next.origin, allowHttp).ok) {
      throw new VaultUnreachable('it redirects to an address without TLS');
    }
    return this.#once(next, call);
  }

  #once(url: URL, call: VaultCall): Promise<VaultAnswer & { readonly location?: string }> {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const options = {
        method: call.method,
        headers: headersOf(call, body),
        agent: secure ? this.#agents.https : this.#agents.http,
      };
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
      const timer = setTimeout(timeout, this.config.timeoutMs);
      request.on('close', () => clearTimeout(timer));
      request.on('error', reject);
      request.end(body);
    });
  }

  /** By the error's code alone: its text may quote what was sent. */
  #unreachable(error: Error): VaultUnreachable {
    const { code } = error as NodeJS.ErrnoException;
    const why = error instanceof VaultUnreachable ? error.message : (code ?? error.name);
    const mend = /CERT|SSL|TLS|ISSUER|VERIFY/.test(why)
      ? 'Its certificate is not trusted: set caCertificate to the authority that signed it.'
      : 'Is it running, and may the functions reach it?';
    return new VaultUnreachable(`The vault at ${this.config.address} cannot be reached (${why}). ${mend}`);
  }
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

function answerOf(response: http.IncomingMessage, bytes: Buffer) {
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

/** A vault that is sealed stays so until somebody acts; all other trouble of its own may be over in a moment. */
const isPassing = ({ status, body }: VaultAnswer): boolean =>
  status === 429 || (status >= 500 && !JSON.stringify(body['errors'] ?? '').includes('sealed'));

function pauseMs(attempt: number, retryAfterSeconds?: number): number {
  if (retryAfterSeconds !== undefined) return Math.min(retryAfterSeconds * 1000, LONGEST_PAUSE_MS);
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}
