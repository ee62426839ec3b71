/** One mail: its notice in a transaction that is there anyway, its way out, and what SES tells of it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoOutbox } from '../../../../lambdas/adapters/dynamodb/dynamo-outbox.ts';
import { noticeItem } from '../../../../lambdas/adapters/dynamodb/notice-item.ts';
import { tagsOf } from '../../../../lambdas/adapters/ses/mail-tags.ts';
import { type MailNotice, waitingNotice } from '../../../../lambdas/core/domain/notice.ts';
import { MINUTE_MS } from '../../../../rules/time-units.ts';
import { SES } from '../../../../test/support/ses-events.ts';
import { credentials, REGION } from '../../store/lambda-environment.ts';
import type { LocalStore } from '../../store/local-store.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { add, type Counts, NO_COUNTS } from '../counts.ts';
import { Client } from './client.ts';

/** SES tells of each mail that it was sent and that it has arrived. */
const TOLD = 2;
/** Sent, received and deleted. */
const REQUESTS_OF_MESSAGE = 3;

export async function mailing(deployment: CountedDeployment): Promise<Counts> {
  const { time } = deployment;
  const client = await Client.issue(deployment);
  const notice = reminder(client.keyId, time.nowMs);
  const config = { endpoint: deployment.endpoint, region: REGION, credentials };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const { counts: sent } = await deployment.count(() =>
    documents.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: deployment.store.table, Item: noticeItem(waitingNotice(notice)) } },
        ],
      }),
    ),
  );
  const receipt = await receiptOf(deployment.store, notice);
  const mail = {
    tags: tagsOf({ of: 'notice', notice, attempt: 1 }),
    messageId: receipt,
    recipient: notice.recipient,
    sentAt: new Date(time.nowMs).toISOString(),
  };
  time.moveTo(time.nowMs + MINUTE_MS);
  const { counts: told } = await deployment.count(async () => {
    for (const body of [SES.send(mail), SES.delivery(mail)]) {
      await deployment.invoke('mail-events', { Records: [{ messageId: 'm', body }] });
    }
  });
  await client.retire();
  return add(add(sent, told), {
    ...NO_COUNTS,
    requests: { 'SNS Publish': TOLD, 'SQS messages': TOLD * REQUESTS_OF_MESSAGE },
  });
}

/** @throws when it was not sent: then the counts are of something else */
async function receiptOf(store: LocalStore, { partition, noticeId }: MailNotice): Promise<string> {
  const { endpoint, table } = store;
  const documents = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: REGION, credentials }),
  );
  const found = await new DynamoOutbox(documents, table).find({ partition, noticeId });
  const { status, receipt } = found?.state ?? {};
  if (status !== 'sent' || receipt === undefined)
    throw new Error(`The mail is ${status}: ${found?.state.why}`);
  return receipt;
}

const reminder = (keyId: string, atMs: number): MailNotice => ({
  noticeId: 'r-1#reminder-1#team@example.com',
  partition: `KEY#${keyId}`,
  madeAtMs: atMs,
  keyId,
  owner: 'team@example.com',
  rotationId: 'r-1',
  channel: 'mail',
  kind: 'reminder',
  recipient: 'team@example.com',
  facts: {
    keyName: 'Search agent',
    environment: 'live',
    delivery: 'operator',
    atMs,
    version: 2,
    oldVersion: 1,
    oldEndsAtMs: atMs + 24 * 60 * MINUTE_MS,
    oldRequests: 1_440,
    newRequests: 0,
  },
});
