/** Requests to a vault: TLS unless it is allowed otherwise, time-outs, a bounded number of attempts, one redirect. */
import http from 'node:http';
import https from 'node:https';
import { parseVaultAddress } from '../../../rules/vault-address.ts';
import { VaultUnreachable } from './vault-errors.ts';
import { type Exchanged, exchange, type VaultAnswer, type VaultCall } from './vault-exchange.ts';

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

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

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
    const first = await this.#exchange(new URL(`${address}/v1/${call.path}`), call);
    if (first.location === undefined || !URL.canParse(first.location)) return first;
    const next = new URL(first.location);
    const downgraded = address.startsWith('https:') && next.protocol !== 'https:';
    if (downgraded || !parseVaultAddress(next.origin, allowHttp).ok) {
      throw new VaultUnreachable('it redirects to an address without TLS');
    }
    return this.#exchange(next, call);
  }

  #exchange(url: URL, call: VaultCall): Promise<Exchanged> {
    const secure = url.protocol === 'https:';
    const agent = secure ? this.#agents.https : this.#agents.http;
    return exchange(url, call, { secure, agent, timeoutMs: this.config.timeoutMs });
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

/** A vault that is sealed stays so until somebody acts; all other trouble of its own may be over in a moment. */
const isPassing = ({ status, body }: VaultAnswer): boolean =>
  status === 429 || (status >= 500 && !JSON.stringify(body['errors'] ?? '').includes('sealed'));

function pauseMs(attempt: number, retryAfterSeconds?: number): number {
  if (retryAfterSeconds !== undefined) return Math.min(retryAfterSeconds * 1000, LONGEST_PAUSE_MS);
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}
