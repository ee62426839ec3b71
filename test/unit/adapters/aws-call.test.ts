/** The signed calls of the authorizer, against a server of this process: no AWS, no waiting but for time-outs of milliseconds. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import aws4 from 'aws4';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AwsCall,
  type AwsCallConfig,
  awsCaller,
} from '../../../lambdas/adapters/signed-http/aws-call.ts';

const CALL: AwsCall = {
  service: 'dynamodb',
  target: 'DynamoDB_20120810.GetItem',
  body: { TableName: 'keys', Key: { pk: { S: 'KEY#é' } } },
};
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'the secret access key' };

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
}

type Answer = (response: ServerResponse, socket: Socket) => void;

const servers: Server[] = [];

/** No pause before another attempt. */
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const json =
  (status: number, body: unknown): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const fault = (status: number, type: string): Answer =>
  json(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'about KEY#secret' });
const reset: Answer = (_response, socket) => socket.destroy();
const resetInBody: Answer = (response, socket) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{"Item":', () => socket.destroy());
};
const silence: Answer = () => {};
const stalledBody: Answer = (response) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{"Item":');
};
const OK = json(200, { Item: 1 });

/** A server that gives these answers one after the other, the last one for ever; and what calls it. */
async function serverThat(answers: readonly Answer[], config: Partial<AwsCallConfig> = {}) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), socket: request.socket });
      const answer = answers[Math.min(seen.length, answers.length) - 1] as Answer;
      answer(response, request.socket);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const call = awsCaller({
    region: 'eu-central-1',
    urlSuffix: 'amazonaws.com',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: () => CREDENTIALS,
    timeoutMs: 2_000,
    attempts: 3,
    ...config,
  });
  return { seen, call };
}

describe('a call', () => {
  it('sends the target and the body, and gives back the answer', async () => {
    const { seen, call } = await serverThat([OK]);

    expect(await call(CALL)).toEqual({ Item: 1 });
    expect(seen[0]?.headers).toMatchObject({
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-type': 'application/x-amz-json-1.0',
    });
    expect(JSON.parse(seen[0]?.body as string)).toEqual(CALL.body);
  });

  it('is signed for its service and Region, over host, target and body', async () => {
    const { seen, call } = await serverThat([OK]);
    await call({ ...CALL, service: 'secretsmanager' });

    const { headers, body } = seen[0] as Seen;
    const signedAgain = aws4.sign(
      {
        service: 'secretsmanager',
        region: 'eu-central-1',
        method: 'POST',
        path: '/',
        host: headers.host as string,
        headers: {
          'content-type': headers['content-type'] as string,
          'content-length': Buffer.byteLength(body),
          'x-amz-target': headers['x-amz-target'] as string,
          'x-amz-date': headers['x-amz-date'] as string,
        },
        body,
      },
      CREDENTIALS,
    );
    expect(headers.authorization).toBe((signedAgain.headers as Record<string, string>)['Authorization']);
    expect(headers.authorization).toMatch(
      /Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request/,
    );
    expect(headers.authorization).toContain('x-amz-target');
  });

  it('carries the session token of temporary credentials, and no such header without one', async () => {
    const temporary = await serverThat([OK], {
      credentials: () => ({ ...CREDENTIALS, sessionToken: 'the token' }),
    });
    const lasting = await serverThat([OK]);

    await temporary.call(CALL);
    await lasting.call(CALL);

    expect(temporary.seen[0]?.headers['x-amz-security-token']).toBe('the token');
    expect(lasting.seen[0]?.headers).not.toHaveProperty('x-amz-security-token');
  });

  it('reads the credentials anew each time: Lambda renews them', async () => {
    let accessKeyId = 'FIRST';
    const { seen, call } = await serverThat([OK], { credentials: () => ({ ...CREDENTIALS, accessKeyId }) });
    await call(CALL);
    accessKeyId = 'SECOND';
    await call(CALL);

    expect(seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'FIRST',
      'SECOND',
    ]);
  });

  it('keeps its connection for the next one, also after a fault and a retry', async () => {
    const { seen, call } = await serverThat([OK, fault(500, 'InternalServerError'), OK]);
    for (let count = 0; count < 3; count += 1) await call(CALL);

    expect(new Set(seen.map(({ socket }) => socket)).size).toBe(1);
    expect(seen).toHaveLength(4);
  });

  it('leaves no timer behind that would cut off a later one on the same connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { call } = await serverThat([OK]);

    await call(CALL);
    // The connection is given back a moment after the answer.
    for (let turn = 0; turn < 20 && vi.getTimerCount() > 0; turn += 1) await new Promise(setImmediate);

    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('trouble on the way', () => {
  it.each<[string, Answer]>([
    ['a 500', fault(500, 'InternalServerError')],
    ['a 503', json(503, 'Service Unavailable')],
    ['a throttle', fault(400, 'ThrottlingException')],
    ['too much for the table', fault(400, 'ProvisionedThroughputExceededException')],
    ['a transaction on the item', fault(400, 'TransactionConflictException')],
    ['a connection reset', reset],
    ['a connection reset in the body', resetInBody],
  ])('is tried again: %s', async (_what, trouble) => {
    const { seen, call } = await serverThat([trouble, trouble, OK]);

    expect(await call(CALL)).toEqual({ Item: 1 });
    expect(seen).toHaveLength(3);
  });

  it.each<[string, Answer, Partial<Error>]>([
    ['a 500', fault(500, 'InternalServerError'), { code: 'InternalServerError', statusCode: 500 } as never],
    ['a throttle', fault(400, 'ThrottlingException'), { code: 'ThrottlingException' } as never],
    ['a reset', reset, { code: 'ECONNRESET' } as never],
    ['a page of a proxy', json(502, '<html>'), { code: 'ServiceUnavailable', statusCode: 502 } as never],
  ])(
    'becomes an error in bounded time, after so many attempts and no more: %s',
    async (_what, trouble, error) => {
      const { seen, call } = await serverThat([trouble]);

      await expect(call(CALL)).rejects.toMatchObject(error);
      expect(seen).toHaveLength(3);
    },
  );

  it.each<[string, Answer]>([
    ['no answer', silence],
    ['an answer that stops in its body', stalledBody],
  ])('times out by attempt: %s', async (_what, trouble) => {
    const { seen, call } = await serverThat([trouble], { timeoutMs: 40, attempts: 2 });
    const started = performance.now();

    await expect(call(CALL)).rejects.toThrow();
    expect(seen).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is over with the next attempt where only one was slow', async () => {
    const { seen, call } = await serverThat([silence, OK], { timeoutMs: 200 });

    expect(await call(CALL)).toEqual({ Item: 1 });
    expect(seen).toHaveLength(2);
  });

  it('is tried again when nobody listens, and then an error', async () => {
    const call = awsCaller({
      region: 'eu-central-1',
      urlSuffix: 'amazonaws.com',
      endpoint: 'http://127.0.0.1:1',
      credentials: () => CREDENTIALS,
      timeoutMs: 1_000,
      attempts: 2,
    });

    await expect(call(CALL)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a refusal of the service', () => {
  it.each([
    [400, 'ConditionalCheckFailedException'],
    [400, 'ResourceNotFoundException'],
    [400, 'AccessDeniedException'],
    [400, 'ExpiredTokenException'],
    [400, 'ValidationException'],
  ])('%i %s is no trouble: it is thrown at once, by its name', async (status, type) => {
    const { seen, call } = await serverThat([fault(status, type)]);

    await expect(call(CALL)).rejects.toMatchObject({ name: 'AwsCallError', code: type, statusCode: status });
    expect(seen).toHaveLength(1);
  });

  it('says nothing of the message of the service, which may quote the request', async () => {
    const { call } = await serverThat([fault(400, 'ValidationException')]);

    const error: unknown = await call(CALL).catch((reason: unknown) => reason);

    expect(String(error)).toBe(
      'AwsCallError: DynamoDB_20120810.GetItem was answered with ValidationException (400).',
    );
  });

  it.each<[string, Answer, string]>([
    ['without a type', json(403, { Message: 'no' }), 'Http403'],
    ['in words that are no JSON', json(403, 'Forbidden'), 'NotJson'],
    ['a success that is no JSON', json(200, '<html>'), 'NotJson'],
  ])('%s is thrown, never taken for an answer', async (_what, answer, code) => {
    const { call } = await serverThat([answer]);

    await expect(call(CALL)).rejects.toMatchObject({ code });
  });
});
