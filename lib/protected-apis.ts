/** The APIs that are protected so far, and how long what their authorizers remember may be out of date. */
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CachedStage } from '../lambdas/functions/deployment.ts';
import { READ_ATTEMPT_MS } from '../rules/read-timing.ts';
import { InvalidConfiguration } from './invalid-configuration.ts';
import type { Protection } from './protection.ts';

/** A stage as far as the API has one of its own. */
export type StageToCache = Omit<CachedStage, 'stage'> & { readonly stage: string | undefined };

/** Emptying API Gateway's caches, where there are any, takes up to this long. */
const CACHE_FLUSH_MS = 5_000;

export class ProtectedApis {
  /** One of each API. */
  readonly authorizers: IFunction[] = [];
  readonly cachedStages: CachedStage[] = [];
  readonly #scope: Construct;
  readonly #memorySeconds: number;
  readonly #flushSeconds: number;
  readonly #cacheSeconds: number[] = [];
  #address: string | undefined;

  /** @param scope whose stack the keys are in */
  constructor(scope: Construct, timing: { readonly memorySeconds: number; readonly flushSeconds: number }) {
    this.#scope = scope;
    this.#memorySeconds = timing.memorySeconds;
    this.#flushSeconds = timing.flushSeconds;
  }

  /** Of the first API of this stack: one of another stack refers to this one already. */
  get address(): string | undefined {
    return this.#address;
  }

  noteAddress(api: Construct, address: string | undefined): void {
    if (Stack.of(api) === Stack.of(this.#scope)) this.#address ??= address;
  }

  /**
   * Where API Gateway keeps answers, refusals must be able to empty its cache.
   *
   * @returns the stage whose cache that is, where there is one
   */
  noteCache(
    api: Construct,
    { cacheSeconds }: Protection,
    { kind, apiId, stage }: StageToCache,
  ): CachedStage | undefined {
    if (cacheSeconds === 0) return undefined;
    if (stage === undefined) {
      throw new InvalidConfiguration(
        `cacheTtl is set for the API '${api.node.path}', which has no stage whose cache refusals could empty.`,
        'Let the API deploy its own stage, or leave cacheTtl out.',
      );
    }
    if (Stack.of(api) !== Stack.of(this.#scope)) {
      throw new InvalidConfiguration(
        `cacheTtl is set for the API '${api.node.path}', which is in another stack than its keys.`,
        'Put both into one stack, so that refusals can empty the cache, or leave cacheTtl out.',
      );
    }
    const cached: CachedStage = { kind, apiId, stage };
    this.cachedStages.push(cached);
    this.#cacheSeconds.push(cacheSeconds);
    return cached;
  }

  /** A refusal holds at the latest this many milliseconds after it is committed. */
  get revocationBoundMs(): number {
    const flushMs = this.cachedStages.length > 0 ? CACHE_FLUSH_MS : 0;
    return Math.max(this.#memorySeconds * 1000, flushMs) + READ_ATTEMPT_MS;
  }

  /**
   * How long a use may take to be on record as a deprecating version's: an authorizer may still take the version for
   * active while it remembers it, API Gateway may answer without asking, and counts wait for their flush.
   */
  get evidenceLagSeconds(): number {
    const unseen = Math.max(this.#memorySeconds, ...this.#cacheSeconds);
    return unseen + this.#flushSeconds + READ_ATTEMPT_MS / 1000;
  }

  complaints(): string[] {
    if (this.authorizers.length > 0) return [];
    return [
      'No API is protected, so no new key could be verified. Call protectRestApi(api) or protectHttpApi(api).',
    ];
  }
}
