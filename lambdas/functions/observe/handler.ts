/** Each minute: events and metrics of the rotations that run. */
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoMinuteReader } from '../../adapters/dynamodb/dynamo-minute-reader.ts';
import { DynamoRotations } from '../../adapters/dynamodb/dynamo-rotations.ts';
import { RotationEventBus } from '../../adapters/eventbridge/rotation-event-bus.ts';
import { WatchFunction } from '../../adapters/lambda/watch-function.ts';
import {
  lastCompleteMinuteMs,
  type ObserveDeps,
  type ObserveReport,
  observeRotations,
} from '../../core/use-cases/observe-rotations.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import type { ObserveEnv, ObserveEvent } from './env.ts';
import { logObservation } from './observe-log.ts';

/** For what is under way, the report and its line. */
const RESERVED_MS = 10_000;

const logger = new Logger({ serviceName: 'keyturn-observe' });
const env = readEnvironment([
  'TABLE_NAME',
  'EVENT_BUS_NAME',
  'WATCH_FUNCTION',
  'COUNT_LAG_SECONDS',
] as const satisfies readonly (keyof ObserveEnv)[]);
const documents = documentClient();
const deps: ObserveDeps = {
  rotations: new DynamoRotations(documents, env.TABLE_NAME),
  minutes: new DynamoMinuteReader(documents, env.TABLE_NAME),
  events: new RotationEventBus(new EventBridgeClient({}), env.EVENT_BUS_NAME),
  watch: new WatchFunction(new LambdaClient({}), env.WATCH_FUNCTION),
  clock: Date.now,
  random: Math.random,
  onFailure: (keyId, error) => logger.error('A minute could not be read', { keyId, ...faultOf(error) }),
};

export async function handler(
  event: ObserveEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<ObserveReport> {
  const atMs = Date.parse(event.scheduledAt ?? '') || Date.now();
  const minuteMs = lastCompleteMinuteMs(atMs, Number(env.COUNT_LAG_SECONDS) * 1000);
  const endsAtMs = Date.now() + context.getRemainingTimeInMillis() - RESERVED_MS;
  const report = await observeRotations(deps, minuteMs, endsAtMs);
  logObservation(logger, report, minuteMs, Date.now());
  return report;
}
