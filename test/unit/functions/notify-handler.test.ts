/** The notify function's handler: records of the stream, and the look of each minute. */
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { captureOutput } from '../../support/captured-output.ts';
import { environmentFor, FakeAws, Fault } from '../../support/fake-aws.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const variables = {
  ...environmentFor(aws),
  TABLE_NAME: 'Keys',
  SEAL_KEY_ID: 'arn:aws:kms:us-east-1:123456789012:key/seal',
  NOTIFY: JSON.stringify({ webhooks: {}, securityTopic: '' }),
};
for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
const { handler } = await import('../../../lambdas/functions/notify/handler.ts');

const context = { getRemainingTimeInMillis: () => 58_000 };
const Keys = (sk: string) => ({ pk: { S: 'KEY#Ab3dEf7hIj9L' }, sk: { S: sk } });
const stream = {
  Records: ['NOTICE#one', 'META', 'NOTICE#two'].map((sk, at) => ({
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: `s-${at}`, Keys: Keys(sk) },
  })),
} as DynamoDBStreamEvent;

beforeEach(() => {
  aws.calls.length = 0;
  output.clear();
  aws.operations['GetItem'] = () => ({});
  aws.operations['Query'] = () => ({ Items: [], Count: 2 });
});
afterAll(() => aws.stop());

it('looks at each notice that the stream shows, and at nothing else', async () => {
  expect(await handler(stream, context)).toEqual({ batchItemFailures: [] });
  const read = aws.bodiesOf('GetItem').map((body) => (body as { Key: ReturnType<typeof Keys> }).Key.sk.S);
  expect(read.sort()).toEqual(['NOTICE#one', 'NOTICE#two']);
});

it('has shown again what the table failed with, and nothing else', async () => {
  aws.operations['GetItem'] = ({ Key }) => {
    if ((Key as ReturnType<typeof Keys>).sk.S === 'NOTICE#two')
      return new Fault(400, 'ResourceNotFoundException');
    return {};
  };
  expect(await handler(stream, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 's-2' }] });
  expect(output.text()).toContain('A notice could not be sent');
});

it('begins nothing that it has no time to end', async () => {
  expect(await handler(stream, { getRemainingTimeInMillis: () => 20_000 })).toEqual({
    batchItemFailures: [],
  });
  expect(aws.bodiesOf('GetItem')).toEqual([]);
  expect(output.lines().at(-1)).toMatchObject({ left: 2, failed: 0 });
});

it('counts what is parked each minute, whatever is due', async () => {
  expect(await handler({}, context)).toEqual({ batchItemFailures: [] });
  expect(output.lines().at(-1)).toMatchObject({ NoticesParked: 8, left: 0 });
});
