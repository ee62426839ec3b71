/** Empties API Gateway's caches of authorizer answers, where a deployment has turned them on. */
import { type APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { type ApiGatewayV2Client, ResetAuthorizersCacheCommand } from '@aws-sdk/client-apigatewayv2';
import type { AuthorizerCaches } from '../../core/ports/ambient.ts';

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

  constructor(rest: APIGatewayClient, http: ApiGatewayV2Client, stages: readonly CachedStage[]) {
    this.#rest = rest;
    this.#http = http;
    this.#stages = stages;
  }

  async flush(): Promise<void> {
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
