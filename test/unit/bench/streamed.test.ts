/** What the table's stream shows after a write: to which function, and one call for each write. */
import { describe, expect, it } from 'vitest';
import { streamedCalls } from '../../../bench/src/cost/streamed.ts';
import { insertedBy } from '../../../bench/src/count/inserted-items.ts';

const item = (sk: string) => ({ pk: { S: 'KEY#1' }, sk: { S: sk } });
const EVENT = item('AUDIT#000001');
const NOTICE = item('NOTICE#r-1');
const KEY = item('KEY');

describe('what a write inserts', () => {
  it.each([
    ['one put', 'PutItem', { Item: EVENT }, [EVENT]],
    [
      'the puts of a transaction',
      'TransactWriteItems',
      { TransactItems: [{ Put: { Item: KEY } }, { Update: { Key: KEY } }, { Put: { Item: EVENT } }] },
      [KEY, EVENT],
    ],
    ['nothing of an update', 'UpdateItem', { Key: KEY }, []],
    ['nothing of a read', 'GetItem', { Key: KEY }, []],
  ] as const)('is %s', (_what, operation, request, inserted) => {
    expect(insertedBy(operation, request)).toEqual(inserted);
  });
});

describe('what the stream shows', () => {
  it('is each write by itself: its events to one function, its notices to another, and keys to none', () => {
    const calls = streamedCalls([[KEY, EVENT, NOTICE], [KEY], [EVENT]]);
    expect(calls.map(({ functionName }) => functionName)).toEqual(['publish', 'notify', 'publish']);
    expect(calls[1]?.event).toEqual({
      Records: [
        {
          eventName: 'INSERT',
          dynamodb: {
            SequenceNumber: '1',
            Keys: { pk: { S: 'KEY#1' }, sk: { S: 'NOTICE#r-1' } },
            NewImage: NOTICE,
          },
        },
      ],
    });
  });
});
