/** Tells everybody who is to hear of events, as the table's stream shows them, and has the use of retired keys put on record. */
import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { eventsIn, retiredUsesIn } from '../../adapters/dynamodb/audit-stream.ts';
import { WatchFunction } from '../../adapters/lambda/watch-function.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { tellEvents } from '../../core/use-cases/tell-events.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import type { PublishEnv } from './env.ts';
import { publishLog } from './publish-log.ts';
import { connectTellers } from './tellers.ts';

const env = readEnvironment([
  'TABLE_NAME',
  'EVENT_BUS_NAME',
  'WATCH_FUNCTION',
] as const satisfies readonly (keyof PublishEnv)[]);
const logger = new Logger({ serviceName: 'keyturn-publish' });
const deps = { tellers: connectTellers(env), onFailure: publishLog(logger) };
const watch = new WatchFunction(new LambdaClient({}), env.WATCH_FUNCTION);

/** Events that an operator has told again. */
interface Again {
  readonly again: readonly AuditEvent[];
}

interface Told {
  readonly untold: number;
}

type Records = DynamoDBStreamEvent['Records'];

/**
 * Lambda shows the records again from the first that failed on, and gives up on all of these together. All of a batch
 * are tried each time, so one event that cannot be told takes none of its neighbours with it.
 */
export function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse>;
export function handler(event: Again): Promise<Told>;
export async function handler(event: DynamoDBStreamEvent | Again): Promise<DynamoDBBatchResponse | Told> {
  if ('again' in event) return { untold: (await tellEvents(deps, event.again)).length };
  const { Records } = event;
  const failed = (await Promise.all([untoldOf(Records), unheardOf(Records)])).flat();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns the numbers of the records whose events could not be told */
async function untoldOf(records: Records): Promise<readonly string[]> {
  const streamed = eventsIn(records);
  const events = streamed.map(({ event }) => event);
  const untold = new Set(await tellEvents(deps, events));
  return streamed.flatMap(({ event, sequenceNumber }) => (untold.has(event) ? [sequenceNumber] : []));
}

/** @returns the numbers of the records of uses that could not be handed over */
async function unheardOf(records: Records): Promise<readonly string[]> {
  const uses = retiredUsesIn(records);
  if (uses.length === 0) return [];
  try {
    await watch.retiredUses(uses.map(({ use }) => use));
    return [];
  } catch (error) {
    logger.error('Use of retired keys could not be handed over, and will be again', faultOf(error));
    return uses.map(({ sequenceNumber }) => sequenceNumber);
  }
}
