import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { AuditEventBus } from '../../../lambdas/adapters/eventbridge/audit-event-bus.ts';
import { ocsfEvent } from '../../../lambdas/adapters/ocsf/ocsf-event.ts';
import { sampleEvent, sampleEvents } from '../../support/sample-events.ts';

const client = new EventBridgeClient({ region: 'eu-central-1' });
const eventBridge = mockClient(client);
const bus = new AuditEventBus(client, 'Keyturn-Bus');

const taken = (count: number) => ({
  FailedEntryCount: 0,
  Entries: Array.from({ length: count }, (_, index) => ({ EventId: `e-${index}` })),
});
const puts = () => eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

beforeEach(() => eventBridge.reset());

it('puts each event under the name of its class, at the time when it was', async () => {
  eventBridge.on(PutEventsCommand).resolves(taken(1));
  const event = sampleEvent('security.seal-broken');

  expect(await bus.tell([event])).toEqual([]);
  expect(puts()).toEqual([
    [
      {
        EventBusName: 'Keyturn-Bus',
        Source: 'keyturn',
        DetailType: 'Detection Finding',
        Time: new Date(event.atMs),
        Detail: JSON.stringify(ocsfEvent(event)),
      },
    ],
  ]);
});

it('puts ten at once', async () => {
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  expect(await bus.tell(sampleEvents(23))).toEqual([]);
  expect(puts().map(({ length }) => length)).toEqual([10, 10, 3]);
});

it('names the ones that the bus did not take', async () => {
  const events = sampleEvents(12);
  const answer = taken(10);
  eventBridge
    .on(PutEventsCommand)
    .resolvesOnce({
      FailedEntryCount: 1,
      Entries: answer.Entries.map((entry, index) => (index === 3 ? { ErrorCode: 'InternalFailure' } : entry)),
    })
    .resolves({ FailedEntryCount: 2, Entries: [{ ErrorCode: 'Throttling' }, { ErrorCode: 'Throttling' }] });
  expect(await bus.tell(events)).toEqual([events[3], events[10], events[11]]);
});

it('says why where the bus takes none', async () => {
  eventBridge.on(PutEventsCommand).rejects(new Error('AccessDeniedException'));
  await expect(bus.tell(sampleEvents(1))).rejects.toThrow('AccessDeniedException');
});
