/** Empties API Gateway's caches of authorizer answers, where a deployment has turned them on. */
import { setTimeout } from 'node:timers/promises';
import { type APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { type ApiGatewayV2Client, ResetAuthorizersCacheCommand } from '@aws-sdk/client-apigatewayv2';
import { READ_ATTEMPT_MS } from '../../../rules/read-timing.ts';
import type { AuthorizerCaches } from '../../core/ports/ambient.ts';

/** A little more than a read may take. */
const LONGEST_READ_MS = READ_ATTEMPT_MS + 100;

/** A stage whose authorizer answers are cached. */
export interface CachedStage {
  readonly kind: 'rest' | 'http';
  readonly apiId: string;
  readonly stage: string;
}

export class GatewayCaches implements AuthorizerCaches {
  readonly #rest: APIGatewayClient;
  readonly #http: ApiGatewayV2Client;
  readonly #stages: readonly CachedStage[];
  readonly #pause: (milliseconds: number) => Promise<void>;

  constructor(
    rest: APIGatewayClient,
    http: ApiGatewayV2Client,
    stages: readonly CachedStage[],
    pause: (milliseconds: number) => Promise<void> = setTimeout,
  ) {
    this.#rest = rest;
    this.#http = http;
    this.#stages = stages;
    this.#pause = pause;
  }

  async flush(): Promise<void> {
    if (this.#stages.length === 0) return;
    await this.#flushAll();
    // A read that began before the refusal may be answered after the first flush, and the answer kept. By now it is.
    await this.#pause(LONGEST_READ_MS);
    await this.#flushAll();
  }

  async #flushAll(): Promise<void> {
    await Promise.all(this.#stages.map((stage) => this.#flushStage(stage)));
  }

  async #flushStage({ kind, apiId, stage }: CachedStage): Promise<void> {
    if (kind === 'rest') {
      await this.#rest.send(new FlushStageAuthorizersCacheCommand({ restApiId: apiId, stageName: stage }));
    } else {
      await this.#http.send(new ResetAuthorizersCacheCommand({ ApiId: apiId, StageName: stage }));
    }
  }
}
