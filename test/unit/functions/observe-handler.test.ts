/** The observe function's handler: the schedule's event in, queries and events out. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { indexedRotation } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { environmentFor, FakeAws, Fault } from '../../support/fake-aws.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleRotation } from '../../support/sample-records.ts';

const KEY_ID = 'Ab3dEf7hIj9L';
const RUNNING = sampleRotation({
  status: 'dual-key',
  toVersion: 2,
  gracePeriodEndsAtMs: START_MS + 72 * 3_600_000,
});

const output = captureOutput();
const aws = await FakeAws.start();
const variables = {
  ...environmentFor(aws),
  TABLE_NAME: 'Keys',
  EVENT_BUS_NAME: 'Keyturn-Bus',
  COUNT_LAG_SECONDS: '15',
  WATCH_FUNCTION: 'Watch',
};
for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
const { handler } = await import('../../../lambdas/functions/observe/handler.ts');

interface Query {
  readonly IndexName?: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, { readonly S: string }>>;
}

const indexed: Record<string, unknown> = {
  pk: `KEY#${KEY_ID}`,
  owner: 'a@example.com',
  ...indexedRotation(KEY_ID, RUNNING),
};

beforeEach(() => {
  aws.calls.length = 0;
  output.clear();
  aws.operations['Query'] = (body) => {
    const { IndexName, ExpressionAttributeValues } = body as unknown as Query;
    if (IndexName === undefined)
      return { Items: [marshall({ version: 1, lastUsedAtMs: START_MS + 5, minute_00: 3 })] };
    const here = ExpressionAttributeValues[':shard']?.S === indexed['rotationPk'];
    return { Items: here ? [marshall(indexed)] : [] };
  };
  aws.operations['PutEvents'] = () => ({ FailedEntryCount: 0, Entries: [] });
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const context = { getRemainingTimeInMillis: () => 58_000 };
const observe = (scheduledAt?: string) => handler(scheduledAt === undefined ? {} : { scheduledAt }, context);

describe('the handler', () => {
  it('observes the minute that was complete when it was to be called, however late it is', async () => {
    expect(await observe('2026-11-23T14:01:20Z')).toMatchObject({ running: 1, active: 1, oldRequests: 3 });

    const [{ Entries = [] } = {}] = aws.bodiesOf('PutEvents') as { Entries?: { Detail: string }[] }[];
    expect(Entries.map(({ Detail }) => JSON.parse(Detail))).toEqual([
      expect.objectContaining({ keyId: KEY_ID, rotationId: 'r-1', minute: '2026-11-23T14:00:00.000Z' }),
    ]);
    expect(output.lines().map(({ message }) => message)).toEqual(['observed', 'minute']);
  });

  it.each([undefined, '<aws.scheduler.scheduled-time>'])(
    'takes the minute that is complete now when it is called at %j',
    async (scheduledAt) => {
      await observe(scheduledAt);
      const minuteMs = Date.parse(String(output.lines()[0]?.['minute']));
      expect(minuteMs % 60_000).toBe(0);
      const ageMs = Date.now() - minuteMs;
      expect(ageMs).toBeGreaterThanOrEqual(75_000);
      expect(ageMs).toBeLessThan(140_000);
    },
  );

  it('goes on with its metrics when the bus takes nothing', async () => {
    aws.operations['PutEvents'] = () => new Fault(400, 'ValidationException');
    expect(await observe('2026-11-23T14:01:20Z')).toMatchObject({ active: 1, failed: 1 });
    expect(output.lines()[0]).toMatchObject({ level: 'WARN', RotationsRunning: 1, failed: 1 });
  });

  it('says which key’s minute could not be read', async () => {
    const answer = aws.operations['Query'] as (body: object) => object;
    aws.operations['Query'] = (body) =>
      (body as unknown as Query).IndexName ? answer(body) : new Fault(400, 'AccessDeniedException');
    expect(await observe('2026-11-23T14:01:20Z')).toMatchObject({ active: 0, failed: 1 });
    expect(output.lines()[0]).toMatchObject({
      level: 'ERROR',
      keyId: KEY_ID,
      fault: 'AccessDeniedException',
    });
  });

  it('fails when rotations cannot be found, so that it is called again', async () => {
    aws.operations['Query'] = () => new Fault(400, 'AccessDeniedException');
    await expect(observe('2026-11-23T14:01:20Z')).rejects.toThrow();
  });
});
