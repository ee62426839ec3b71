/** Holds an API key for a client: sends it with each call, sees that it is being replaced, and replaces it in time. */
import { apiAddresses } from './addresses.ts';
import { AMBIENT, type Ambient } from './ambient.ts';
import { deprecationIn } from './key-status.ts';
import type { HeldKeys, KeyStore } from './key-store.ts';
import {
  type Fetch,
  type ProposalOutcome,
  proposeSigningKey,
  type RenewalEndpoint,
  type RenewalOutcome,
  requestRenewal,
} from './protocol.ts';
import { sendWithin } from './redirects.ts';
import { PACE, type Pace, Renewer, type Try } from './renewer.ts';
import { isResendable } from './resendable.ts';
import type { SigningKey } from './signing-key.ts';

export interface KeyHolderOptions {
  /** The 12 characters that every version of the key has in its middle. */
  readonly keyId: string;
  /** The deployment's `DeliveryUrl`. */
  readonly renewalUrl: string;
  /** Addresses of the APIs that the key is for. It is sent to these and what lies below them, and nowhere else. */
  readonly apis: readonly string[];
  readonly signingKey: SigningKey;
  /** Where the key is kept. Instances that share a key share a store too. */
  readonly store: KeyStore;
  /** Told what happens in the background. */
  readonly onEvent?: (event: KeyHolderEvent) => void;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** When it is tried, and how often. Default: within ten seconds of the first warning, then ever more rarely. */
  readonly pace?: Partial<Pace>;
  /** Default: the platform's clock, timers and chance. */
  readonly ambient?: Ambient;
}

/** By how much a rotation may be extended beyond its announced end by default, and taken back meanwhile. */
const ROLLBACK_MS = 7 * 86_400_000;

/** Without a key in any of them. */
export type KeyHolderEvent =
  | { readonly type: 'renewed'; readonly version: number }
  /** Another instance had renewed it: it was in the store. */
  | { readonly type: 'found-in-store' }
  /** The new key is refused and the one before it is not: its rotation was taken back. */
  | { readonly type: 'rolled-back' }
  /** A renewal came to nothing. Calls go on with the key there is. */
  | { readonly type: 'trouble'; readonly why: string };

/** No key is there, and none can be had: nothing can be sent. */
export class KeyUnavailable extends Error {
  override readonly name = 'KeyUnavailable';
}

export class KeyHolder {
  /** In the shape of the platform's `fetch`, and so of what the official MCP client's transport takes. */
  readonly fetch: Fetch;
  readonly #options: KeyHolderOptions;
  readonly #ambient: Ambient;
  readonly #base: Fetch;
  readonly #isForApi: (input: string | URL | Request) => boolean;
  readonly #renewer: Renewer;
  #keys: HeldKeys | undefined;
  #loading: Promise<void> | undefined;
  /** Of the key in use, as it was last announced. */
  #announcedEndMs: number | undefined;
  /** The key before, once a call that cannot be sent twice has left it to the next one to try. */
  #triedUnsent: string | undefined;

  constructor(options: KeyHolderOptions) {
    this.#options = options;
    this.#ambient = options.ambient ?? AMBIENT;
    this.#base = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#isForApi = apiAddresses(options.apis);
    const pace = { ...PACE, ...options.pace };
    this.#renewer = new Renewer(() => this.#attempt(), this.#ambient, pace);
    this.fetch = (input, init) => this.#call(input, init);
  }

  /** Asks for a new key now. It changes nothing when none waits. */
  renew(): Promise<Try> {
    return this.#renewer.now();
  }

  /** Proposes this client's public key to be registered. Tell its thumbprint to the operator by another way. */
  async propose(): Promise<ProposalOutcome> {
    return proposeSigningKey(this.#endpoint(), await this.#current());
  }

  /** No more renewals in the background. */
  close(): void {
    this.#renewer.close();
  }

  async #call(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (!this.#isForApi(input)) return this.#base(input, init);
    const used = await this.#current();
    const response = await this.#send(input, init, used);
    if (response.status !== 401) return this.#seen(response, used);
    const other = await this.#otherThan(used);
    // Nothing is lost by asking at once: this call has failed, and so will the next one.
    if (other === undefined) this.#renewer.want(this.#ambient.now());
    if (other === undefined) return response;
    const isPrevious = () => other === this.#keys?.previous && used === this.#keys.current;
    if (!isResendable(input, init)) {
      // Judged by the next call then; once, since the use of a retired key is an alarm.
      if (isPrevious() && other !== this.#triedUnsent) {
        this.#triedUnsent = other;
        this.#fallBack();
      }
      return response;
    }
    await response.body?.cancel().catch(() => undefined);
    const again = await this.#send(input, init, other);
    if (isPrevious()) await this.#judgePrevious(again, other);
    return this.#seen(again, other);
  }

  #send(input: string | URL | Request, init: RequestInit | undefined, key: string): Promise<Response> {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('authorization', `Bearer ${key}`);
    return sendWithin(this.#base, this.#isForApi, input, { ...init, headers });
  }

  /** A warning counts for the key that is in use: answers to the one before it may still be on their way. */
  #seen(response: Response, used: string): Response {
    const deprecation = deprecationIn(response.headers.get('api-key-status'));
    if (deprecation && used === this.#keys?.current) {
      this.#announcedEndMs = deprecation.expiresAtMs;
      this.#renewer.want(deprecation.expiresAtMs);
    }
    return response;
  }

  /** The key to send. Without one in the store this client asks for its first. */
  async #current(): Promise<string> {
    if (!this.#keys) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = undefined;
      });
      await this.#loading;
    }
    if (this.#keys) return this.#keys.current;
    throw new KeyUnavailable(
      `There is no API key in the store, and none could be had for key ${this.#options.keyId}.`,
    );
  }

  async #load(): Promise<void> {
    this.#keys = await this.#options.store.load();
    if (!this.#keys) await this.#renewer.unlessTooEarly();
  }

  /** Which key to try after this one was refused; undefined when there is no other. */
  async #otherThan(refused: string): Promise<string | undefined> {
    if (this.#keys?.current !== refused) return this.#keys?.current;
    await this.#reload();
    const { current, previous, previousUntilMs = 0 } = this.#keys;
    if (current !== refused) return current;
    // Long after its end it can only be retired, and the use of a retired key is an alarm.
    return this.#ambient.now() < previousUntilMs ? previous : undefined;
  }

  /**
   * The key before the refused one was tried: if it is accepted the rotation was taken back, if not it is of no use. One
   * that is accepted with a warning is being replaced still: by the refused one, or by another since.
   */
  async #judgePrevious({ status, headers }: Response, previous: string): Promise<void> {
    const current = this.#keys?.current as string;
    if (deprecationIn(headers.get('api-key-status'))) {
      this.#fallBack();
    } else if (status === 401) {
      await this.#hold({ current }, false);
      this.#renewer.want(this.#ambient.now());
    } else if (status < 500 && status !== 429) {
      await this.#hold({ current: previous }, false);
      this.#tell({ type: 'rolled-back' });
    }
  }

  /** For now: the store keeps the newer key in its place, and a renewal finds it there again. */
  #fallBack(): void {
    const { current, previous = current, ...rest } = this.#keys as HeldKeys;
    this.#keys = { ...rest, current: previous, previous: current };
  }

  /** Never rejects: nobody waits for it. */
  async #attempt(): Promise<Try> {
    try {
      return await this.#renewed(await requestRenewal(this.#endpoint()));
    } catch (error) {
      this.#tell({
        type: 'trouble',
        why: `The renewal failed (${error instanceof Error ? error.name : 'unknown'}).`,
      });
      return 'unavailable';
    }
  }

  async #renewed(outcome: RenewalOutcome): Promise<Try> {
    if (outcome.outcome === 'renewed') return this.#take(outcome);
    if (outcome.outcome === 'nothing-waits' && (await this.#reload())) return 'done';
    const why = outcome.outcome === 'unavailable' ? outcome.why : `The renewal API says ${outcome.outcome}.`;
    this.#tell({ type: 'trouble', why });
    return outcome.outcome;
  }

  /** Kept first, then used: by its first use the key is taken for received, and is never handed out again. */
  async #take({ key, version }: Extract<RenewalOutcome, { outcome: 'renewed' }>): Promise<Try> {
    const before = this.#keys?.current;
    // A client that is handed the key that it has, and comes again, would come with every call.
    if (key === before) return 'nothing-waits';
    const previousUntilMs = (this.#announcedEndMs ?? this.#ambient.now()) + ROLLBACK_MS;
    const former = before === undefined ? {} : { previous: before, previousUntilMs };
    const kept = await this.#hold({ current: key, ...former }, true);
    if (kept) this.#tell({ type: 'renewed', version });
    return kept ? 'done' : 'unavailable';
  }

  /** @param only whether the keys are taken only if they could be kept */
  async #hold(keys: HeldKeys, only: boolean): Promise<boolean> {
    try {
      await this.#options.store.save(keys);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      this.#tell({ type: 'trouble', why: `The store could not keep the key (${name}).` });
      if (only) return false;
    }
    this.#keys = keys;
    return true;
  }

  /** @returns whether the store has another key than is in use */
  async #reload(): Promise<boolean> {
    const stored = await this.#options.store.load().catch(() => undefined);
    if (!stored || stored.current === this.#keys?.current) return false;
    this.#keys = stored;
    this.#tell({ type: 'found-in-store' });
    return true;
  }

  /** A listener that throws must not take a call with it. */
  #tell(event: KeyHolderEvent): void {
    try {
      const told: unknown = this.#options.onEvent?.(event);
      if (told instanceof Promise) told.catch(() => undefined);
    } catch {
      // Its own affair.
    }
  }

  #endpoint(): RenewalEndpoint {
    const { renewalUrl: url, keyId, signingKey } = this.#options;
    return { url, keyId, signingKey, fetch: this.#base };
  }
}

/** @throws TypeError when `apis` names no address */
export const createKeyHolder = (options: KeyHolderOptions): KeyHolder => new KeyHolder(options);
