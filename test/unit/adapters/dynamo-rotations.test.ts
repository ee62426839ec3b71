import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoRotations } from '../../../lambdas/adapters/dynamodb/dynamo-rotations.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleRotation } from '../../support/sample-records.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamo = mockClient(documents);
const rotations = new DynamoRotations(documents, 'keys');
const ROTATION = sampleRotation();

const item = (keyId: string, time: string) => ({
  pk: `KEY#${keyId}`,
  sk: 'META',
  rotationPk: 'ROTATION-RUNNING#0',
  rotationSk: `${time}#${keyId}#r-1`,
  owner: 'a@example.com',
  rotation: ROTATION,
});

beforeEach(() => dynamo.reset());

const queries = () => dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);

describe('list', () => {
  it('asks every shard of the group for no more than a page, oldest first, and merges them', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [item('KeyB', '2026-11-23T14:02:00.000Z')] })
      .resolvesOnce({
        Items: [item('KeyA', '2026-11-23T14:01:00.000Z'), item('KeyC', '2026-11-23T14:03:00.000Z')],
      })
      .resolves({ Items: [] });

    const page = await rotations.list({ groups: ['running'], limit: 2 });

    expect(page).toEqual({
      rotations: ['KeyA', 'KeyB'].map((keyId) => ({ keyId, owner: 'a@example.com', rotation: ROTATION })),
      nextToken: expect.any(String),
    });
    expect(queries()).toHaveLength(8);
    expect(new Set(queries().map((query) => query.ExpressionAttributeValues?.[':shard'])).size).toBe(8);
    expect(queries()[0]).toEqual({
      TableName: 'keys',
      IndexName: 'byRotation',
      KeyConditionExpression: 'rotationPk = :shard AND rotationSk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':shard': 'ROTATION-RUNNING#0', ':first': '0', ':last': '~' },
      ScanIndexForward: true,
      Limit: 4,
    });
  });

  it('goes on behind the last one of the page', async () => {
    const last = item('KeyA', '2026-11-23T14:01:00.000Z');
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [last, item('KeyB', '2026-11-23T14:02:00.000Z')] })
      .resolves({ Items: [] });
    const first = await rotations.list({ groups: ['running'], limit: 1 });
    if (first === 'bad-token') throw new Error('It does not know its own token.');
    dynamo.reset();
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [last] })
      .resolves({ Items: [] });

    const query = { groups: ['running'], limit: 1, nextToken: String(first.nextToken) } as const;
    expect(await rotations.list(query)).toEqual({ rotations: [], nextToken: null });
    expect(queries()[0]?.ExpressionAttributeValues).toMatchObject({ ':first': last.rotationSk });
  });

  it.each(['leak_2026', 'ops.leak@team(2)', 'ärger-1'])(
    'goes on behind a rotation whose execution was started by hand as %s',
    async (rotationId) => {
      const last = item('KeyA', '2026-11-23T14:01:00.000Z');
      const byHand = { ...last, rotationSk: `2026-11-23T14:01:00.000Z#KeyA#${rotationId}` };
      dynamo
        .on(QueryCommand)
        .resolvesOnce({ Items: [byHand, item('KeyB', '2026-11-23T14:02:00.000Z')] })
        .resolves({ Items: [] });
      const first = await rotations.list({ groups: ['running'], limit: 1 });
      if (first === 'bad-token') throw new Error('It does not know its own token.');

      const query = { groups: ['running'], limit: 1, nextToken: String(first.nextToken) } as const;
      expect(await rotations.list(query)).toEqual({ rotations: [], nextToken: null });
    },
  );

  it('asks for what ended since, the last first', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await rotations.list({ groups: ['failed'], endedSinceMs: START_MS, limit: 5 });

    expect(queries()[0]).toMatchObject({
      ScanIndexForward: false,
      ExpressionAttributeValues: {
        ':shard': 'ROTATION-FAILED#0',
        ':first': '2026-11-23T14:00:00.000Z',
        ':last': '~',
      },
    });
  });

  it('asks nothing when the page before ended earlier than what is asked for now', async () => {
    const token = { group: 0, after: '2026-11-23T13:59:59.999Z#KeyA#r-1' };
    const nextToken = Buffer.from(JSON.stringify(token)).toString('base64url');
    const query = { groups: ['failed'], endedSinceMs: START_MS, limit: 5, nextToken } as const;

    expect(await rotations.list(query)).toEqual({ rotations: [], nextToken: null });
    expect(queries()).toEqual([]);
  });
});

describe('endedOf', () => {
  it('reads the key’s own partition, consistently, all pages', async () => {
    const next = { pk: 'KEY#KeyA', sk: 'ROTATION#r-1' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ rotation: ROTATION }], LastEvaluatedKey: next })
      .resolvesOnce({ Items: [{ rotation: ROTATION }] });

    expect(await rotations.endedOf('KeyA')).toEqual([ROTATION, ROTATION]);
    expect(queries()[0]).toEqual({
      TableName: 'keys',
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ended)',
      ExpressionAttributeValues: { ':pk': 'KEY#KeyA', ':ended': 'ROTATION#' },
    });
    expect(queries()[1]).toMatchObject({ ExclusiveStartKey: next });
  });
});

describe('endedSince', () => {
  it('asks every shard of every group that has ended from that time on', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await rotations.endedSince(START_MS);

    const groups = queries().map((query) => String(query.ExpressionAttributeValues?.[':shard']).slice(0, -2));
    expect(new Set(groups)).toEqual(
      new Set(['ROTATION-COMPLETED', 'ROTATION-FAILED', 'ROTATION-ROLLED-BACK']),
    );
    expect(groups).toHaveLength(24);
    expect(queries()[0]?.ExpressionAttributeValues).toMatchObject({ ':first': '2026-11-23T14:00:00.000Z' });
  });
});

describe('running', () => {
  it('reads all pages of all shards of those that run', async () => {
    const next = { pk: 'KEY#KeyA' };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [item('KeyA', '2026-11-23T14:01:00.000Z')], LastEvaluatedKey: next })
      .resolves({ Items: [] });

    expect(await rotations.running()).toEqual([
      { keyId: 'KeyA', owner: 'a@example.com', rotation: ROTATION },
    ]);
    expect(queries()).toHaveLength(9);
  });
});
