import { APIGatewayClient, FlushStageAuthorizersCacheCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, ResetAuthorizersCacheCommand } from '@aws-sdk/client-apigatewayv2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CachedStage, GatewayCaches } from '../../../lambdas/adapters/api-gateway/gateway-caches.ts';

const restClient = new APIGatewayClient({ region: 'eu-central-1' });
const httpClient = new ApiGatewayV2Client({ region: 'eu-central-1' });
const rest = mockClient(restClient);
const http = mockClient(httpClient);

const STAGES: readonly CachedStage[] = [
  { kind: 'rest', apiId: 'rest-api', stage: 'prod' },
  { kind: 'http', apiId: 'http-api', stage: '$default' },
];

/** Notes what was sent by the time of each pause. */
function cachesOf(stages: readonly CachedStage[]) {
  const sentBefore: number[] = [];
  const pauses: number[] = [];
  const caches = new GatewayCaches(restClient, httpClient, stages, async (milliseconds) => {
    pauses.push(milliseconds);
    sentBefore.push(rest.calls().length + http.calls().length);
  });
  return { caches, pauses, sentBefore };
}

beforeEach(() => {
  rest.reset();
  http.reset();
});

describe('flush', () => {
  it('empties each stage by the command of its kind of API', async () => {
    rest.on(FlushStageAuthorizersCacheCommand).resolves({});
    http.on(ResetAuthorizersCacheCommand).resolves({});

    await cachesOf(STAGES).caches.flush();

    expect(rest.commandCalls(FlushStageAuthorizersCacheCommand)[0]?.args[0].input).toEqual({
      restApiId: 'rest-api',
      stageName: 'prod',
    });
    expect(http.commandCalls(ResetAuthorizersCacheCommand)[0]?.args[0].input).toEqual({
      ApiId: 'http-api',
      StageName: '$default',
    });
  });

  it('empties twice, with the longest read between: an answer from before the refusal is not kept', async () => {
    const { caches, pauses, sentBefore } = cachesOf(STAGES);

    await caches.flush();

    expect(pauses).toEqual([1_100]);
    expect(sentBefore).toEqual([2]);
    expect(rest.calls().length + http.calls().length).toBe(4);
  });

  it('does nothing and waits for nothing where no stage is cached', async () => {
    const { caches, pauses } = cachesOf([]);

    await caches.flush();

    expect(pauses).toEqual([]);
    expect(rest.calls().length + http.calls().length).toBe(0);
  });

  it('fails when one stage cannot be emptied, so that the step is repeated', async () => {
    http.on(ResetAuthorizersCacheCommand).rejects(new Error('busy'));

    await expect(cachesOf(STAGES).caches.flush()).rejects.toThrow('busy');
  });
});
