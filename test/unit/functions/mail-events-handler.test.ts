/** The function of mail events on the shapes that SQS brings: what is on record, what comes again, and what is logged. */
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeItem } from '../../../lambdas/adapters/dynamodb/notice-item.ts';
import { tagsOf } from '../../../lambdas/adapters/ses/mail-tags.ts';
import type { StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { type CapturedOutput, captureOutput } from '../../support/captured-output.ts';
import { SES } from '../../support/ses-events.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
let output: CapturedOutput;
let handler: typeof import('../../../lambdas/functions/mail-events/handler.ts')['handler'];

const NOTICE: StoredNotice = {
  notice: {
    channel: 'mail',
    partition: 'CHAIN#none',
    noticeId: 'r-1#reminder#team@example.com',
    madeAtMs: 1,
    kind: 'reminder',
    recipient: 'team@example.com',
    facts: { keyName: 'Agent', environment: 'live', delivery: 'operator', atMs: 1 },
  },
  state: { status: 'sent', attempts: 1, sentAtMs: 2, receipt: 'm-1' },
};
const OURS = { tags: tagsOf({ of: 'notice', notice: NOTICE.notice, attempt: 1 }) };

const queued = (...bodies: string[]): SQSEvent =>
  ({ Records: bodies.map((body, at) => ({ messageId: `q-${at}`, body })) }) as unknown as SQSEvent;

beforeAll(async () => {
  vi.stubEnv('TABLE_NAME', 'keys');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  ({ handler } = await import('../../../lambdas/functions/mail-events/handler.ts'));
});
beforeEach(() => {
  dynamo.reset();
  dynamo.on(UpdateCommand).resolves({});
  dynamo.on(GetCommand).resolves({});
  dynamo.on(GetCommand, { Key: { pk: 'CHAIN#none', sk: `NOTICE#${NOTICE.notice.noticeId}` } }).resolves({
    Item: noticeItem(NOTICE),
  });
  output = captureOutput();
});
afterEach(() => output.restore());

it('puts a bounce on record, of its address and its notice, and counts it', async () => {
  expect(await handler(queued(SES.bounce(OURS)))).toEqual({ batchItemFailures: [] });

  const keys = dynamo.commandCalls(UpdateCommand).map(({ args }) => args[0].input.Key?.['pk']);
  expect(keys).toEqual(['MAIL#team@example.com', 'CHAIN#none']);
  expect(output.lines()).toEqual([
    expect.objectContaining({
      level: 'WARN',
      message: 'mail',
      fate: 'bounced',
      MailBounced: 1,
      receipt: 'm-1',
    }),
  ]);
});

it('counts a mail that SES has given up trying for as one that came back', async () => {
  await handler(queued(SES.softBounce(OURS)));
  expect(output.lines()).toEqual([expect.objectContaining({ fate: 'returned', MailBounced: 1 })]);
});

it('counts a complaint as one', async () => {
  await handler(queued(SES.complaint(OURS)));
  expect(output.lines()).toEqual([expect.objectContaining({ fate: 'complained', MailComplained: 1 })]);
});

it('says nothing of what is no news', async () => {
  await handler(queued(SES.send(OURS), SES.reply(OURS), SES.open(OURS), SES.delivery()));
  expect(output.text()).toBe('');
});

describe('what cannot be put on record', () => {
  it('comes again, alone, and is counted', async () => {
    dynamo
      .on(GetCommand)
      .rejectsOnce(Object.assign(new Error('unreachable'), { name: 'TimeoutError' }))
      .resolves({ Item: noticeItem(NOTICE) });

    const answer = await handler(queued(SES.send(OURS), SES.bounce(OURS)));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'q-0' }] });
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', messageId: 'q-0', fault: 'TimeoutError', MailEventFault: 1 }),
      expect.objectContaining({ fate: 'bounced' }),
    ]);
  });

  it.each(['', 'no event', '{}', '[]', '{"Type":"Notification"}'])(
    'is dropped where it is no event: %j',
    async (body) => {
      expect(await handler(queued(body))).toEqual({ batchItemFailures: [] });
      expect(output.lines()).toEqual([
        expect.objectContaining({ level: 'ERROR', fault: 'TypeError', MailEventFault: 1 }),
      ]);
    },
  );
});

it('logs no address, no subject and nothing that a stranger wrote', async () => {
  dynamo.on(UpdateCommand).rejects(new Error('unreachable'));
  await handler(queued(SES.bounce(OURS, 'smtp; 550 SECRET-DIAGNOSIS'), '{"SECRET-BODY"'));
  for (const word of ['team@example.com', 'SECRET', 'Reminder', 'keys@acme.dev']) {
    expect(output.text()).not.toContain(word);
  }
  expect(output.lines()).toHaveLength(2);
});
