/** The page at which owners take their keys by a link. Anybody can reach it. */
import { Logger } from '@aws-lambda-powertools/logger';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoClaimTries } from '../../adapters/dynamodb/dynamo-claim-tries.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';
import { readEnvironment } from '../environment.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { refusalPause } from '../refusal-pause.ts';
import { connectSealer } from '../sealer.ts';
import { loggedAlarm } from '../security-alarm.ts';
import { answer } from './answers.ts';
import type { ClaimEnv } from './env.ts';
import { FAULT } from './page/refusal-pages.ts';
import type { ClaimEvent } from './request.ts';
import { type RouteDeps, routed } from './routes.ts';

const logger = new Logger({ serviceName: 'keyturn-claim' });
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'NOTIFIES',
] as const satisfies readonly (keyof ClaimEnv)[]);
const documents = documentClient();
const store = new DynamoKeyStore(documents, env.TABLE_NAME, { notifies: env.NOTIFIES === 'true' });
const deps: RouteDeps = {
  store,
  tries: new DynamoClaimTries(documents, env.TABLE_NAME),
  sealer: connectSealer(env.SEAL_KEY_ID, store, logger),
  alarm: loggedAlarm(logger, Date.now),
  clock: Date.now,
};

export async function handler(event: ClaimEvent): Promise<HttpAnswer> {
  const untilRefusable = refusalPause();
  // Never the path: it holds the token.
  const about = { method: event.httpMethod, requestId: event.requestContext.requestId };
  try {
    const { answer: page, metric, refused, ...facts } = await routed(deps, event);
    const counted = metric ? embeddedMetrics({ [metric]: 1 }, Date.now()) : {};
    const line = { ...about, ...facts, ...counted };
    if (refused) {
      logger.warn('A claim link was refused', line);
      await untilRefusable();
    } else if (facts.keyId !== undefined) logger.info('claim', line);
    return page;
  } catch (error) {
    const { name, message } = error as Error;
    const counted = embeddedMetrics({ ClaimFault: 1 }, Date.now());
    logger.error('The request could not be carried out', {
      ...about,
      fault: name,
      cause: message,
      ...counted,
    });
    return answer(500, FAULT);
  }
}
