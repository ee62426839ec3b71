import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { RotationEventBus } from '../../../lambdas/adapters/eventbridge/rotation-event-bus.ts';
import type { RotationMinute } from '../../../lambdas/core/ports/rotation-events.ts';

const client = new EventBridgeClient({ region: 'eu-central-1' });
const eventBridge = mockClient(client);
const bus = new RotationEventBus(client, 'Keyturn-Bus');

const minute = (keyId: string): RotationMinute => ({
  keyId,
  rotationId: 'r-1',
  minute: '2026-11-23T14:00:00.000Z',
  oldVersion: 1,
  newVersion: 2,
  oldRequests: 1,
  newRequests: 1,
  refusedRequests: 0,
  newShare: 0.5,
  refusedShare: 0,
  oldLastUsedAt: '2026-11-23T14:00:01.000Z',
  newLastUsedAt: null,
});

const entries = () =>
  eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

beforeEach(() => eventBridge.reset());

it('puts an event for each, by the names that rules match', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });

  expect(await bus.publish([minute('KeyA')])).toBe(0);
  expect(entries()).toEqual([
    [
      {
        EventBusName: 'Keyturn-Bus',
        Source: 'keyturn',
        DetailType: 'Key Rotation Minute',
        Time: new Date('2026-11-23T14:00:00.000Z'),
        Detail: JSON.stringify(minute('KeyA')),
      },
    ],
  ]);
});

it('puts ten at once', async () => {
  eventBridge.on(PutEventsCommand).resolves({});
  const minutes = Array.from({ length: 23 }, (_, index) => minute(`Key${index}`));

  expect(await bus.publish(minutes)).toBe(0);
  expect(entries().map(({ length }) => length)).toEqual([10, 10, 3]);
});

it('calls nothing for none', async () => {
  expect(await bus.publish([])).toBe(0);
  expect(entries()).toEqual([]);
});

it('says how many were not taken, by an answer or by none', async () => {
  eventBridge
    .on(PutEventsCommand)
    .resolvesOnce({ FailedEntryCount: 2 })
    .rejectsOnce(new Error('ThrottlingException'))
    .resolves({});
  const minutes = Array.from({ length: 25 }, (_, index) => minute(`Key${index}`));

  expect(await bus.publish(minutes)).toBe(12);
});
