/** The KV engine, version 2: versions of a secret, written by check-and-set, deleted softly or for good. */
import { metadataFrom, type SecretMetadata } from './secret-metadata.ts';
import { dataOf, errorsOf, type VaultApi } from './vault-api.ts';
import { VaultRefused } from './vault-errors.ts';
import type { VaultAnswer } from './vault-exchange.ts';

export type SecretData = Readonly<Record<string, unknown>>;

export type KvVersion =
  | { readonly state: 'present'; readonly version: number; readonly data: SecretData }
  /** Deleted ones can be undeleted; of destroyed ones nothing is left but the number. */
  | { readonly state: 'deleted' | 'destroyed'; readonly version: number }
  | { readonly state: 'absent'; readonly version: 0 };

export type WriteOutcome =
  | { readonly outcome: 'written'; readonly version: number }
  /** Somebody wrote in between: nothing was written. */
  | { readonly outcome: 'conflict' };

export class KvV2 {
  readonly #api: VaultApi;
  readonly #mount: string;
  readonly #clock: () => number;

  constructor(api: VaultApi, mount: string, clock: () => number) {
    this.#api = api;
    this.#mount = mount;
    this.#clock = clock;
  }

  /** @param version default: the newest */
  async read(path: string, version?: number): Promise<KvVersion> {
    const query = version === undefined ? '' : `?version=${version}`;
    const answer = await this.#api.call(
      { method: 'GET', path: `${this.#path('data', path)}${query}` },
      [404],
    );
    const { data, metadata } = dataOf(answer) as { data?: unknown; metadata?: Record<string, unknown> };
    if (!metadata) return this.#absent(answer);
    const number = Number(metadata['version']);
    if (typeof data === 'object' && data !== null) {
      return { state: 'present', version: number, data: data as SecretData };
    }
    return { state: metadata['destroyed'] === true ? 'destroyed' : 'deleted', version: number };
  }

  /** @param cas the version that it follows, deleted ones included; 0 for the first */
  async write(path: string, data: SecretData, cas: number): Promise<WriteOutcome> {
    const body = { options: { cas }, data };
    const call = { method: 'POST', path: this.#path('data', path), body } as const;
    const answer = await this.#api.call(call, [400, 404]);
    if (answer.status === 404) this.#absent(answer);
    if (answer.status === 200) return { outcome: 'written', version: Number(dataOf(answer)['version']) };
    if (errorsOf(answer).some((error) => error.includes('check-and-set'))) return { outcome: 'conflict' };
    throw new VaultRefused(
      `The vault at ${this.#api.address} does not take a write to '${path}' of '${this.#mount}' (${answer.status}).`,
    );
  }

  async metadata(path: string): Promise<SecretMetadata | undefined> {
    const answer = await this.#api.call({ method: 'GET', path: this.#path('metadata', path) }, [404]);
    return answer.status === 404 ? void this.#absent(answer) : metadataFrom(dataOf(answer), this.#clock());
  }

  /** Makes the secret's own settings, of a new one too. */
  async configure(
    path: string,
    { maxVersions, casRequired, custom }: Pick<SecretMetadata, 'maxVersions' | 'casRequired' | 'custom'>,
  ): Promise<void> {
    const body = { max_versions: maxVersions, cas_required: casRequired, custom_metadata: custom };
    await this.#api.call({ method: 'POST', path: this.#path('metadata', path), body });
  }

  /** Merged into what is there, so that of two writers neither takes the other's entries; null takes one away. */
  async annotate(path: string, custom: Readonly<Record<string, string | null>>): Promise<void> {
    const body = { custom_metadata: custom };
    await this.#api.call({ method: 'PATCH', path: this.#path('metadata', path), body });
  }

  async delete(path: string, versions: readonly number[]): Promise<void> {
    await this.#api.call({ method: 'POST', path: this.#path('delete', path), body: { versions } });
  }

  async undelete(path: string, versions: readonly number[]): Promise<void> {
    await this.#api.call({ method: 'POST', path: this.#path('undelete', path), body: { versions } });
  }

  async destroy(path: string, versions: readonly number[]): Promise<void> {
    await this.#api.call({ method: 'POST', path: this.#path('destroy', path), body: { versions } });
  }

  /** Names below a path; those of folders end in a slash. */
  async list(path: string): Promise<readonly string[]> {
    const call = { method: 'GET', path: `${this.#path('metadata', path)}?list=true` } as const;
    const answer = await this.#api.call(call, [404]);
    if (answer.status === 404) this.#absent(answer);
    return (dataOf(answer)['keys'] as readonly string[] | undefined) ?? [];
  }

  /** All versions and what is known of them. */
  async forget(path: string): Promise<void> {
    await this.#api.call({ method: 'DELETE', path: this.#path('metadata', path) });
  }

  #path(kind: string, path: string): string {
    const parts = path.split('/').filter((part) => part !== '');
    return [...this.#mount.split('/'), kind, ...parts].map(encodeURIComponent).join('/');
  }

  /** A 404 without a word is a secret that is not there; with one, what should hold it is not. */
  #absent(answer: VaultAnswer): { readonly state: 'absent'; readonly version: 0 } {
    if (errorsOf(answer).length === 0) return { state: 'absent', version: 0 };
    throw new VaultRefused(
      `The vault at ${this.#api.address} has no KV engine at '${this.#mount}' in this namespace. Check mount and namespace.`,
    );
  }
}
