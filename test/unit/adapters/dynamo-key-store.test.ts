import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { START_MS } from '../../support/manual-clock.ts';
import {
  sampleChange,
  sampleKey,
  sampleRotation,
  sampleSealed,
  sampleVersion,
} from '../../support/sample-records.ts';

const TABLE = 'keys';
const ID = 'Ab3dEf7hIj9L';
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const store = new DynamoKeyStore(documents, TABLE);

beforeEach(() => dynamo.reset());

/** The writes of the one transaction that was sent. */
function written() {
  const calls = dynamo.commandCalls(TransactWriteCommand);
  expect(calls).toHaveLength(1);
  return calls[0]?.args[0].input.TransactItems ?? [];
}

const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('find', () => {
  it('is one consistent read of the item that decides', async () => {
    const { record } = sampleKey(ID);
    dynamo.on(GetCommand).resolves({ Item: newKeyItem(record) });

    expect(await store.find(ID)).toEqual(record);
    expect(dynamo.commandCalls(GetCommand).map(({ args }) => args[0].input)).toEqual([
      { TableName: TABLE, Key: { pk: `KEY#${ID}`, sk: 'META' }, ConsistentRead: true },
    ]);
  });
});

describe('findSealed', () => {
  it('takes what lies there for the seal of that key and version, so that one moved from elsewhere does not open', async () => {
    const moved = sampleSealed('Mo0vedFrom00', 1);
    dynamo.on(GetCommand).resolves({ Item: { sealed: moved } });

    expect(await store.findSealed(ID, 2)).toEqual({ ...moved, keyId: ID, version: 2 });
  });
});

describe('destroySealed', () => {
  it('deletes the very seal, and is content when it is gone or another one is there', async () => {
    const sealed = sampleSealed(ID, 2);
    dynamo.on(DeleteCommand).resolves({});
    await store.destroySealed(sealed);
    expect(dynamo.commandCalls(DeleteCommand)[0]?.args[0].input).toEqual({
      TableName: TABLE,
      Key: { pk: `KEY#${ID}`, sk: 'SEALED#2' },
      ConditionExpression: 'sealed.ciphertext = :seen',
      ExpressionAttributeValues: { ':seen': sealed.ciphertext },
    });
    dynamo.on(DeleteCommand).rejects(new ConditionalCheckFailedException({ message: 'no', $metadata: {} }));
    await expect(store.destroySealed(sealed)).resolves.toBeUndefined();
    const trouble = new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} });
    dynamo.on(DeleteCommand).rejects(trouble);
    await expect(store.destroySealed(sealed)).rejects.toBe(trouble);
  });
});

describe('findRotation and findSealed', () => {
  it('are consistent reads of their own items', async () => {
    dynamo.on(GetCommand).resolves({});

    await store.findRotation(ID, 'r-1');
    await store.findSealed(ID, 3);

    expect(dynamo.commandCalls(GetCommand).map(({ args }) => args[0].input)).toEqual([
      { TableName: TABLE, Key: { pk: `KEY#${ID}`, sk: 'ROTATION#r-1' }, ConsistentRead: true },
      { TableName: TABLE, Key: { pk: `KEY#${ID}`, sk: 'SEALED#3' }, ConsistentRead: true },
    ]);
  });
});

describe('insert', () => {
  it('writes the key and its first event in one transaction, neither over another', async () => {
    const { record, event } = sampleKey(ID);
    dynamo.on(TransactWriteCommand).resolves({});

    expect(await store.insert(record, event)).toBe('inserted');
    expect(written()).toEqual([
      {
        Put: {
          TableName: TABLE,
          ConditionExpression: 'attribute_not_exists(pk)',
          Item: {
            pk: `KEY#${ID}`,
            sk: 'META',
            ...record,
            ownerPk: 'OWNER#team@example.com',
            ownerSk: `2026-11-23T14:00:00.000Z#${ID}`,
            duePk: expect.stringMatching(/^DUE#[0-7]$/),
            dueSk: `2027-02-21T14:00:00.000Z#${ID}`,
          },
        },
      },
      {
        Put: {
          TableName: TABLE,
          ConditionExpression: 'attribute_not_exists(pk)',
          Item: {
            pk: `KEY#${ID}`,
            sk: 'AUDIT#0000000001',
            auditDayPk: expect.stringMatching(/^AUDIT#2026-11-23#[0-3]$/),
            auditOwnerPk: `AUDIT-OWNER#${record.owner}`,
            auditActorPk: `AUDIT-ACTOR#${event.actor.principal}`,
            auditKindPk: 'AUDIT-KIND#key.issued',
            auditTimeSk: `2026-11-23T14:00:00.000Z#key/${ID}#0000000001`,
            event,
          },
        },
      },
    ]);
  });

  it('says that the id is taken', async () => {
    const { record, event } = sampleKey(ID);
    dynamo.on(TransactWriteCommand).rejects(cancelled('ConditionalCheckFailed', 'None'));

    expect(await store.insert(record, event)).toBe('exists');
  });
});

describe('save', () => {
  const { record: before } = sampleKey(ID, { revision: 4 });

  it('writes on the revision that was read, with the event in the same transaction', async () => {
    const change = sampleChange(before, { status: 'disabled' });
    dynamo.on(TransactWriteCommand).resolves({});

    expect(await store.save(change)).toBe('saved');

    const [update, event, ...more] = written();
    expect(more).toEqual([]);
    expect(update?.Update).toEqual({
      TableName: TABLE,
      Key: { pk: `KEY#${ID}`, sk: 'META' },
      ConditionExpression: 'revision = :seen',
      UpdateExpression:
        'SET #status = :status, #delivery = :delivery, #dueAtMs = :dueAtMs, #versions = :versions, #audit = :audit, #revision = :revision, #duePk = :duePk, #dueSk = :dueSk REMOVE #rotation, #rotationPk, #rotationSk, #exemption',
      ExpressionAttributeNames: {
        '#status': 'status',
        '#delivery': 'delivery',
        '#dueAtMs': 'dueAtMs',
        '#versions': 'versions',
        '#audit': 'audit',
        '#revision': 'revision',
        '#duePk': 'duePk',
        '#dueSk': 'dueSk',
        '#rotation': 'rotation',
        '#rotationPk': 'rotationPk',
        '#rotationSk': 'rotationSk',
        '#exemption': 'exemption',
      },
      ExpressionAttributeValues: {
        ':status': 'disabled',
        ':delivery': 'operator',
        ':dueAtMs': before.dueAtMs,
        ':versions': before.versions,
        ':audit': change.after.audit,
        ':revision': 5,
        ':duePk': expect.stringMatching(/^OFF#[0-7]$/),
        ':dueSk': `2027-02-21T14:00:00.000Z#${ID}`,
        ':seen': 4,
      },
    });
    expect(event?.Put).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { sk: 'AUDIT#0000000002', event: change.event },
    });
  });

  it('never writes first uses: they are the authorizer’s, and it may be writing one right now', async () => {
    dynamo.on(TransactWriteCommand).resolves({});

    await store.save(sampleChange(before, { firstUsesMs: { '1': START_MS } }));

    expect(JSON.stringify(written()[0])).not.toContain('firstUsesMs');
  });

  it('keeps a running rotation in the key alone, where the index finds it by its start', async () => {
    const rotation = sampleRotation();
    dynamo.on(TransactWriteCommand).resolves({});

    await store.save(sampleChange(before, { rotation }));

    const [update, , ...more] = written();
    expect(update?.Update?.UpdateExpression).toMatch(/^SET .+, #rotation = :rotation, .+ REMOVE #exemption$/);
    expect(update?.Update?.ExpressionAttributeValues).toMatchObject({
      ':rotation': rotation,
      ':rotationPk': expect.stringMatching(/^ROTATION-RUNNING#[0-7]$/),
      ':rotationSk': `2026-11-23T14:00:00.000Z#${ID}#r-1`,
    });
    expect(more).toEqual([]);
  });

  it('takes a rotation that has ended out of the key and keeps it on record', async () => {
    const rotation = sampleRotation({ status: 'rolled-back', endedAtMs: START_MS + 1 });
    dynamo.on(TransactWriteCommand).resolves({});

    await store.save(sampleChange(before, { rotation }));

    const [update, , onRecord] = written();
    expect(update?.Update?.UpdateExpression).toMatch(
      / REMOVE #rotation, #rotationPk, #rotationSk, #exemption$/,
    );
    expect(update?.Update?.ExpressionAttributeValues).not.toHaveProperty(':rotation');
    expect(onRecord).toEqual({
      Put: {
        TableName: TABLE,
        Item: {
          pk: `KEY#${ID}`,
          sk: 'ROTATION#r-1',
          owner: before.owner,
          rotation,
          rotationPk: expect.stringMatching(/^ROTATION-ROLLED-BACK#[0-7]$/),
          rotationSk: `2026-11-23T14:00:00.001Z#${ID}#r-1`,
        },
      },
    });
  });

  it('puts a sealed key in the same transaction, never over another, with its time to live', async () => {
    const sealed = sampleSealed(ID, 2, { expiresAtMs: START_MS + 1 });
    dynamo.on(TransactWriteCommand).resolves({});

    await store.save(sampleChange(before, { versions: [sampleVersion(1)] }, { put: sealed }));

    expect(written().at(-1)).toEqual({
      Put: {
        TableName: TABLE,
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: { pk: `KEY#${ID}`, sk: 'SEALED#2', sealed, ttl: START_MS / 1000 + 1 },
      },
    });
  });

  it('destroys a sealed key in the same transaction, only while it is there: of two claims one holds', async () => {
    dynamo.on(TransactWriteCommand).resolves({});

    await store.save(sampleChange(before, {}, { destroy: [sampleSealed(ID, 2)] }));

    expect(written().at(-1)).toEqual({
      Delete: {
        TableName: TABLE,
        Key: { pk: `KEY#${ID}`, sk: 'SEALED#2' },
        ConditionExpression: 'attribute_exists(pk)',
      },
    });
  });

  it.each([
    ['the revision is another', ['ConditionalCheckFailed', 'None']],
    ['the event is there', ['None', 'ConditionalCheckFailed']],
    ['the sealed key is gone', ['None', 'None', 'ConditionalCheckFailed']],
    ['another transaction has the item', ['TransactionConflict', 'None']],
  ])('is stale when %s', async (_why, codes) => {
    dynamo.on(TransactWriteCommand).rejects(cancelled(...codes));

    expect(await store.save(sampleChange(before, {}))).toBe('stale');
  });

  it.each([
    ['throttling', cancelled('ThrottlingError', 'None')],
    ['capacity', cancelled('None', 'ProvisionedThroughputExceeded')],
    ['a bad value', cancelled('ValidationError')],
    ['no reasons', new TransactionCanceledException({ message: 'cancelled', $metadata: {} })],
    ['another error', new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} })],
  ])('throws on %s: nobody may take it for a lost race', async (_what, error) => {
    dynamo.on(TransactWriteCommand).rejects(error);

    await expect(store.save(sampleChange(before, {}))).rejects.toBe(error);
  });
});

describe('auditEvents', () => {
  it('reads all pages, consistently, in the order of the sort key', async () => {
    const { event } = sampleKey(ID);
    const last = { pk: `KEY#${ID}`, sk: 'AUDIT#0000000001' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ event }], LastEvaluatedKey: last })
      .resolvesOnce({ Items: [{ event: { ...event, sequence: 2 } }] });

    expect((await store.auditEvents(ID)).map(({ sequence }) => sequence)).toEqual([1, 2]);
    const inputs = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs[0]).toEqual({
      TableName: TABLE,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :audit)',
      ExpressionAttributeValues: { ':pk': `KEY#${ID}`, ':audit': 'AUDIT#' },
    });
    expect(inputs[1]).toEqual({ ...inputs[0], ExclusiveStartKey: last });
  });
});
