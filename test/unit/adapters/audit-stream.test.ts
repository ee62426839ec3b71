import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { eventsIn, type StreamRecord } from '../../../lambdas/adapters/dynamodb/audit-stream.ts';
import { auditItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const EVENT = sampleEvent('key.issued', {
  reason: 'a reason',
  detail: { version: 1, immediate: false, scopes: ['a:b', 'c:d'] },
});
const NewImage = marshall(auditItem(EVENT));
const record = (changes: Partial<StreamRecord> = {}): StreamRecord => ({
  eventName: 'INSERT',
  dynamodb: { SequenceNumber: '7', NewImage },
  ...changes,
});

it('reads events as they were put on record, in the order of the stream', () => {
  const later = record({ dynamodb: { SequenceNumber: '8', NewImage } });
  expect(eventsIn([record(), later])).toEqual([
    { sequenceNumber: '7', event: EVENT },
    { sequenceNumber: '8', event: EVENT },
  ]);
});

it.each<[string, StreamRecord]>([
  ['a change', record({ eventName: 'MODIFY' })],
  ['a removal', { eventName: 'REMOVE', dynamodb: { SequenceNumber: '7' } }],
  [
    'another item',
    record({ dynamodb: { SequenceNumber: '7', NewImage: marshall({ pk: 'KEY#a', sk: 'META' }) } }),
  ],
  [
    'an item without an event',
    record({ dynamodb: { SequenceNumber: '7', NewImage: marshall({ sk: 'AUDIT#1' }) } }),
  ],
  [
    'an event that is in no chain',
    record({ dynamodb: { SequenceNumber: '7', NewImage: { ...NewImage, sk: { S: 'AUDIT#0' } } } }),
  ],
  [
    'a number that no event has',
    record({ dynamodb: { SequenceNumber: '7', NewImage: marshall({ sk: 'AUDIT#1', event: { atMs: 7 } }) } }),
  ],
  ['a record without an image', record({ dynamodb: { SequenceNumber: '7' } })],
  ['nothing', {}],
])('passes over %s', (_what, passedOver) => {
  expect(eventsIn([passedOver])).toEqual([]);
});

it('reads what was written beside a number that none of ours is', () => {
  const huge = {
    dynamodb: { SequenceNumber: '6', NewImage: { sk: { S: 'AUDIT#1' }, event: { N: '9'.repeat(38) } } },
  };
  expect(eventsIn([record(huge), record()])).toEqual([{ sequenceNumber: '7', event: EVENT }]);
});
