/** Sends what the outbox holds: at once as the table's stream shows it, and each minute what is due. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoMailBlocks } from '../../adapters/dynamodb/dynamo-mail-blocks.ts';
import { DynamoOutbox } from '../../adapters/dynamodb/dynamo-outbox.ts';
import { DynamoOwnerSettings } from '../../adapters/dynamodb/dynamo-owner-settings.ts';
import { noticesIn } from '../../adapters/dynamodb/notice-stream.ts';
import type { SendManyDeps } from '../../core/use-cases/send-lane.ts';
import { sendDueNotices, sendShownNotices } from '../../core/use-cases/send-notices.ts';
import { readEnvironment } from '../environment.ts';
import type { NotifyEnv, NotifySettings } from './env.ts';
import { logSending, logUnsent } from './notify-log.ts';
import { connectSenders } from './senders.ts';

/** For what is under way (a receiver of webhooks has 15 seconds and one for its answer), the report and its line. */
const RESERVED_MS = 20_000;

/** The schedule sends nothing of its own. */
type NotifyEvent = Partial<DynamoDBStreamEvent>;

const logger = new Logger({ serviceName: 'keyturn-notify' });
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'NOTIFY',
] as const satisfies readonly (keyof NotifyEnv)[]);
const documents = documentClient();
const settings = JSON.parse(env.NOTIFY) as NotifySettings;
const webhooks = { table: env.TABLE_NAME, sealKeyId: env.SEAL_KEY_ID, settings: settings.webhooks };
const outbox = new DynamoOutbox(documents, env.TABLE_NAME);
const deps: SendManyDeps & { readonly outbox: DynamoOutbox } = {
  outbox,
  senders: connectSenders(settings, {
    blocks: new DynamoMailBlocks(documents, env.TABLE_NAME),
    owners: new DynamoOwnerSettings(documents, env.TABLE_NAME),
    webhooks: [documents, webhooks, logger],
  }),
  clock: Date.now,
  random: Math.random,
  sleep,
  // As long as this environment lives: another finds out for itself.
  restUntilMs: new Map(),
  onFailure: (ref, error) => logUnsent(logger, ref, error),
};

export async function handler(
  { Records }: NotifyEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<DynamoDBBatchResponse> {
  const endsAtMs = Date.now() + context.getRemainingTimeInMillis() - RESERVED_MS;
  if (Records) return sendStreamed(Records, endsAtMs);
  const report = await sendDueNotices(deps, endsAtMs);
  logSending(logger, report, Date.now(), await outbox.countParked());
  return { batchItemFailures: [] };
}

/** Only what the table failed with is to be shown again: whatever else was not sent is due in the index. */
async function sendStreamed(
  records: DynamoDBStreamEvent['Records'],
  endsAtMs: number,
): Promise<DynamoDBBatchResponse> {
  const streamed = noticesIn(records);
  const refs = streamed.map(({ ref }) => ref);
  const report = await sendShownNotices(deps, refs, endsAtMs);
  logSending(logger, report, Date.now());
  const failed = streamed.filter(({ ref }) => report.failed.includes(ref));
  return { batchItemFailures: failed.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
}
