/** What Amazon SES tells of the mail that was sent, from the queue that its topic fills. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { DynamoMailBlocks } from '../../adapters/dynamodb/dynamo-mail-blocks.ts';
import { DynamoOutbox } from '../../adapters/dynamodb/dynamo-outbox.ts';
import { parseMailEvent } from '../../adapters/ses/parse-mail-event.ts';
import type { MailEvent } from '../../core/domain/mail-event.ts';
import { type SettleDeps, settleMail } from '../../core/use-cases/settle-mail.ts';
import { readEnvironment } from '../environment.ts';
import { logRotationMetrics } from '../rotation-metrics.ts';
import type { MailEventsEnv } from './env.ts';
import { logFault, logSettled } from './mail-log.ts';

const logger = new Logger({ serviceName: 'keyturn-mail-events' });
const env = readEnvironment(['TABLE_NAME'] as const satisfies readonly (keyof MailEventsEnv)[]);
const documents = documentClient();
const deps: SettleDeps = {
  store: new DynamoKeyStore(documents, env.TABLE_NAME, {
    notifies: true,
    onSaved: (change) => logRotationMetrics(logger, change, Date.now()),
  }),
  outbox: new DynamoOutbox(documents, env.TABLE_NAME),
  blocks: new DynamoMailBlocks(documents, env.TABLE_NAME),
  clock: Date.now,
};

/** Those that could not be put on record come again, until they are too old to be kept. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of Records) {
    if (!(await settle(record))) failed.push(record.messageId);
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns false for what is to come again */
async function settle({ body, messageId }: SQSRecord): Promise<boolean> {
  const event = parsed(body, messageId);
  if (!event) return true;
  try {
    const settled = await settleMail(deps, event);
    if (settled === 'settled') logSettled(logger, event, Date.now());
    return true;
  } catch (error) {
    logFault(logger, messageId, error, Date.now());
    return false;
  }
}

/** What is no event will be none the next time either. */
function parsed(body: string, messageId: string): MailEvent | undefined {
  try {
    return parseMailEvent(body);
  } catch (error) {
    // Without the message of the error: it may quote the text.
    logFault(
      logger,
      messageId,
      new TypeError(`What came is no event of SES (${(error as Error).name}).`),
      Date.now(),
    );
    return undefined;
  }
}
