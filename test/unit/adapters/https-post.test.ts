/** Receivers over real TLS: well-behaved ones, broken ones, and those that lead somewhere else. */
import https from 'node:https';
import { createServer } from 'node:net';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Resolved } from '../../../lambdas/adapters/webhooks/guarded-lookup.ts';
import { HttpsPost, type HttpsPostConfig } from '../../../lambdas/adapters/webhooks/https-post.ts';
import { newAuthority } from '../../support/certificates.ts';
import { answering, HttpsReceiver } from '../../support/https-receiver.ts';

const HOST = 'hooks.example.com';
const LOOPBACK: Resolved = { address: '127.0.0.1', family: 4 };
const authority = newAuthority();
let receiver: HttpsReceiver;

beforeAll(async () => {
  receiver = await HttpsReceiver.start(authority.issue([`DNS:${HOST}`, 'IP:127.0.0.1']));
});
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.connections = 0;
  receiver.behave = answering(200);
});

const post = (config: Partial<HttpsPostConfig> = {}) =>
  new HttpsPost({
    allowPrivateAddresses: true,
    certificateAuthorities: [authority.cert],
    resolve: async () => [LOOPBACK],
    connectMs: 2_000,
    wholeMs: 2_000,
    ...config,
  });
const url = (path = '/keyturn?to=me', host = HOST) => `https://${host}:${receiver.port}${path}`;
const send = (config: Partial<HttpsPostConfig> = {}, to = url()) =>
  post(config).post(to, { 'webhook-id': 'msg_1' }, '{"type":"key.issued"}');

describe('a receiver that works', () => {
  it('gets the body as it was signed, and the headers', async () => {
    expect(await send()).toMatchObject({ outcome: 'answered', status: 200 });

    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]).toMatchObject({
      method: 'POST',
      path: '/keyturn?to=me',
      body: '{"type":"key.issued"}',
      headers: {
        'webhook-id': 'msg_1',
        'content-type': 'application/json',
        'content-length': '21',
        host: `${HOST}:${receiver.port}`,
      },
    });
  });

  it.each([
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('may say with %j when to come again', async (headers, retryAfterMs) => {
    receiver.behave = answering(503, headers);
    const posted = await send();
    expect(posted).toMatchObject({ outcome: 'answered', status: 503 });
    expect((posted as { retryAfterMs?: number }).retryAfterMs).toBe(retryAfterMs);
  });

  it('may say so by a date too', async () => {
    receiver.behave = answering(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const posted = (await send()) as { retryAfterMs: number };
    expect(posted.retryAfterMs).toBeGreaterThan(50_000);
    expect(posted.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('is quoted shortly, on one line, without control characters and without a key', async () => {
    const key = `mk_live_Ab3dEf7hIj9L_${'s'.repeat(43)}123456`;
    receiver.behave = answering(200, {}, `ok\u001b[2J\r\n${key}\u2028 ${'x'.repeat(500)}`);
    const { body } = (await send()) as { body: string };
    expect(body).toMatch(/^ok \[2J mk_live_Ab3dEf7hIj9L_\[redacted\] x+$/);
    expect(body).toHaveLength(200);
  });
});

describe('a receiver that does not', () => {
  it.each([301, 302, 307, 308])('answers %d to another place, which is not called', async (status) => {
    const elsewhere = await HttpsReceiver.start(authority.issue([`DNS:${HOST}`]));
    receiver.behave = answering(status, { location: `https://${HOST}:${elsewhere.port}/latest/meta-data` });

    expect(await send()).toMatchObject({ outcome: 'answered', status });
    expect(elsewhere.connections).toBe(0);
    await elsewhere.stop();
  });

  it('never answers: it is left after its time', async () => {
    receiver.behave = () => undefined;
    const posted = await send({ wholeMs: 200 });
    expect(posted).toMatchObject({ outcome: 'unreachable', why: 'It did not answer within 0.2 s.' });
    expect(posted.durationMs).toBeLessThan(2_000);
  });

  it('drips its headers byte by byte: its time is over all the same', async () => {
    receiver.behave = (_response, _call, { socket }) => {
      const answer = 'HTTP/1.1 200 OK\r\nx-slow: '.padEnd(500, 'x');
      let sent = 0;
      const timer = setInterval(() => socket.write(answer.charAt(sent++)), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const posted = await send({ wholeMs: 300 });
    expect(posted).toMatchObject({ outcome: 'unreachable', why: 'It did not answer within 0.3 s.' });
    expect(posted.durationMs).toBeLessThan(2_000);
  });

  it('says 200 and drips its body: what it said counts, and nobody waits for the rest', async () => {
    receiver.behave = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    };
    const posted = await send();
    expect(posted).toMatchObject({ outcome: 'answered', status: 200 });
    expect(posted.durationMs).toBeLessThan(2_000);
  });

  it('sends a body without end: a kilobyte of it is read', async () => {
    let written = 0;
    receiver.behave = (response) => {
      response.writeHead(200);
      const flood = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
        written += 16_384;
      };
      response.on('drain', flood);
      flood();
    };
    const posted = (await send()) as { body: string; durationMs: number };
    expect(posted.body).toHaveLength(200);
    expect(posted.durationMs).toBeLessThan(1_000);
    expect(written).toBeLessThan(50_000_000);
  });

  it('sends headers without end', async () => {
    receiver.behave = (_response, _call, { socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\n${'x-long: y\r\n'.repeat(10_000)}`);
    };
    expect(await send()).toMatchObject({
      outcome: 'unreachable',
      why: 'The headers of its answer are too long.',
    });
  });

  it.each([
    ['closes the connection', '', /^It closed the connection/],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', /^Its answer is no HTTP \(HPE_/],
    [
      'changes the protocol',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      /protocol|closed/,
    ],
  ])('%s', async (_what, answer, why) => {
    receiver.behave = (_response, _call, { socket }) => socket.end(answer);
    const posted = await send();
    expect(posted.outcome).toBe('unreachable');
    expect((posted as { why: string }).why).toMatch(why);
  });

  it('does not listen, or not with TLS', async () => {
    const plain = createServer((socket) => socket.resume().end('HTTP/1.1 200 OK\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as { port: number };
    expect(await send({}, `https://${HOST}:${port}/`)).toMatchObject({
      outcome: 'unreachable',
      why: 'It does not speak TLS as it should.',
    });
    await new Promise((resolve) => plain.close(resolve));
    expect(await send({}, `https://${HOST}:${port}/`)).toMatchObject({
      outcome: 'unreachable',
      why: 'Nothing listens there: the connection is refused.',
    });
  });

  it('takes the connection and never shakes hands', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    expect(await send({ connectMs: 200 }, `https://${HOST}:${port}/`)).toMatchObject({
      outcome: 'unreachable',
      why: 'No connection was made within 0.2 s.',
    });
    silent.close();
  });
});

describe('a certificate', () => {
  async function whyOf(names: readonly string[], from = authority, days = 2): Promise<string> {
    const other = await HttpsReceiver.start(from.issue(names, days));
    const posted = await send({}, `https://${HOST}:${other.port}/`);
    expect(other.received).toEqual([]);
    await other.stop();
    return (posted as { why: string }).why;
  }

  it('of another name is refused, though it is of the address', async () => {
    expect(await whyOf(['DNS:other.example.com', 'IP:127.0.0.1'])).toBe(
      'Its certificate is not of its name.',
    );
  });

  it('of another authority is refused, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    expect(await whyOf([`DNS:${HOST}`], newAuthority())).toMatch(/not trusted/);
    vi.unstubAllEnvs();
  });

  it('that has ended is refused', async () => {
    expect(await whyOf([`DNS:${HOST}`], authority, -1)).toBe('Its certificate has expired.');
  });

  it('may be of an authority of the deployment, and of each that Node.js trusts all the same', async () => {
    const request = vi.spyOn(https, 'request');
    expect(await send()).toMatchObject({ outcome: 'answered' });
    const [, options] = request.mock.calls[0] as unknown as [URL, { readonly ca: readonly string[] }];
    expect(options.ca).toEqual([...rootCertificates, authority.cert]);
    request.mockRestore();
  });

  it('of no authority that is configured is refused', async () => {
    expect(await send({ certificateAuthorities: [] })).toMatchObject({
      outcome: 'unreachable',
      why: 'Its certificate is of an authority that is not trusted.',
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('the guard', () => {
  const guarded = (addresses: readonly string[]) => ({
    allowPrivateAddresses: false,
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });

  it.each([
    ['127.0.0.1', /of this host itself/],
    ['10.0.0.7', /of a private network/],
    ['169.254.169.254', /instance metadata/],
    ['::ffff:127.0.0.1', /an IPv4 address written as IPv6/],
    ['fd00:ec2::254', /link-local/],
  ])('refuses a name that resolves to %s, and opens no connection', async (address, why) => {
    const refused = await post(guarded([address])).post(`https://${HOST}/`, {}, '{}');
    expect(refused).toMatchObject({ outcome: 'address', why: expect.stringMatching(why) });
    expect(await post(guarded([address])).trouble(`https://${HOST}/`)).toMatch(why);
    expect(receiver.connections).toBe(0);
  });

  it('refuses a name with one private address among public ones', async () => {
    const refused = await post(guarded(['93.184.216.34', '192.168.1.1'])).post(`https://${HOST}/`, {}, '{}');
    expect(refused).toMatchObject({ outcome: 'address', why: expect.stringContaining('192.168.1.1') });
  });

  it('refuses a name without an address, and says of one that cannot be resolved why', async () => {
    expect(await post(guarded([])).trouble(`https://${HOST}/`)).toBe(`The name ${HOST} has no address.`);
    const failing = post({
      allowPrivateAddresses: false,
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
    });
    expect(await failing.trouble(`https://${HOST}/`)).toBe('Its name does not resolve.');
    expect(await failing.post(`https://${HOST}/`, {}, '{}')).toMatchObject({
      outcome: 'unreachable',
      why: 'Its name does not resolve.',
    });
  });

  it('lets no name be rebound: it is resolved once for a call, checked, and connected to as checked', async () => {
    const answers = ['127.0.0.1', '10.0.0.7'];
    const resolve = vi.fn(async () => [{ address: answers.shift() ?? '10.0.0.7', family: 4 }]);

    expect(await send({ resolve })).toMatchObject({ outcome: 'answered', status: 200 });
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('checks anew at each call: a name that has moved inside since it was added is refused', async () => {
    const answers = ['93.184.216.34', '127.0.0.1'];
    const moving = post({
      allowPrivateAddresses: false,
      resolve: async () => [{ address: answers.shift() as string, family: 4 }],
    });
    expect(await moving.trouble(`https://${HOST}/`)).toBeUndefined();
    expect(await moving.post(`https://${HOST}/`, {}, '{}')).toMatchObject({ outcome: 'address' });
    expect(receiver.connections).toBe(0);
  });

  it('refuses literal addresses, which nobody resolves', async () => {
    const resolve = vi.fn(async () => [LOOPBACK]);
    const strict = post({ allowPrivateAddresses: false, resolve });
    expect(await strict.post('https://127.0.0.1/', {}, '{}')).toMatchObject({ outcome: 'address' });
    expect(await strict.trouble('https://[::1]/')).toMatch(/of this host itself/);
    expect(resolve).not.toHaveBeenCalled();
  });

  it('takes no proxy from the environment', async () => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:9');
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await send()).toMatchObject({ outcome: 'answered', status: 200 });
    vi.unstubAllEnvs();
  });
});
