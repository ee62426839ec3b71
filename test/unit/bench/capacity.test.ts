/** What reads and writes consume, by DynamoDB's published rules. */
import { describe, expect, it } from 'vitest';
import { unitsOf } from '../../../bench/src/count/capacity.ts';
import { itemBytes } from '../../../bench/src/count/item-size.ts';
import { wholeRead } from '../../../bench/src/count/whole-read.ts';

const text = (bytes: number) => ({ a: { S: 'x'.repeat(bytes - 1) } });

describe('the size of an item', () => {
  it.each([
    ['text by its bytes, not its letters', { name: { S: 'Käse' } }, 4 + 5],
    ['a number by two digits a byte and one more', { n: { N: '1790000001000' } }, 1 + 5 + 1],
    ['zeros at the ends of a number do not count', { n: { N: '0.00120' } }, 1 + 1 + 1],
    ['a sign is one byte', { n: { N: '-12' } }, 1 + 1 + 1 + 1],
    ['truth and nothing are one byte', { t: { BOOL: true }, n: { NULL: true } }, 2 + 2],
    ['a set is its members', { s: { SS: ['ab', 'c'] } }, 1 + 3],
    [
      'a list has three bytes of its own and one for each member',
      { l: { L: [{ S: 'ab' }, { S: 'c' }] } },
      1 + 3 + 3 + 2,
    ],
    ['a map too, and the names in it', { m: { M: { ab: { S: 'c' } } } }, 1 + 3 + 3 + 1],
  ])('%s', (_rule, item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  it('is not known of a type that no item of Keyturn has', () => {
    expect(() => itemBytes({ b: { B: new Uint8Array() } })).toThrow(/no attribute of the type B/);
  });
});

describe('a read', () => {
  it.each([
    [4_096, true, 1],
    [4_097, true, 2],
    [4_096, false, 0.5],
    [4_097, false, 1],
  ])('of %i bytes, consistent: %s, takes %d units', (bytes, ConsistentRead, readUnits) => {
    expect(unitsOf('GetItem', { ConsistentRead }, { Item: text(bytes) })).toEqual({
      readUnits,
      writeUnits: 0,
    });
  });

  it('of what is not there takes as much as one of the smallest', () => {
    expect(unitsOf('GetItem', { ConsistentRead: true }, {}).readUnits).toBe(1);
    expect(unitsOf('Query', {}, { Items: [] }).readUnits).toBe(0.5);
  });

  it.each(['Query', 'Scan'])('of a page (%s) adds its items up before it rounds', (operation) => {
    const Items = [text(2_000), text(2_000), text(2_000)];
    expect(unitsOf(operation, { ConsistentRead: true }, { Items }).readUnits).toBe(2);
  });

  it('of a batch rounds each item, and counts what is not there', () => {
    const RequestItems = { keys: { Keys: [{}, {}, {}], ConsistentRead: true } };
    const Responses = { keys: [text(5_000), text(10)] };
    expect(unitsOf('BatchGetItem', { RequestItems }, { Responses }).readUnits).toBe(2 + 1 + 1);
  });
});

describe('a write', () => {
  it('takes what the store says, of one table or several', () => {
    expect(unitsOf('UpdateItem', {}, { ConsumedCapacity: { CapacityUnits: 3 } }).writeUnits).toBe(3);
    const several = { ConsumedCapacity: [{ CapacityUnits: 7 }, { CapacityUnits: 2 }] };
    expect(unitsOf('TransactWriteItems', {}, several)).toEqual({ readUnits: 0, writeUnits: 9 });
  });

  it('is not counted as nothing when the store does not say', () => {
    expect(() => unitsOf('PutItem', {}, {})).toThrow(/does not say/);
  });
});

it('knows no rule for an operation that nobody uses', () => {
  expect(() => unitsOf('TransactGetItems', {}, {})).toThrow(/TransactGetItems/);
});

describe('a read of a part of items', () => {
  it('is billed as the read of all of them, by the same condition', () => {
    expect(
      wholeRead({
        TableName: 'Keys',
        KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
        ExpressionAttributeValues: { ':p': { S: 'KEY#1' }, ':s': { S: 'USE#' } },
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: '#v, #pv',
        ExpressionAttributeNames: { '#p': 'pk', '#v': 'version', '#pv': 'previous' },
      }),
    ).toEqual({
      TableName: 'Keys',
      KeyConditionExpression: '#p = :p AND begins_with(sk, :s)',
      ExpressionAttributeValues: { ':p': { S: 'KEY#1' }, ':s': { S: 'USE#' } },
      ExpressionAttributeNames: { '#p': 'pk' },
    });
    expect(
      wholeRead({ Key: {}, ProjectionExpression: '#v', ExpressionAttributeNames: { '#v': 'version' } }),
    ).toEqual({ Key: {} });
  });

  it('is none when everything is read', () => {
    expect(wholeRead({ Key: {}, ConsistentRead: true })).toBeUndefined();
  });
});
