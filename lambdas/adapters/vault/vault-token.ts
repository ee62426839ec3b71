/** The life of a token: got by its method, renewed while it still holds, got anew when it does not. */
import type { Plaintext } from '../../core/domain/plaintext.ts';
import type { ReadCredentials, VaultCredentials } from './vault-credentials.ts';
import { sealedVault, VaultLoginRefused, VaultRefused } from './vault-errors.ts';
import type { VaultAnswer, VaultCall } from './vault-exchange.ts';
import type { VaultHttp } from './vault-http.ts';
import { isLonger, type Lease, leaseFrom, leaseOfToken } from './vault-lease.ts';

export interface VaultTokenDeps {
  readonly http: VaultHttp;
  readonly credentials: ReadCredentials;
  readonly namespace?: string;
  /** Where AppRole is mounted. */
  readonly authMount: string;
  readonly clock: () => number;
}

export class VaultToken {
  readonly #deps: VaultTokenDeps;
  #lease: Lease | undefined;
  #getting: Promise<Lease> | undefined;

  constructor(deps: VaultTokenDeps) {
    this.#deps = deps;
  }

  /** A token that holds now, as far as is known here. Throws `VaultLoginRefused`. */
  async get(): Promise<Plaintext> {
    const lease = this.#lease;
    const nowMs = this.#deps.clock();
    if (lease && (lease.renewAtMs === undefined || nowMs < lease.renewAtMs)) return lease.token;
    const usable = lease && (lease.endsAtMs ?? 0) > nowMs ? lease : undefined;
    return (await this.#once(() => this.#renewed(usable))).token;
  }

  /**
   * After a token was refused: it was revoked, or ended before its time.
   *
   * @returns another one, or undefined if there is none
   */
  async another(refused: Plaintext): Promise<Plaintext | undefined> {
    if (this.#lease?.token.reveal() === refused.reveal()) this.#lease = undefined;
    const token = this.#lease?.token ?? (await this.#once(() => this.#obtained())).token;
    return token.reveal() === refused.reveal() ? undefined : token;
  }

  /** Of many that need a token at once, one asks for it. */
  async #once(get: () => Promise<Lease>): Promise<Lease> {
    this.#getting ??= get().finally(() => {
      this.#getting = undefined;
    });
    this.#lease = await this.#getting;
    return this.#lease;
  }

  /** A lease that cannot be renewed far enough is at its longest life: a new one takes its place, if its method can. */
  async #renewed(lease: Lease | undefined): Promise<Lease> {
    if (!lease) return this.#obtained();
    const answer = await this.#call({ method: 'POST', path: 'auth/token/renew-self', token: lease.token });
    const renewed = answer.status === 200 ? leaseFrom(answer, this.#deps.clock()) : undefined;
    if (renewed && isLonger(renewed, lease)) return renewed;
    return this.#obtained().catch((error: Error) => {
      // It holds to its end: what it is needed for now may be done before that.
      if ((lease.endsAtMs ?? 0) > this.#deps.clock()) return lease;
      throw error;
    });
  }

  async #obtained(): Promise<Lease> {
    const credentials = await this.#deps.credentials();
    return credentials.method === 'approle' ? this.#login(credentials) : this.#looked(credentials.token);
  }

  async #login({ roleId, secretId }: Extract<VaultCredentials, { method: 'approle' }>): Promise<Lease> {
    const path = `auth/${this.#deps.authMount}/login`;
    const body = { role_id: roleId.reveal(), secret_id: secretId.reveal() };
    const answer = await this.#call({ method: 'POST', path, body });
    const lease = answer.status === 200 ? leaseFrom(answer, this.#deps.clock()) : undefined;
    if (lease) return lease;
    throw this.#refused(
      answer,
      'Its secretId may have expired or been used up: put a new one into the secret.',
    );
  }

  async #looked(token: Plaintext): Promise<Lease> {
    const answer = await this.#call({ method: 'GET', path: 'auth/token/lookup-self', token });
    if (answer.status !== 200) {
      throw this.#refused(
        answer,
        'The token may have expired or been revoked: put a new one into the secret.',
      );
    }
    return leaseOfToken(token, answer, this.#deps.clock());
  }

  #call(call: Omit<VaultCall, 'namespace'>): Promise<VaultAnswer> {
    const { namespace } = this.#deps;
    return this.#deps.http.call({ ...call, ...(namespace ? { namespace } : {}) });
  }

  #refused({ status }: VaultAnswer, mend: string): Error {
    const { address } = this.#deps.http.config;
    if (status === 404) {
      return new VaultRefused(
        `The vault at ${address} has nowhere to log in (404). Check the namespace, and where AppRole is mounted.`,
      );
    }
    if (status === 503) return sealedVault(address);
    if (status === 429 || status >= 500) {
      return new VaultRefused(`The vault at ${address} answers ${status} to a login. See its own log.`);
    }
    return new VaultLoginRefused(
      `The vault at ${address} does not take the credentials (${status}). ${mend}`,
    );
  }
}
