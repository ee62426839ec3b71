/** Calls a webhook's receiver: HTTPS, to checked addresses alone, within a bounded time, reading a bounded answer. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import { parseWebhookUrl } from '../../core/domain/webhook-url.ts';
import type { Posted, WebhookPost } from '../../core/ports/webhooks.ts';
import { checkedAddresses, guardedLookup, type Resolve, systemResolve } from './guarded-lookup.ts';
import { readAnswer } from './read-answer.ts';
import { whyOf } from './transport-trouble.ts';

export interface HttpsPostConfig {
  /** Whether receivers may be in private networks and on loopback, and at any port. */
  readonly allowPrivateAddresses: boolean;
  /** PEM, beside those that Node.js trusts. */
  readonly certificateAuthorities?: readonly string[];
  readonly resolve?: Resolve;
  readonly connectMs?: number;
  readonly wholeMs?: number;
}

/** From resolving the name to the end of the handshake. */
const CONNECT_MS = 5_000;
/** From the beginning to the status: the scheme recommends 15 to 30 seconds. */
const WHOLE_MS = 15_000;
const MOST_HEADER_BYTES = 16_384;

export class HttpsPost implements WebhookPost {
  readonly #config: HttpsPostConfig;
  readonly #resolve: Resolve;

  constructor(config: HttpsPostConfig) {
    this.#config = config;
    this.#resolve = config.resolve ?? systemResolve;
  }

  async trouble(url: string): Promise<string | undefined> {
    const wrong = this.#refusal(url);
    if (wrong !== undefined) return wrong;
    const host = new URL(url).hostname;
    if (isLiteral(host)) return undefined;
    try {
      await checkedAddresses(host, this.#resolve, this.#config.allowPrivateAddresses);
      return undefined;
    } catch (error) {
      return whyOf(error as Error);
    }
  }

  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Posted> {
    const startedMs = performance.now();
    const durationMs = () => Math.round(performance.now() - startedMs);
    const wrong = this.#refusal(url);
    if (wrong !== undefined) return { outcome: 'address', why: wrong, durationMs: 0 };
    try {
      const { status, ...answer } = await this.#exchange(new URL(url), headers, body);
      return { outcome: 'answered', status, ...answer, durationMs: durationMs() };
    } catch (error) {
      const refused = (error as Error).name === 'HostRefused';
      return {
        outcome: refused ? 'address' : 'unreachable',
        why: whyOf(error as Error),
        durationMs: durationMs(),
      };
    }
  }

  /** Registered under other rules, or written by another hand, it is refused here too. A literal address is not looked up. */
  #refusal(url: string): string | undefined {
    const parsed = parseWebhookUrl(url, this.#config);
    return parsed.ok ? undefined : parsed.message;
  }

  #exchange(url: URL, headers: Readonly<Record<string, string>>, body: string) {
    const { allowPrivateAddresses, certificateAuthorities = [] } = this.#config;
    // Of its own for each call: no connection is kept to what was checked earlier, and no proxy is taken from the environment.
    const agent = new https.Agent({ keepAlive: false, maxCachedSessions: 0 });
    const request = https.request(url, {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Keyturn-Webhooks',
        ...headers,
        'content-length': Buffer.byteLength(body),
      },
      lookup: guardedLookup(this.#resolve, allowPrivateAddresses),
      // Whatever the environment says of it.
      rejectUnauthorized: true,
      maxHeaderSize: MOST_HEADER_BYTES,
      ...(certificateAuthorities.length > 0 ? { ca: [...rootCertificates, ...certificateAuthorities] } : {}),
    });
    const answer = answerOf(request).then((response) => readAnswer(response));
    this.#limit(request);
    request.end(body);
    return answer.finally(() => {
      request.destroy();
      agent.destroy();
    });
  }

  /** Both count whatever the receiver sends meanwhile: a byte a second keeps nothing open. */
  #limit(request: ClientRequest): void {
    const { connectMs = CONNECT_MS, wholeMs = WHOLE_MS } = this.#config;
    const end = (what: string, ms: number) => new TimedOut(`${what} within ${ms / 1000} s.`);
    const connecting = setTimeout(() => request.destroy(end('No connection was made', connectMs)), connectMs);
    const whole = setTimeout(() => request.destroy(end('It did not answer', wholeMs)), wholeMs);
    request.on('socket', (socket) => socket.once('secureConnect', () => clearTimeout(connecting)));
    request.on('response', () => clearTimeout(whole));
    request.on('close', () => {
      clearTimeout(connecting);
      clearTimeout(whole);
    });
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

const isLiteral = (host: string): boolean => /^\[|^[\d.]+$/.test(host);

const answerOf = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    // Such as a switch of protocols that nobody asked for.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('It answered with a change of protocol.'));
    });
    request.on('close', () => reject(new Error('It closed the connection without an answer.')));
  });
