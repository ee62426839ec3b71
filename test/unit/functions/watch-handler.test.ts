/** The watch function's handler: what was seen in, events on record out. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { environmentFor, FakeAws, Fault } from '../../support/fake-aws.ts';
import { serveTable } from '../../support/fake-table.ts';
import { sampleKey } from '../../support/sample-records.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const variables = { ...environmentFor(aws), TABLE_NAME: 'Keys', WRONG_KEY_WINDOW_SECONDS: '300' };
for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
const { handler } = await import('../../../lambdas/functions/watch/handler.ts');

const keyId = 'Ab3dEf7hIj9L';
const { record: RECORD } = sampleKey(keyId);
const USE = { keyId, version: 1, address: '192.0.2.7', userAgent: 'agent/1.0', atMs: 5, windowMs: 0 };
let items: ReturnType<typeof serveTable>;

beforeEach(() => {
  aws.calls.length = 0;
  output.clear();
  items = serveTable(aws);
  items.set(`KEY#${keyId}/META`, marshall(newKeyItem(RECORD), { removeUndefinedValues: true }) as never);
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const events = () => [...items.keys()].filter((name) => name.includes('/AUDIT#'));

describe('the handler', () => {
  it('puts the use of a retired key on record, once for a window', async () => {
    expect(await handler({ retired: [USE] })).toEqual({ told: 1 });
    expect(await handler({ retired: [USE] })).toEqual({ told: 0 });
    expect(events()).toHaveLength(1);
  });

  it('looks at windows when the schedule calls, and finds nothing where nothing was', async () => {
    expect(await handler({})).toEqual({ told: 0 });
    // A day and a half of windows before the first note of how far it came, and that note.
    expect(aws.bodiesOf('Query').length).toBeGreaterThanOrEqual(432);
    expect([...items.keys()].filter((name) => name.startsWith('WRONG#'))).toEqual(['WRONG#TOLD/UNTIL']);
    expect(output.lines()).toEqual([]);
  });

  it('puts what was counted on record, and logs how much', async () => {
    let shown = false;
    aws.operations['Query'] = (body) => {
      const values = body['ExpressionAttributeValues'] as Record<string, { S: string }>;
      const pk = String(values[':pk']?.S);
      if (!pk.startsWith('WRONG#') || pk === 'WRONG#TOLD' || shown) return { Items: [] };
      shown = true;
      const counter = { pk, sk: `KEY#${keyId}`, requests: 3, reason_expired: 3, firstAtMs: 1, lastAtMs: 2 };
      return { Items: [marshall(counter)] };
    };
    expect(await handler({})).toEqual({ told: 1 });
    expect(events()).toHaveLength(1);
    expect(output.lines()).toEqual([expect.objectContaining({ level: 'WARN', told: 1, requests: 3 })]);
  });

  const LOST = {
    pk: 'FAULTS',
    sk: `${new Date(1_795_442_400_000).toISOString()}#missing#lost`,
    by_authorizer: 3,
    firstAtMs: 1_795_442_400_000,
    lastAtMs: 1_795_442_400_001,
  };
  const serveFaults = () => {
    aws.operations['Query'] = (body) => {
      const values = body['ExpressionAttributeValues'] as Record<string, { S: string }>;
      return { Items: values[':pk']?.S === 'FAULTS' ? [marshall(LOST)] : [] };
    };
  };

  it('puts a trouble with the pepper on record', async () => {
    serveFaults();
    expect(await handler({})).toEqual({ told: 1 });
    expect(events()).toEqual(['PEPPER/AUDIT#0000000001']);
    const [transaction] = aws.bodiesOf('TransactWriteItems');
    expect(transaction?.['TransactItems']).toMatchObject([
      { Put: { Item: { event: { M: { action: { S: 'pepper.fault' } } } } } },
      { Update: { Key: marshall({ pk: LOST.pk, sk: LOST.sk }), UpdateExpression: 'SET #told = :times' } },
    ]);
    expect(output.lines()).toEqual([expect.objectContaining({ level: 'WARN', told: 1 })]);
  });

  it('does so too where wrong keys cannot be told, and has itself called again', async () => {
    serveFaults();
    const query = aws.operations['Query'] as (body: object) => object;
    aws.operations['Query'] = (body) =>
      JSON.stringify(body).includes('WRONG#') ? new Fault(400, 'AccessDeniedException') : query(body);
    await expect(handler({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(events()).toEqual(['PEPPER/AUDIT#0000000001']);
  });

  it('has itself called again where something could not be written, and writes the rest', async () => {
    const read = aws.operations['GetItem'] as (body: object) => object;
    aws.operations['GetItem'] = (body) =>
      JSON.stringify(body).includes('Broken') ? new Fault(400, 'AccessDeniedException') : read(body);
    const both = { retired: [{ ...USE, keyId: 'Broken' }, USE] };
    await expect(handler(both)).rejects.toThrow('Not everything');
    expect(events()).toHaveLength(1);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', keyId: 'Broken', fault: 'AccessDeniedException' }),
    ]);
  });

  it('passes over a rotation that is none of the key’s', async () => {
    expect(await handler({ stuck: [{ keyId, rotationId: 'r-9' }] })).toEqual({ told: 0 });
  });
});
