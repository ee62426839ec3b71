/** Tells everybody who is to hear of events, as the table's stream shows them. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { eventsIn } from '../../adapters/dynamodb/audit-stream.ts';
import { tellEvents } from '../../core/use-cases/tell-events.ts';
import { readEnvironment } from '../environment.ts';
import type { PublishEnv } from './env.ts';
import { publishLog } from './publish-log.ts';
import { connectTellers } from './tellers.ts';

const env = readEnvironment([
  'EVENT_BUS_NAME',
  'TABLE_NAME',
] as const satisfies readonly (keyof PublishEnv)[]);
const logger = new Logger({ serviceName: 'keyturn-publish' });
const deps = { tellers: connectTellers(env), onFailure: publishLog(logger) };

/**
 * Lambda shows the records again from the first that failed on, and gives up on all of these together. All of a batch
 * are tried each time, so one event that cannot be told takes none of its neighbours with it.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const streamed = eventsIn(Records);
  const untold = new Set(
    await tellEvents(
      deps,
      streamed.map(({ event }) => event),
    ),
  );
  const failed = streamed.filter(({ event }) => untold.has(event));
  return { batchItemFailures: failed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
}
