/** The authorizer's read and writes as they go over the wire. */
import { describe, expect, it } from 'vitest';
import { type AwsCall, AwsCallError } from '../../../lambdas/adapters/signed-http/aws-call.ts';
import { SignedKeyReader } from '../../../lambdas/adapters/signed-http/signed-key-reader.ts';
import { SignedUseWriter } from '../../../lambdas/adapters/signed-http/signed-use-writer.ts';
import type { Caller } from '../../../lambdas/core/domain/caller.ts';
import type { UseIncrement } from '../../../lambdas/core/ports/authorization.ts';
import { resolvePolicy } from '../../../rules/resolve-policy.ts';
import { START_MS } from '../../support/manual-clock.ts';

/** Notes each call and answers it with what comes next; an Error is thrown. */
function callsAnswered(...answers: readonly (Record<string, unknown> | Error)[]) {
  const calls: AwsCall[] = [];
  const call = async (made: AwsCall) => {
    calls.push(made);
    const answer = answers[calls.length - 1] ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { calls, call };
}

const conditionFailed = new AwsCallError('ConditionalCheckFailedException', 400, 'UpdateItem');
const throttled = new AwsCallError('ThrottlingException', 400, 'UpdateItem');

const caller = (address: string, userAgent = 'client/1'): Caller => ({
  address,
  userAgent,
  requests: 1,
  lastUsedAtMs: START_MS,
});

const increment = (changes: Partial<UseIncrement> = {}): UseIncrement => ({
  keyId: 'Ab3dEf7hIj9L',
  version: 3,
  hourMs: START_MS,
  requests: 2,
  deprecatingRequests: 0,
  minutes: {},
  lastUsedAtMs: START_MS + 5,
  callers: [],
  ...changes,
});

describe('SignedKeyReader', () => {
  it('is one consistent GetItem of what authorizing needs: neither name, nor audit head, nor rotation', async () => {
    const { calls, call } = callsAnswered({
      Item: { keyId: { S: 'Ab3dEf7hIj9L' }, status: { S: 'enabled' } },
    });

    expect(await new SignedKeyReader(call, 'keys').read('Ab3dEf7hIj9L')).toEqual({
      keyId: 'Ab3dEf7hIj9L',
      status: 'enabled',
    });
    expect(calls).toEqual([
      {
        service: 'dynamodb',
        target: 'DynamoDB_20120810.GetItem',
        body: {
          TableName: 'keys',
          Key: { pk: { S: 'KEY#Ab3dEf7hIj9L' }, sk: { S: 'META' } },
          ConsistentRead: true,
          ProjectionExpression: '#0,#1,#2,#3,#4,#5,#6,#7,#8',
          ExpressionAttributeNames: {
            '#0': 'keyId',
            '#1': 'owner',
            '#2': 'environment',
            '#3': 'scopes',
            '#4': 'allowedAddresses',
            '#5': 'status',
            '#6': 'versions',
            '#7': 'firstUsesMs',
            '#8': 'firstRefusalsMs',
          },
        },
      },
    ]);
  });

  it('knows nothing of a key that is not there, and throws when the store is in trouble', async () => {
    const { call } = callsAnswered({}, throttled);
    const reader = new SignedKeyReader(call, 'keys');

    expect(await reader.read('NoSuchKey000')).toBeUndefined();
    await expect(reader.read('Ab3dEf7hIj9L')).rejects.toBe(throttled);
  });
});

describe('SignedUseWriter.add', () => {
  it('adds to the counter of version and hour, without a condition where nobody is named', async () => {
    const { calls, call } = callsAnswered();
    await new SignedUseWriter(call, 'keys').add(increment());

    expect(calls).toEqual([
      {
        service: 'dynamodb',
        target: 'DynamoDB_20120810.UpdateItem',
        body: {
          TableName: 'keys',
          Key: { pk: { S: 'KEY#Ab3dEf7hIj9L' }, sk: { S: 'USE#2026-11-23T14#3' } },
          UpdateExpression: 'SET #v = :v, #l = :l, #t = :t ADD #r :r',
          ExpressionAttributeNames: {
            '#v': 'version',
            '#r': 'requests',
            '#l': 'lastUsedAtMs',
            '#t': 'ttl',
          },
          ExpressionAttributeValues: {
            ':v': { N: '3' },
            ':r': { N: '2' },
            ':l': { N: String(START_MS + 5) },
            ':t': { N: String(START_MS / 1000 + 92 * 86_400) },
          },
        },
      },
    ]);
  });

  it('names callers of a deprecating version while there is room for them, or they are known', async () => {
    const { calls, call } = callsAnswered();
    await new SignedUseWriter(call, 'keys').add(
      increment({ deprecatingRequests: 2, callers: [caller('203.0.113.1'), caller('203.0.113.2')] }),
    );

    expect(calls[0]?.body).toMatchObject({
      ConditionExpression:
        'attribute_not_exists(#k) OR size(#k) < :most OR (attribute_exists(#c0) AND attribute_exists(#c1))',
      UpdateExpression:
        'SET #v = :v, #l = :l, #t = :t, #c0 = :c0, #c1 = :c1 ADD #r :r, #d :d, #n0 :n0, #n1 :n1, #k :k',
      ExpressionAttributeValues: {
        ':d': { N: '2' },
        ':most': { N: '40' },
        ':n0': { N: '1' },
        ':c0': { M: { address: { S: '203.0.113.1' }, userAgent: { S: 'client/1' } } },
      },
    });
  });

  it('counts without names when the list is full', async () => {
    const { calls, call } = callsAnswered(conditionFailed);
    await new SignedUseWriter(call, 'keys').add(
      increment({ deprecatingRequests: 2, callers: [caller('203.0.113.1')] }),
    );

    expect(calls).toHaveLength(2);
    expect(calls[1]?.body).not.toHaveProperty('ConditionExpression');
    expect(calls[1]?.body['UpdateExpression']).toBe('SET #v = :v, #l = :l, #t = :t ADD #r :r, #d :d');
  });

  it('names a caller whatever another one calls itself: nobody can take the place of another in the list', async () => {
    // Of one CRC-32: what anybody can search for must not decide who is named.
    const collided = [caller('203.0.113.1', 'g804mv6y'), caller('203.0.113.1', '38v67gtu')];
    const { calls, call } = callsAnswered();

    await new SignedUseWriter(call, 'keys').add(increment({ deprecatingRequests: 2, callers: collided }));

    const names = Object.values(calls[0]?.body['ExpressionAttributeNames'] as Record<string, string>);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('caller_'))).toHaveLength(2);
    expect(calls[0]?.body).toMatchObject({ ExpressionAttributeValues: { ':r': { N: '2' } } });
  });

  it('adds to the minutes of the hour in the same write', async () => {
    const { calls, call } = callsAnswered();
    await new SignedUseWriter(call, 'keys').add(increment({ minutes: { 0: 1, 59: 1 } }));

    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toMatchObject({
      UpdateExpression: 'SET #v = :v, #l = :l, #t = :t ADD #r :r, #m0 :m0, #m59 :m59',
      ExpressionAttributeNames: { '#m0': 'minute_00', '#m59': 'minute_59' },
      ExpressionAttributeValues: { ':m0': { N: '1' }, ':m59': { N: '1' } },
    });
  });

  it('throws on trouble, so that the count is kept', async () => {
    const { calls, call } = callsAnswered(throttled);

    await expect(new SignedUseWriter(call, 'keys').add(increment())).rejects.toBe(throttled);
    expect(calls).toHaveLength(1);
  });
});

describe.each([
  ['noteFirstUse', 'firstUsesMs'],
  ['noteFirstRefusal', 'firstRefusalsMs'],
] as const)('SignedUseWriter.%s', (note, attribute) => {
  it('sets it on the key, once, and never makes a key', async () => {
    const { calls, call } = callsAnswered();
    await new SignedUseWriter(call, 'keys')[note]('Ab3dEf7hIj9L', 3, START_MS);

    expect(calls[0]?.body).toEqual({
      TableName: 'keys',
      Key: { pk: { S: 'KEY#Ab3dEf7hIj9L' }, sk: { S: 'META' } },
      UpdateExpression: 'SET #f.#v = :at',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#f.#v)',
      ExpressionAttributeNames: { '#f': attribute, '#v': '3' },
      ExpressionAttributeValues: { ':at': { N: String(START_MS) } },
    });
  });

  it('takes what is known for done, and throws on trouble', async () => {
    const { call } = callsAnswered(conditionFailed, throttled);
    const writer = new SignedUseWriter(call, 'keys');

    await expect(writer[note]('Ab3dEf7hIj9L', 3, START_MS)).resolves.toBeUndefined();
    await expect(writer[note]('Ab3dEf7hIj9L', 3, START_MS)).rejects.toBe(throttled);
  });
});

it('counts stay until the longest window that is judged by them is over, and the hour before it', async () => {
  const { calls, call } = callsAnswered();
  await new SignedUseWriter(call, 'Keys').add(increment());
  const values = calls[0]?.body['ExpressionAttributeValues'] as Record<string, { N: string }> | undefined;
  const longest = resolvePolicy('longest', { gracePeriod: 'P90D', rotateEvery: 'P91D' });
  const windowSeconds = longest.ok ? longest.value.graceSeconds : Number.NaN;
  expect(Number(values?.[':t']?.N)).toBeGreaterThan(START_MS / 1000 + windowSeconds + 86_400);
});
