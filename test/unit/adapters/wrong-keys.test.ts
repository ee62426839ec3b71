import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { retiredUsesIn } from '../../../lambdas/adapters/dynamodb/audit-stream.ts';
import { DynamoWrongKeys } from '../../../lambdas/adapters/dynamodb/dynamo-wrong-keys.ts';
import { retiredUseUpdate, wrongKeyCountOf } from '../../../lambdas/adapters/dynamodb/wrong-key-item.ts';
import { WatchFunction } from '../../../lambdas/adapters/lambda/watch-function.ts';
import { AwsCallError, type CallAws } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { SignedWrongKeyWriter } from '../../../lambdas/adapters/signed-http/signed-wrong-key-writer.ts';
import type { WrongKeyCount } from '../../../lambdas/core/domain/wrong-key.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const WINDOW = `WRONG#${new Date(START_MS).toISOString()}`;
const USE = {
  keyId: 'Ab3dEf7hIj9L',
  version: 1,
  address: '192.0.2.7',
  userAgent: 'agent/1.0',
  atMs: START_MS + 5,
};
const COUNT: WrongKeyCount = {
  source: { kind: 'address', address: '192.0.2.7' },
  requests: 3,
  reasons: { malformed: 1, 'wrong-secret': 2 },
  firstAtMs: START_MS,
  lastAtMs: START_MS + 9,
  callers: [{ address: '192.0.2.7', userAgent: 'agent/1.0', lastUsedAtMs: START_MS + 9 }],
};

function caller(answer: () => Promise<Record<string, unknown>> = async () => ({})) {
  const calls: Readonly<Record<string, unknown>>[] = [];
  const call: CallAws = ({ target, body }) => {
    calls.push({ target, ...body });
    return answer();
  };
  return { calls, writer: new SignedWrongKeyWriter(call, 'keys') };
}

describe('SignedWrongKeyWriter', () => {
  it('adds a count in one update, which needs no item', async () => {
    const { calls, writer } = caller();
    await writer.addWrong(START_MS, COUNT);
    expect(calls).toEqual([
      {
        target: 'DynamoDB_20120810.UpdateItem',
        TableName: 'keys',
        Key: marshall({ pk: WINDOW, sk: 'FROM#192.0.2.7' }),
        UpdateExpression:
          'SET #f = if_not_exists(#f, :f), #l = :l, #t = :t, #c0 = :c0 ADD #q :q, #r0 :r0, #r2 :r2',
        ExpressionAttributeNames: {
          '#q': 'requests',
          '#f': 'firstAtMs',
          '#l': 'lastAtMs',
          '#t': 'ttl',
          '#r0': 'reason_malformed',
          '#r2': 'reason_wrong-secret',
          '#c0': 'caller_0',
        },
        ExpressionAttributeValues: marshall({
          ':q': 3,
          ':f': START_MS,
          ':l': START_MS + 9,
          ':t': START_MS / 1000 + 2 * 86_400,
          ':r0': 1,
          ':r2': 2,
          ':c0': COUNT.callers[0],
        }),
      },
    ]);
  });

  it('makes the item of a retired version’s use where there is none', async () => {
    const { calls, writer } = caller();
    await writer.noteRetiredUse(START_MS, USE);
    expect(calls[0]).toMatchObject({
      Key: marshall({ pk: WINDOW, sk: 'RETIRED#Ab3dEf7hIj9L#1' }),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
  });

  it('takes it for noted where another environment was first, and for failed otherwise', async () => {
    const failing = (code: string) =>
      caller(() => Promise.reject(new AwsCallError(code, 400, 'UpdateItem'))).writer;
    await failing('ConditionalCheckFailedException').noteRetiredUse(START_MS, USE);
    await expect(failing('AccessDeniedException').noteRetiredUse(START_MS, USE)).rejects.toThrow(
      'AccessDenied',
    );
  });
});

describe('what of a window is told already', () => {
  const counter = (sk: string) => ({ sk, requests: 1, firstAtMs: START_MS, lastAtMs: START_MS });
  const untoldOf = async (...Items: Record<string, unknown>[]) => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    mockClient(client).on(QueryCommand).resolves({ Items });
    const counts = await new DynamoWrongKeys(client, 'keys').untold(START_MS);
    return counts.map(({ source }) => source);
  };
  const KEY = counter('KEY#Ab3dEf7hIj9L');
  const ADDRESS = counter('FROM#192.0.2.7');

  it('is left out by its source', async () => {
    expect(await untoldOf(KEY, ADDRESS, { sk: 'TOLD#KEY#Ab3dEf7hIj9L' })).toEqual([
      { kind: 'address', address: '192.0.2.7' },
    ]);
  });

  it('is with the others whatever had no event of its own, but for keys', async () => {
    const told = { sk: 'TOLD#OTHERS' };
    expect(await untoldOf(ADDRESS, KEY, counter('OTHERS'), told)).toEqual([
      { kind: 'key', keyId: 'Ab3dEf7hIj9L' },
    ]);
  });
});

describe('wrongKeyCountOf', () => {
  it('has the first and the last time, also where a count that waited longer was written last', () => {
    const item = {
      sk: 'FROM#192.0.2.7',
      requests: 3,
      reason_malformed: 3,
      firstAtMs: START_MS + 50,
      lastAtMs: START_MS - 70,
      caller_0: { address: '192.0.2.7', userAgent: 'a', lastUsedAtMs: START_MS + 60 },
      caller_1: { address: '192.0.2.7', userAgent: 'b', lastUsedAtMs: START_MS - 70 },
    };
    expect(wrongKeyCountOf(item)).toMatchObject({ firstAtMs: START_MS - 70, lastAtMs: START_MS + 60 });
  });
});

describe('retiredUsesIn', () => {
  it('reads what was noted, from the stream', () => {
    const {
      Key,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    } = retiredUseUpdate(START_MS, USE);
    const item = Object.fromEntries(
      Object.entries(names).map(([place, name]) => [name, values[place.replace('#', ':')]]),
    );
    const record = {
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: '7', NewImage: marshall({ ...Key, ...item }) },
    };
    expect(retiredUsesIn([record])).toEqual([{ sequenceNumber: '7', use: { ...USE, windowMs: START_MS } }]);
    expect(retiredUsesIn([{ ...record, eventName: 'MODIFY' }])).toEqual([]);
  });
});

describe('DynamoWrongKeys.tell', () => {
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  const dynamo = mockClient(DynamoDBDocumentClient);
  const ledger = new DynamoWrongKeys(DynamoDBDocumentClient.from(client), 'keys');
  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      $metadata: {},
      message: 'Cancelled',
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
  const EVENT = sampleEvent('security.wrong-keys', {}, { chain: 'wrong-keys' });
  const tell = () => ledger.tell(START_MS, COUNT.source, EVENT);
  beforeEach(() => dynamo.reset());

  it('writes the event and that its source is told, each where nothing is yet', async () => {
    dynamo.on(TransactWriteCommand).resolves({});
    expect(await tell()).toBe('told');
    const [{ args } = { args: [] }] = dynamo.commandCalls(TransactWriteCommand);
    const puts = (args[0]?.input.TransactItems ?? []).map(({ Put }) => Put);
    expect(puts.map((put) => put?.ConditionExpression)).toEqual(Array(2).fill('attribute_not_exists(pk)'));
    expect(puts[0]?.Item).toMatchObject({ pk: 'CHAIN#wrong-keys', sk: 'AUDIT#0000000001', event: EVENT });
    expect(puts[1]?.Item).toMatchObject({ pk: WINDOW, sk: 'TOLD#FROM#192.0.2.7' });
  });

  it.each([
    ['stale', ['ConditionalCheckFailed', 'None']],
    ['known', ['None', 'ConditionalCheckFailed']],
    ['known', ['ConditionalCheckFailed', 'ConditionalCheckFailed']],
    ['stale', ['TransactionConflict', 'None']],
    ['stale', ['None', 'TransactionConflict']],
  ])('says %s for %j', async (outcome, codes) => {
    dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));
    expect(await tell()).toBe(outcome);
  });

  it('throws what is no answer to that', async () => {
    dynamo.on(TransactWriteCommand).rejects(cancelled('ValidationError', 'None'));
    await expect(tell()).rejects.toThrow('Cancelled');
    dynamo.on(TransactWriteCommand).rejects(new Error('AccessDeniedException'));
    await expect(tell()).rejects.toThrow('AccessDeniedException');
  });
});

describe('WatchFunction', () => {
  const client = new LambdaClient({ region: 'eu-central-1' });
  const lambda = mockClient(client);
  const watch = new WatchFunction(client, 'Watch');
  beforeEach(() => lambda.reset());

  it('hands over, and does not wait', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    await watch.retiredUses([{ ...USE, windowMs: START_MS }]);
    await watch.stuckRotations([{ keyId: 'k', rotationId: 'r-1' }]);
    const inputs = lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ FunctionName, InvocationType }) => [FunctionName, InvocationType])).toEqual([
      ['Watch', 'Event'],
      ['Watch', 'Event'],
    ]);
    expect(inputs.map(({ Payload }) => JSON.parse(Buffer.from(Payload as Uint8Array).toString()))).toEqual([
      { retired: [{ ...USE, windowMs: START_MS }] },
      { stuck: [{ keyId: 'k', rotationId: 'r-1' }] },
    ]);
  });

  it('rejects where it could not be handed over', async () => {
    lambda.on(InvokeCommand).rejects(new Error('TooManyRequestsException'));
    await expect(watch.stuckRotations([])).rejects.toThrow('TooManyRequestsException');
  });
});
