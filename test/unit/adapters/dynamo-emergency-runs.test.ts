/** Emergencies of many keys: the exact commands, and the conditions under which they hold. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoEmergencyRuns } from '../../../lambdas/adapters/dynamodb/dynamo-emergency-runs.ts';
import { auditItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import type { RunKey } from '../../../lambdas/core/domain/emergency-run.ts';
import { sampleRecorded, sampleRun } from '../../support/runs-contract.ts';

const TABLE = 'keys';
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const runs = new DynamoEmergencyRuns(documents, TABLE);

const RECORDED = sampleRecorded(sampleRun({ runId: 'run-1' }));
const { run: RUN, event: EVENT } = RECORDED;
const KEY: RunKey = { keyId: 'Emergent0001', outcome: 'planned', attempt: 1, revision: 1 };
const KEY_ITEM = { pk: 'RUN#run-1', sk: 'KEY#Emergent0001', ...KEY };
const throttled = new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
const failed = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

beforeEach(() => dynamo.reset());

const puts = () => dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input);

describe('insert', () => {
  it('writes the run, its place in the list of runs and its event in one transaction, neither over another', async () => {
    dynamo.on(TransactWriteCommand).resolves({});

    expect(await runs.insert(RECORDED)).toBe('inserted');
    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems).toEqual(
      [
        { pk: 'RUN#run-1', sk: 'META', run: RUN, revision: 1 },
        { pk: 'RUNS', sk: '2026-11-23T14:00:00.000Z#run-1', runId: 'run-1' },
        auditItem(EVENT),
      ].map((Item) => ({
        Put: { TableName: TABLE, Item, ConditionExpression: 'attribute_not_exists(pk)' },
      })),
    );
  });

  it('answers that there is one, and throws on anything else', async () => {
    dynamo.on(TransactWriteCommand).rejectsOnce(cancelled('ConditionalCheckFailed', 'None'));
    expect(await runs.insert(RECORDED)).toBe('exists');
    for (const error of [cancelled('TransactionConflict', 'None'), throttled]) {
      dynamo.on(TransactWriteCommand).rejects(error);
      await expect(runs.insert(RECORDED)).rejects.toBe(error);
    }
  });
});

describe('find', () => {
  it('is one consistent read', async () => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'RUN#run-1', sk: 'META', run: RUN, revision: 1 } });

    expect(await runs.find('run-1')).toEqual(RUN);
    expect(dynamo.commandCalls(GetCommand)[0]?.args[0].input).toEqual({
      TableName: TABLE,
      Key: { pk: 'RUN#run-1', sk: 'META' },
      ConsistentRead: true,
    });
  });
});

describe('save and saveKey', () => {
  it('hold on the revision before', async () => {
    dynamo.on(PutCommand).resolves({});
    dynamo.on(TransactWriteCommand).resolves({});
    const resumed = sampleRecorded({ ...RUN, revision: 7 });
    await runs.save(resumed);
    await runs.saveKey('run-1', { ...KEY, revision: 3 });

    const condition = { TableName: TABLE, ConditionExpression: 'revision = :seen' };
    const [call] = dynamo.commandCalls(TransactWriteCommand);
    expect(call?.args[0].input.TransactItems?.map(({ Put }) => Put)).toEqual([
      {
        ...condition,
        Item: { pk: 'RUN#run-1', sk: 'META', run: resumed.run, revision: 7 },
        ExpressionAttributeValues: { ':seen': 6 },
      },
      {
        TableName: TABLE,
        Item: { ...auditItem(resumed.event), pk: 'CHAIN#emergency/run-1', sk: 'AUDIT#0000000002' },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    ]);
    expect(puts()).toEqual([
      { ...condition, Item: { ...KEY_ITEM, revision: 3 }, ExpressionAttributeValues: { ':seen': 2 } },
    ]);
  });

  it('put a key on record only if the run does not know it', async () => {
    dynamo.on(PutCommand).resolves({});
    await runs.saveKey('run-1', KEY);

    expect(puts()).toEqual([
      { TableName: TABLE, Item: KEY_ITEM, ConditionExpression: 'attribute_not_exists(pk)' },
    ]);
  });

  it('answer stale where the condition fails, and throw on anything else', async () => {
    dynamo.on(PutCommand).rejectsOnce(failed).rejectsOnce(throttled);
    for (const reason of ['ConditionalCheckFailed', 'TransactionConflict']) {
      dynamo.on(TransactWriteCommand).rejects(cancelled(reason, 'None'));
      expect(await runs.save(RECORDED)).toBe('stale');
    }
    for (const error of [cancelled('ThrottlingError', 'None'), throttled]) {
      dynamo.on(TransactWriteCommand).rejects(error);
      await expect(runs.save(RECORDED)).rejects.toBe(error);
    }

    expect(await runs.saveKey('run-1', KEY)).toBe('stale');
    await expect(runs.saveKey('run-1', KEY)).rejects.toBe(throttled);
  });

  it('leave nothing behind that would expire', async () => {
    dynamo.on(PutCommand).resolves({});
    dynamo.on(TransactWriteCommand).resolves({});
    await runs.save(RECORDED);
    await runs.saveKey('run-1', KEY);

    const written = dynamo.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems ?? [];
    for (const { Item } of [...puts(), ...written.map(({ Put }) => ({ Item: Put?.Item }))])
      expect(Item).not.toHaveProperty('ttl');
  });
});

describe('findKeys', () => {
  it('reads the items of the keys consistently, and again those that were not answered', async () => {
    const keyOf = (keyId: string) => ({ pk: 'RUN#run-1', sk: `KEY#${keyId}` });
    const other = { ...KEY, keyId: 'Emergent0002' };
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { [TABLE]: [KEY_ITEM] },
        UnprocessedKeys: { [TABLE]: { Keys: [keyOf(other.keyId)] } },
      })
      .resolvesOnce({ Responses: { [TABLE]: [{ ...keyOf(other.keyId), ...other }] } });

    const found = await runs.findKeys('run-1', [KEY.keyId, other.keyId]);
    expect([...found]).toEqual([
      [KEY.keyId, KEY],
      [other.keyId, other],
    ]);
    expect(dynamo.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems)).toEqual([
      { [TABLE]: { Keys: [keyOf(KEY.keyId), keyOf(other.keyId)], ConsistentRead: true } },
      { [TABLE]: { Keys: [keyOf(other.keyId)], ConsistentRead: true } },
    ]);
  });
});

describe('keys', () => {
  const query = {
    TableName: TABLE,
    KeyConditionExpression: 'pk = :run AND begins_with(sk, :keys)',
    ExpressionAttributeValues: { ':run': 'RUN#run-1', ':keys': 'KEY#' },
    ConsistentRead: true,
  };

  it('goes on after the key that its token names', async () => {
    const last = { pk: KEY_ITEM.pk, sk: KEY_ITEM.sk };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [KEY_ITEM], LastEvaluatedKey: last })
      .resolvesOnce({ Items: [] });

    expect(await runs.keys('run-1')).toEqual({ keys: [KEY], nextToken: KEY.keyId });
    expect(await runs.keys('run-1', KEY.keyId)).toEqual({ keys: [], nextToken: null });
    expect(dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input)).toEqual([
      query,
      { ...query, ExclusiveStartKey: last },
    ]);
  });
});

describe('latest', () => {
  it('reads the end of the list of runs, and each run itself', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [{ runId: 'run-1' }, { runId: 'gone' }] });
    dynamo.on(GetCommand, { Key: { pk: 'RUN#run-1', sk: 'META' } }).resolves({ Item: { run: RUN } });
    dynamo.on(GetCommand, { Key: { pk: 'RUN#gone', sk: 'META' } }).resolves({});

    expect(await runs.latest(20)).toEqual([RUN]);
    expect(dynamo.commandCalls(QueryCommand)[0]?.args[0].input).toMatchObject({
      ExpressionAttributeValues: { ':runs': 'RUNS' },
      ScanIndexForward: false,
      Limit: 20,
    });
  });
});
