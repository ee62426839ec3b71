import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoChainReader } from '../../../lambdas/adapters/dynamodb/dynamo-chain-reader.ts';
import {
  AUDIT_INDEX_ATTRIBUTES,
  AUDIT_SHARDS,
  auditItem,
  chainOfPartition,
  partitionOfChain,
} from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { followEvent } from '../../../lambdas/core/domain/audit-proof/follow-event.ts';
import { START_MS } from '../../support/manual-clock.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const reader = new DynamoChainReader(
  DynamoDBDocumentClient.from(new DynamoDBClient({})),
  'table',
  () => START_MS,
);
beforeEach(() => dynamo.reset());

const all = async <T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const found: T[] = [];
  for await (const page of pages) found.push(...page);
  return found;
};
const queries = () => dynamo.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);

it.each(['key/Ab3dEf7hIj9L', 'pepper', 'audit', 'webhook/w1', 'policy/standard'])(
  'the chain %s is found again from where it lies',
  (chain) => expect(chainOfPartition(partitionOfChain(chain))).toBe(chain),
);

describe('events of a chain', () => {
  it('are read consistently behind a place, page by page, as they lie', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [{ event: { sequence: 3 } }, {}], LastEvaluatedKey: { pk: 'x' } })
      .resolves({ Items: [{ event: 'text' }] });
    expect(await all(reader.events('key/A', { after: 2 }))).toEqual([{ sequence: 3 }, undefined, 'text']);
    expect(queries()).toHaveLength(2);
    expect(queries()[0]).toMatchObject({
      ConsistentRead: true,
      ProjectionExpression: 'event, sk, auditDayPk, auditOwnerPk, auditActorPk, auditKindPk, auditTimeSk',
      ExpressionAttributeValues: {
        ':pk': 'KEY#A',
        ':first': 'AUDIT#0000000003',
        ':last': 'AUDIT#~',
      },
    });
  });

  it('are read up to a place, and not at all where that is behind', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [] });
    await all(reader.events('pepper', { after: 0, upTo: 4 }));
    expect(queries()[0]?.ExpressionAttributeValues).toMatchObject({
      ':pk': 'PEPPER',
      ':first': 'AUDIT#',
      ':last': 'AUDIT#0000000004',
    });
    expect(await all(reader.events('pepper', { after: 4, upTo: 4 }))).toEqual([]);
    expect(queries()).toHaveLength(1);
  });
});

describe('chains that have changed', () => {
  it('are looked for in every part of every day from then on, as the index has them', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [{ pk: 'KEY#A' }] });
    const chains = await all(reader.chainsSince(START_MS - 20 * 3_600_000));
    expect(new Set(chains)).toEqual(new Set(['key/A']));
    expect(queries()).toHaveLength(2 * AUDIT_SHARDS);
    expect(queries()[0]).toMatchObject({
      IndexName: 'auditByTime',
      ProjectionExpression: 'pk',
      ExpressionAttributeValues: { ':day': 'AUDIT#2026-11-22#0', ':from': '2026-11-22T18:00:00.000Z' },
    });
  });

  it('are, without any digest, all that the index has', async () => {
    dynamo
      .on(ScanCommand)
      .resolvesOnce({ Items: [{ pk: 'KEY#A' }], LastEvaluatedKey: { pk: 'KEY#A' } })
      .resolves({ Items: [{ pk: 'CHAIN#webhook/w1' }] });
    expect(await all(reader.allChains())).toEqual(['key/A', 'webhook/w1']);
  });
});

describe('ends by the keys’ own records', () => {
  it('are read consistently, a hundred at a time, what was left over again, and of keys alone', async () => {
    const head = { sequence: 2, hash: 'a'.repeat(64) };
    const left = { table: { Keys: [{ pk: 'KEY#1', sk: 'META' }] } };
    dynamo
      .on(BatchGetCommand)
      .resolvesOnce({ Responses: { table: [{ pk: 'KEY#0', audit: head }] }, UnprocessedKeys: left })
      .resolvesOnce({ Responses: { table: [{ pk: 'KEY#1', audit: head }] } })
      .resolves({ Responses: { table: [] } });
    const chains = ['pepper', ...Array.from({ length: 101 }, (_, number) => `key/${number}`)];
    expect(await reader.keyHeads(chains)).toEqual([
      { chain: 'key/0', ...head },
      { chain: 'key/1', ...head },
    ]);
    const asked = dynamo
      .commandCalls(BatchGetCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.['table']);
    expect(asked.map((each) => each?.Keys?.length)).toEqual([100, 1, 1]);
    for (const each of asked)
      expect(each).toMatchObject({ ConsistentRead: true, ProjectionExpression: 'pk, audit' });
  });
});

describe('an event that is filed where questions miss it', () => {
  const event = chainEvent({ chain: 'key/A', keyId: 'A', owner: 'a@example.com' }, CHAIN_START, {
    action: 'key.issued',
    actor: { principal: 'ops', via: 'cli' },
    atMs: START_MS,
    detail: {},
  });
  const item = auditItem(event);
  const read = async (changes: Record<string, unknown>) => {
    dynamo.on(QueryCommand).resolves({ Items: [{ ...item, ...changes }] });
    return followEvent('key/A', CHAIN_START, (await all(reader.events('key/A', { after: 0 })))[0]);
  };

  it.each(['sk', ...AUDIT_INDEX_ATTRIBUTES])('by %s, or not at all, is told', async (name) => {
    expect(await read({})).toMatchObject({ outcome: 'follows' });
    for (const changes of [{ [name]: 'AUDIT#00000000015' }, { [name]: undefined }])
      expect(await read(changes)).toMatchObject({
        outcome: 'broken',
        broken: { what: 'misfiled', sequence: 1 },
      });
  });

  it('is told after what else is wrong with it, and what is no event is none', async () => {
    expect(await read({ event: { ...event, reason: 'x' }, auditTimeSk: 'x' })).toMatchObject({
      broken: { what: 'altered' },
    });
    expect(await read({ event: { ...event, atMs: 'x' } })).toMatchObject({ broken: { what: 'unreadable' } });
  });
});
