/** A vault behind its credentials: calls with a token that holds, and its refusals as errors by name. */
import { sealedVault, VaultDenied, VaultRefused } from './vault-errors.ts';
import type { VaultAnswer, VaultCall } from './vault-exchange.ts';
import type { VaultHttp } from './vault-http.ts';
import type { VaultToken } from './vault-token.ts';

export type ApiCall = Omit<VaultCall, 'token' | 'namespace'>;

export class VaultApi {
  readonly #http: VaultHttp;
  readonly #token: VaultToken;
  readonly #namespace: string | undefined;

  constructor(http: VaultHttp, token: VaultToken, namespace: string | undefined) {
    this.#http = http;
    this.#token = token;
    this.#namespace = namespace;
  }

  get address(): string {
    return this.#http.config.address;
  }

  /**
   * @param expected statuses that the caller knows what to do with; 200 and 204 always are
   * @throws VaultUnreachable, VaultSealed, VaultLoginRefused, VaultDenied or VaultRefused
   */
  async call(call: ApiCall, expected: readonly number[] = []): Promise<VaultAnswer> {
    const answer = await this.#withToken(call);
    const { status } = answer;
    if (status === 200 || status === 204 || expected.includes(status)) return answer;
    if (status === 503) throw sealedVault(this.address);
    const what = `${call.method} ${call.path}`;
    if (status === 403) {
      throw new VaultDenied(
        `The vault at ${this.address} does not let these credentials ${what}. Give them a policy that does.`,
      );
    }
    throw new VaultRefused(`The vault at ${this.address} answers ${status} to ${what}. See its own log.`);
  }

  /** 403 is said of a token that has ended as of one that may not: a new one tells which. */
  async #withToken(call: ApiCall): Promise<VaultAnswer> {
    const namespace = this.#namespace ? { namespace: this.#namespace } : {};
    const token = await this.#token.get();
    const answer = await this.#http.call({ ...call, ...namespace, token });
    if (answer.status !== 403) return answer;
    const another = await this.#token.another(token);
    return another ? this.#http.call({ ...call, ...namespace, token: another }) : answer;
  }
}

/** The texts of an answer's `errors`: for telling answers apart, not for showing. */
export const errorsOf = ({ body }: VaultAnswer): readonly string[] =>
  Array.isArray(body['errors']) ? body['errors'].map(String) : [];

export const dataOf = ({ body }: VaultAnswer): Readonly<Record<string, unknown>> =>
  typeof body['data'] === 'object' && body['data'] !== null ? (body['data'] as Record<string, unknown>) : {};
