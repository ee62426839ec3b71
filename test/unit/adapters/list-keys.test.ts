import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { listKeys } from '../../../lambdas/adapters/dynamodb/list-keys.ts';
import type { KeyRecord } from '../../../lambdas/core/domain/key-record.ts';
import type { KeyPage, KeyQuery } from '../../../lambdas/core/ports/key-store.ts';
import { KEY_STATUSES } from '../../../rules/words.ts';
import { sampleKey } from '../../support/sample-records.ts';

const TABLE = 'keys';
const OWNER = 'team@example.com';
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);

beforeEach(() => dynamo.reset());

const key = (id: string, changes: Partial<KeyRecord> = {}): KeyRecord =>
  sampleKey(id.padEnd(12, '0'), changes).record;

const keysOnly = (record: KeyRecord) => ({ pk: `KEY#${record.keyId}`, sk: 'META' });

/** Answers every batch read from these records. */
function tableHolds(...records: readonly KeyRecord[]): void {
  dynamo.on(BatchGetCommand).callsFake((input: BatchGetCommand['input']) => {
    const wanted = input.RequestItems?.[TABLE]?.Keys?.map(({ pk }) => pk) ?? [];
    // In another order than asked for, as the service may.
    const items = records.filter(({ keyId }) => wanted.includes(`KEY#${keyId}`)).map(newKeyItem);
    return { Responses: { [TABLE]: items.reverse() } };
  });
}

const queries = () => dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
const list = async (query: Partial<KeyQuery>): Promise<KeyPage> => {
  const page = await listKeys(documents, TABLE, { limit: 10, statuses: KEY_STATUSES, ...query });
  if (page === 'bad-token') throw new Error('bad-token');
  return page;
};

describe('listing by owner', () => {
  it('queries the index for ids, and reads the keys themselves consistently', async () => {
    const [first, second] = [key('one'), key('two')];
    dynamo.on(QueryCommand).resolves({ Items: [keysOnly(first), keysOnly(second)] });
    tableHolds(first, second);

    expect(await list({ owner: OWNER })).toEqual({ records: [first, second], nextToken: null });
    expect(queries()).toEqual([
      {
        TableName: TABLE,
        IndexName: 'byOwner',
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'ownerPk' },
        ExpressionAttributeValues: { ':pk': `OWNER#${OWNER}` },
        Limit: 10,
      },
    ]);
    expect(dynamo.commandCalls(BatchGetCommand)[0]?.args[0].input).toEqual({
      RequestItems: { [TABLE]: { Keys: [keysOnly(first), keysOnly(second)], ConsistentRead: true } },
    });
  });

  it('goes on after the last key of a page', async () => {
    const [first, second] = [key('one'), key('two')];
    const after = { ...keysOnly(first), ownerPk: `OWNER#${OWNER}`, ownerSk: '2026#one' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [keysOnly(first)], LastEvaluatedKey: after })
      .resolvesOnce({ Items: [keysOnly(second)] });
    tableHolds(first, second);

    const page = await list({ owner: OWNER, limit: 1 });
    const rest = await list({ owner: OWNER, limit: 1, nextToken: page.nextToken as string });

    expect([page.records, rest.records]).toEqual([[first], [second]]);
    expect(rest.nextToken).toBeNull();
    expect(queries()[1]).toMatchObject({ ExclusiveStartKey: after });
  });

  it('leaves out what the key itself says is not wanted: the index may lag', async () => {
    const [enabled, revoked] = [key('one'), key('two', { status: 'revoked' })];
    dynamo.on(QueryCommand).resolves({ Items: [keysOnly(enabled), keysOnly(revoked)] });
    tableHolds(enabled, revoked);

    expect((await list({ owner: OWNER, statuses: ['enabled', 'disabled'] })).records).toEqual([enabled]);
    expect((await list({ owner: OWNER, statuses: ['revoked'] })).records).toEqual([revoked]);
    expect((await list({ owner: OWNER })).records).toHaveLength(2);
  });

  it('leaves out an id whose key is gone', async () => {
    const [there, gone] = [key('one'), key('two')];
    dynamo.on(QueryCommand).resolves({ Items: [keysOnly(gone), keysOnly(there)] });
    tableHolds(there);

    expect((await list({ owner: OWNER })).records).toEqual([there]);
  });

  it('asks again for keys that the service did not get to', async () => {
    const [first, second] = [key('one'), key('two')];
    dynamo.on(QueryCommand).resolves({ Items: [keysOnly(first), keysOnly(second)] });
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { [TABLE]: [newKeyItem(second)] },
        UnprocessedKeys: { [TABLE]: { Keys: [keysOnly(first)] } },
      })
      .resolvesOnce({ Responses: { [TABLE]: [newKeyItem(first)] } });

    expect((await list({ owner: OWNER })).records).toEqual([first, second]);
    expect(dynamo.commandCalls(BatchGetCommand)[1]?.args[0].input).toEqual({
      RequestItems: { [TABLE]: { Keys: [keysOnly(first)], ConsistentRead: true } },
    });
  });
});

describe('listing all', () => {
  const partitions = () => queries().map((input) => input.ExpressionAttributeValues?.[':pk']);
  const shardsOf = (group: string) => Array.from({ length: 8 }, (_, shard) => `${group}#${shard}`);

  it.each<[Partial<KeyQuery>, readonly string[]]>([
    [{}, [...shardsOf('DUE'), ...shardsOf('OFF'), ...shardsOf('REVOKED')]],
    [{ statuses: ['enabled', 'disabled'] }, [...shardsOf('DUE'), ...shardsOf('OFF')]],
    [{ statuses: ['enabled'] }, shardsOf('DUE')],
    [{ statuses: ['disabled'] }, shardsOf('OFF')],
    [{ statuses: ['revoked'] }, shardsOf('REVOKED')],
  ])('%j walks over the shards of the index, never over the table', async (query, walked) => {
    dynamo.on(QueryCommand).resolves({ Items: [] });

    expect(await list(query)).toEqual({ records: [], nextToken: null });
    expect(partitions()).toEqual(walked);
    expect(queries().every(({ IndexName }) => IndexName === 'byDueDate')).toBe(true);
  });

  it('stops when the page is full and goes on with the next shard', async () => {
    const [first, second] = [key('one'), key('two')];
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [keysOnly(first)] })
      .resolvesOnce({ Items: [keysOnly(second)] })
      .resolves({ Items: [] });
    tableHolds(first, second);

    const page = await list({ statuses: ['enabled'], limit: 1 });
    expect(page.records).toEqual([first]);
    expect(partitions()).toEqual(['DUE#0']);
    const rest = await list({ statuses: ['enabled'], nextToken: page.nextToken as string });

    expect(rest.records).toEqual([second]);
    expect(partitions().slice(1)).toEqual(shardsOf('DUE').slice(1));
    expect(queries()[1]).not.toHaveProperty('ExclusiveStartKey');
  });

  it('asks each shard for what is still missing only', async () => {
    const [first, second] = [key('one'), key('two')];
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [keysOnly(first)] })
      .resolves({ Items: [keysOnly(second)] });
    tableHolds(first, second);

    await list({ limit: 2 });

    expect(queries().map(({ Limit }) => Limit)).toEqual([2, 1]);
  });
});

describe('a token that is not of this listing', () => {
  const token = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

  it.each([
    ['nothing', ''],
    ['no JSON', 'nonsense'],
    ['null', token(null)],
    ['no partition', token({})],
    ['a negative partition', token({ partition: -1 })],
    ['half a partition', token({ partition: 0.5 })],
    ['a partition beyond the last', token({ partition: 8 })],
    ['a place without a key', token({ partition: 0, after: { sk: 'x' } })],
    ['a place that is no object', token({ partition: 0, after: 7 })],
    ['a sort key that is no text', token({ partition: 0, after: { sk: 7, keyId: 'x' } })],
  ])('with %s is refused without a read', async (_what, nextToken) => {
    expect(await listKeys(documents, TABLE, { statuses: ['enabled'], limit: 5, nextToken })).toBe(
      'bad-token',
    );
    expect(dynamo.calls()).toHaveLength(0);
  });
});
