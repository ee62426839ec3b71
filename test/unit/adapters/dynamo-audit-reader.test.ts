/** Which partitions are asked, and how a page stays within bounds; that it finds the right ones is the contract's. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoAuditReader } from '../../../lambdas/adapters/dynamodb/dynamo-audit-reader.ts';
import { auditItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { AuditQuery } from '../../../lambdas/core/ports/audit-reader.ts';
import { START_MS } from '../../support/manual-clock.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const sent = mockClient(client);
const reader = new DynamoAuditReader(client, 'Keys');

beforeEach(() => {
  sent.reset();
  sent.on(QueryCommand).resolves({});
});

const event = (sequence: number, note = '') =>
  chainEvent(
    { chain: 'pepper' },
    { ...CHAIN_START, sequence: sequence - 1 },
    {
      action: 'pepper.added',
      actor: { principal: 'keyturn:pepper', via: 'vitest' },
      atMs: START_MS + sequence,
      detail: { note },
    },
  );

async function ask(query: Partial<AuditQuery>) {
  const page = await reader.events({ order: 'oldest', limit: 10, ...query });
  if (page === 'bad-token') throw new Error('bad token');
  return page;
}

const asked = (): QueryCommandInput[] => sent.commandCalls(QueryCommand).map(({ args }) => args[0].input);
const OPS = 'arn:aws:iam::1:user/ops';

describe('the partition that has the fewest others', () => {
  it.each<[Partial<AuditQuery>, string | undefined, string]>([
    [{ chain: 'key/abc', owner: 'a@example.com', kind: 'key.issued' }, undefined, 'KEY#abc'],
    [{ chain: 'pepper' }, undefined, 'PEPPER'],
    [{ chain: 'policy/standard' }, undefined, 'CHAIN#policy/standard'],
    [{ owner: 'a@example.com', kind: 'key.issued', actor: OPS }, 'auditByOwner', 'AUDIT-OWNER#a@example.com'],
    [{ actor: OPS, kind: 'key.issued' }, 'auditByActor', `AUDIT-ACTOR#${OPS}`],
    [{ actor: 'keyturn:rotation' }, 'auditByActor', 'AUDIT-ACTOR#keyturn:rotation'],
    [{ actor: 'keyturn:rotation', kind: 'key.issued' }, 'auditByKind', 'AUDIT-KIND#key.issued'],
  ])('of %j is in %s', async (query, index, partition) => {
    await ask(query);

    expect(asked()).toHaveLength(1);
    const [input] = asked();
    expect(input?.IndexName).toBe(index);
    expect(input?.ConsistentRead).toBe(index === undefined ? true : undefined);
    expect(input?.ExpressionAttributeValues?.[':pk']).toBe(partition);
  });

  it('is bounded by the period, of sort keys that begin with a time', async () => {
    await ask({ owner: 'a@example.com', fromMs: START_MS, toMs: START_MS + 1, order: 'latest', limit: 200 });

    expect(asked()).toEqual([
      {
        TableName: 'Keys',
        IndexName: 'auditByOwner',
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': 'auditOwnerPk', '#sk': 'auditTimeSk' },
        ExpressionAttributeValues: {
          ':pk': 'AUDIT-OWNER#a@example.com',
          ':from': '2026-11-23T14:00:00.000Z',
          ':to': '2026-11-23T14:00:00.001Z',
        },
        ScanIndexForward: false,
        Limit: 202,
      },
    ]);
  });

  it('of all events are the shards of a day, once the kinds have said which day has any', async () => {
    const item = auditItem(event(1));
    sent
      .on(QueryCommand, { IndexName: 'auditByKind' })
      .callsFake(({ ExpressionAttributeValues: values }) => ({
        Items:
          values[':pk'] === 'AUDIT-KIND#pepper.added' && values[':from'] < String(item['auditTimeSk'])
            ? [item]
            : [],
      }));
    sent
      .on(QueryCommand, { IndexName: 'auditByTime' })
      .callsFake(({ ExpressionAttributeValues: values }) => ({
        Items: values[':pk'] === item['auditDayPk'] ? [item] : [],
      }));

    expect(await ask({})).toEqual({ events: [event(1)], nextToken: null });
    const days = asked().filter(({ IndexName }) => IndexName === 'auditByTime');
    expect(days.map((input) => input.ExpressionAttributeValues?.[':pk'])).toEqual(
      ['2026-11-23', '2026-11-24'].flatMap((day) => [0, 1, 2, 3].map((shard) => `AUDIT#${day}#${shard}`)),
    );
  });
});

describe('a page', () => {
  function serve(count: number, note = ''): void {
    const items = Array.from({ length: count }, (_, index) => auditItem(event(index + 1, note)));
    sent.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, Limit }) => {
      const start = items.findIndex(({ sk }) => String(sk) >= values[':from']);
      const Items = start < 0 ? [] : items.slice(start, start + Limit);
      return { Items, ...(Items.at(-1) === items.at(-1) ? {} : { LastEvaluatedKey: { any: 1 } }) };
    });
  }

  it('holds no more than a function may answer with, and the next one goes on there', async () => {
    serve(30, 'x'.repeat(300_000));

    const first = await ask({ chain: 'pepper', limit: 100 });
    expect(first.events).toHaveLength(13);
    const second = await ask({ chain: 'pepper', limit: 100, nextToken: String(first.nextToken) });
    expect(second.events.map(({ sequence }) => sequence)[0]).toBe(14);
  });

  it('ends after some reads, with what was found and where to go on, though nothing was asked for', async () => {
    serve(5_000);

    const page = await ask({ chain: 'pepper', kind: 'key.issued' });
    expect(page).toEqual({ events: [], nextToken: expect.any(String) });
    expect(asked()).toHaveLength(40);
  });

  it('with one event that is larger than that holds it alone', async () => {
    serve(2, 'x'.repeat(5_000_000));

    const page = await ask({ chain: 'pepper' });
    expect(page.events).toHaveLength(1);
    expect((await ask({ chain: 'pepper', nextToken: String(page.nextToken) })).events).toHaveLength(1);
  });
});

it('an item that lies where its event does not belong is on no record, and ends no page', async () => {
  const strays = [
    { ...auditItem(event(2)), sk: 'AUDIT#X' },
    { ...auditItem(event(3)), pk: 'CHAIN#elsewhere' },
    { ...auditItem(event(4)), event: undefined },
  ];
  sent
    .on(QueryCommand)
    .resolvesOnce({ Items: strays, LastEvaluatedKey: { any: 1 } })
    .resolves({ Items: [auditItem(event(5))] });

  expect((await ask({ kind: 'pepper.added' })).events).toEqual([event(5)]);
});

describe('what no check of the chains reads is shown by no question', () => {
  const shownOf = async (item: Record<string, unknown>) => {
    sent.on(QueryCommand).resolves({ Items: [item] });
    return (await ask({ kind: 'pepper.added' })).events;
  };

  it.each([
    ['before its first place', 0],
    ['far before it', -7],
    ['behind all places', 99_999_999_999],
    ['between two of them', 1.5],
  ])('an event that says it stands %s', async (_where, sequence) => {
    expect(await shownOf(auditItem(event(sequence)))).toEqual([]);
  });

  it('an event whose place is written as a word', async () => {
    expect(await shownOf(auditItem({ ...event(1), sequence: '00000000015' as never }))).toEqual([]);
  });

  it.each(['auditDayPk', 'auditTimeSk'])('an event that is not in the index by time, by %s', async (name) => {
    const item = auditItem(event(1));
    expect(await shownOf(item)).toEqual([event(1)]);
    expect(await shownOf({ ...item, [name]: undefined })).toEqual([]);
    expect(await shownOf({ ...item, [name]: 'AUDIT#2031-01-01#0' })).toEqual([]);
  });
});

describe('items that somebody has put where an event is', () => {
  /** As the index has them: of one place in any order. */
  const serve = (items: readonly Record<string, unknown>[]) =>
    sent.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values, Limit, ScanIndexForward }) => {
      const within = items.filter(
        ({ auditTimeSk }) => String(auditTimeSk) >= values[':from'] && String(auditTimeSk) <= values[':to'],
      );
      const all = ScanIndexForward ? within : within.toReversed();
      const Items = all.slice(0, Limit);
      return { Items, ...(Items.length < all.length ? { LastEvaluatedKey: { at: 1 } } : {}) };
    });
  const junk = (sequence: number, number: number) => ({
    ...auditItem(event(sequence)),
    pk: 'X',
    sk: `${number}`,
  });
  const readAll = async (order: AuditQuery['order'], limit: number) => {
    const read: number[] = [];
    let nextToken: string | null = null;
    do {
      const token: Partial<AuditQuery> = nextToken === null ? {} : { nextToken };
      const page = await ask({ kind: 'pepper.added', order, limit, ...token });
      read.push(...page.events.map(({ sequence }) => sequence));
      nextToken = page.nextToken;
    } while (nextToken !== null && read.length < 1000);
    return read;
  };
  const SEQUENCES = Array.from({ length: 250 }, (_, index) => index + 1);

  it.each(['oldest', 'latest'] as const)('take it from no page, %s first', async (order) => {
    serve(
      SEQUENCES.flatMap((sequence) => {
        const strays = [junk(sequence, 1), junk(sequence, 2)];
        return sequence % 2
          ? [...strays, auditItem(event(sequence))]
          : [auditItem(event(sequence)), ...strays];
      }),
    );
    const expected = order === 'oldest' ? SEQUENCES : SEQUENCES.toReversed();
    for (const limit of [1, 7, 100, 200]) expect(await readAll(order, limit)).toEqual(expected);
  });

  it('and are too many to find it among them end the question, rather than to leave it out', async () => {
    serve([
      ...Array.from({ length: 500 }, (_, number) => junk(1, number)),
      auditItem(event(1)),
      auditItem(event(2)),
    ]);
    await expect(readAll('oldest', 10)).rejects.toThrow('more than one place can have');
  });
});

it('a token that names no day is nobody’s', async () => {
  const { nextToken } = await ask({ limit: 1 });
  expect(nextToken).toBeNull();
  sent
    .on(QueryCommand)
    .resolves({ Items: [auditItem(event(1)), auditItem(event(2))], LastEvaluatedKey: { a: 1 } });
  const token = String((await ask({ limit: 1 })).nextToken);
  const place = JSON.parse(Buffer.from(token, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...place, after: '9999-99-99T' })).toString('base64url');
  expect(await reader.events({ order: 'oldest', limit: 1, nextToken: forged })).toBe('bad-token');
});

it('a token of another question is nobody’s either', async () => {
  sent
    .on(QueryCommand)
    .resolves({ Items: [1, 2, 3].map((each) => auditItem(event(each))), LastEvaluatedKey: { a: 1 } });
  const asked = { order: 'oldest', limit: 1, kind: 'pepper.added' } as const;
  const { nextToken } = await ask(asked);
  expect(typeof nextToken).toBe('string');
  const token = String(nextToken);
  for (const other of [{ kind: 'pepper.dropped' }, { order: 'latest' }, { actor: OPS }] as const)
    expect(await reader.events({ ...asked, ...other, nextToken: token })).toBe('bad-token');
  expect(await reader.events({ ...asked, limit: 2, nextToken: token })).not.toBe('bad-token');
});
