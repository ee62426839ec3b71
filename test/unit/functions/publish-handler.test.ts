/** The publish function's handler: records of the stream in, events on the bus out. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { auditItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { environmentFor, FakeAws, Fault } from '../../support/fake-aws.ts';
import { sampleEvent, sampleEvents } from '../../support/sample-events.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const variables = {
  ...environmentFor(aws),
  TABLE_NAME: 'Keys',
  EVENT_BUS_NAME: 'Keyturn-Bus',
  WATCH_FUNCTION: 'Watch',
};
for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
const { handler } = await import('../../../lambdas/functions/publish/handler.ts');

const EVENTS = sampleEvents(3);
const WEBHOOKS = [
  { webhookId: 'wh_Ab3dEf7hIj9L', events: [], status: 'enabled', createdAtMs: 0 },
  { webhookId: 'wh_Zb3dEf7hIj9L', events: [], status: 'disabled', createdAtMs: 0 },
];
const ISSUED = [sampleEvent('key.issued')];
const streamOf = (...items: Record<string, unknown>[]): DynamoDBStreamEvent =>
  ({
    Records: items.map((item, index) => ({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: `s-${index}`, NewImage: marshall(item) },
    })),
  }) as DynamoDBStreamEvent;
const stream = (events = EVENTS) => streamOf(...events.map(auditItem));
const detailsPut = () =>
  (aws.bodiesOf('PutEvents') as { Entries: { Detail: string }[] }[]).flatMap(({ Entries }) =>
    Entries.map(({ Detail }) => JSON.parse(Detail) as { metadata: { uid: string; event_code: string } }),
  );

beforeEach(() => {
  aws.calls.length = 0;
  output.clear();
  aws.operations['Query'] = () => ({ Items: WEBHOOKS.map((webhook) => marshall({ webhook })) });
  aws.operations['PutItem'] = () => ({});
  aws.operations['PutEvents'] = ({ Entries }) => ({
    FailedEntryCount: 0,
    Entries: (Entries as unknown[]).map((_, index) => ({ EventId: `e-${index}` })),
  });
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

it('tells the bus of every event, by its hash', async () => {
  expect(await handler(stream())).toEqual({ batchItemFailures: [] });
  expect(detailsPut().map(({ metadata }) => metadata.uid)).toEqual(EVENTS.map(({ hash }) => hash));
  expect(output.lines()).toEqual([]);
});

it('names the records of what could not be told, and logs which events', async () => {
  aws.operations['PutEvents'] = () => ({
    FailedEntryCount: 1,
    Entries: [{ EventId: 'e-0' }, { ErrorCode: 'InternalFailure' }, { EventId: 'e-2' }],
  });
  expect(await handler(stream())).toEqual({ batchItemFailures: [{ itemIdentifier: 's-1' }] });
  expect(output.lines()).toEqual([
    expect.objectContaining({ level: 'ERROR', teller: 'event-bus', events: ['key/Ab3dEf7hIj9L#2'] }),
  ]);
});

it('names them all where the bus takes nothing', async () => {
  aws.operations['PutEvents'] = () => new Fault(400, 'AccessDeniedException');
  const { batchItemFailures } = await handler(stream());
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['s-0', 's-1', 's-2']);
  expect(output.lines()[0]).toMatchObject({ level: 'ERROR', fault: 'AccessDeniedException' });
});

it('puts a notice for each webhook that wants an event, apart from keys', async () => {
  expect(await handler(stream(ISSUED))).toEqual({ batchItemFailures: [] });
  const put = aws.bodiesOf('PutItem') as {
    Item: { pk: { S: string }; notice: unknown };
    ConditionExpression: string;
  }[];
  expect(put).toHaveLength(1);
  for (const { Item, ConditionExpression } of put) {
    expect(Item.pk.S).toBe('WEBHOOK#wh_Ab3dEf7hIj9L');
    expect(ConditionExpression).toBe('attribute_not_exists(pk)');
  }
});

it('tells the bus though webhooks cannot be told, and is shown those events again', async () => {
  aws.operations['Query'] = () => new Fault(400, 'AccessDeniedException');
  const { batchItemFailures } = await handler(stream(ISSUED));
  expect(detailsPut()).toHaveLength(1);
  expect(batchItemFailures).toEqual([{ itemIdentifier: 's-0' }]);
  expect(output.lines()[0]).toMatchObject({ level: 'ERROR', teller: 'webhooks' });
});

it.each<[string, object]>([
  ['of a later release', { action: 'key.teleported' }],
  ['without the facts of its kind', { action: 'security.seal-broken', detail: null }],
])('an event %s, which cannot be said, keeps no other from being told', async (_what, strange) => {
  aws.operations['PutItem'] = () => ({});
  const events = [
    { ...sampleEvent('key.issued'), ...strange } as AuditEvent,
    sampleEvent('security.seal-broken'),
  ];
  const { batchItemFailures } = await handler(streamOf(...events.map(auditItem)));
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toContain('s-0');
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).not.toContain('s-1');
  expect(detailsPut().map(({ metadata }) => metadata.event_code)).toEqual(['security.seal-broken']);
  expect(JSON.stringify(aws.bodiesOf('PutItem'))).toContain('ALERT#');
});

it('puts an alert for what security is to hear of', async () => {
  aws.operations['PutItem'] = () => ({});
  const event = sampleEvent('security.seal-broken', { detail: { version: 2 } });
  expect(await handler(streamOf(auditItem(event)))).toEqual({ batchItemFailures: [] });
  const put = aws.bodiesOf('PutItem').map(({ Item }) => Item);
  expect(put).toContainEqual(
    expect.objectContaining({
      pk: { S: 'ALERT#key/Ab3dEf7hIj9L' },
      sk: { S: 'NOTICE#1#seal-broken#security' },
    }),
  );
});

describe('use of a retired key', () => {
  const use = {
    pk: 'WRONG#2026-11-23T14:00:00.000Z',
    sk: 'RETIRED#Ab3dEf7hIj9L#1',
    version: 1,
    firstAtMs: 5,
    caller_0: { address: '192.0.2.7', userAgent: 'agent/1.0', lastUsedAtMs: 5 },
  };

  it('is handed to who puts it on record', async () => {
    aws.operations['invocations'] = () => ({});
    expect(await handler(streamOf(use))).toEqual({ batchItemFailures: [] });
    expect(aws.bodiesOf('invocations')).toEqual([
      {
        retired: [
          {
            keyId: 'Ab3dEf7hIj9L',
            version: 1,
            address: '192.0.2.7',
            userAgent: 'agent/1.0',
            atMs: 5,
            windowMs: Date.parse('2026-11-23T14:00:00.000Z'),
          },
        ],
      },
    ]);
  });

  it('is shown again where it could not be', async () => {
    aws.operations['invocations'] = () => new Fault(400, 'ResourceNotFoundException');
    expect(await handler(streamOf(use))).toEqual({ batchItemFailures: [{ itemIdentifier: 's-0' }] });
    expect(output.lines()[0]).toMatchObject({ level: 'ERROR', fault: 'ResourceNotFoundException' });
  });
});

it('tells an operator’s events again, and says how many could not be told', async () => {
  expect(await handler({ again: EVENTS })).toEqual({ untold: 0 });
  expect(detailsPut().map(({ metadata }) => metadata.uid)).toEqual(EVENTS.map(({ hash }) => hash));
  aws.operations['PutEvents'] = () => new Fault(400, 'AccessDeniedException');
  expect(await handler({ again: EVENTS })).toEqual({ untold: 3 });
});
