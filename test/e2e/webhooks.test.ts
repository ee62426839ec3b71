/** Webhooks of the deployed stack, to receivers over real TLS that work, fail for a while, hang, or lead elsewhere. */
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { WebhookTryView } from '../../lambdas/functions/admin/webhook-contract.ts';
import { answering, HttpsReceiver, type ReceivedCall } from '../support/https-receiver.ts';
import { keyturn } from './support/command-line.ts';
import { admin, ask, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { RECEIVER_ADDRESS } from './support/receiver-address.ts';

/** The second try of what has failed comes with the next minute's look at what is due. */
const RETRIED_MS = 150_000;
const HOST = RECEIVER_ADDRESS.includes(':') ? `[${RECEIVER_ADDRESS}]` : RECEIVER_ADDRESS;
const certificate = inject('webhookCertificate');
const receivers: HttpsReceiver[] = [];

interface Registered {
  readonly receiver: HttpsReceiver;
  readonly webhookId: string;
  readonly secret: string;
}

async function receiver(): Promise<HttpsReceiver> {
  if (!certificate) throw new Error('The deployed functions trust no certificate of a test.');
  const started = await HttpsReceiver.start(certificate, RECEIVER_ADDRESS);
  receivers.push(started);
  return started;
}

async function registered(input: object = {}): Promise<Registered> {
  const started = await receiver();
  const url = `https://${HOST}:${started.port}/keyturn`;
  const { webhookId, secret } = await admin('add-webhook', { url, ...input });
  return { receiver: started, webhookId, secret };
}

/** As a receiver's own code reads it, which throws at what is not signed. */
const verified = ({ body, headers }: ReceivedCall, secret: string) =>
  new Verifier(secret).verify(body, headers as Record<string, string>) as {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
const aboutKey = ({ receiver: { received } }: Registered, keyId: string, type: string): ReceivedCall[] =>
  received.filter(({ body }) => JSON.parse(body).type === type && JSON.parse(body).data.keyId === keyId);
const deliveriesOf = async (webhookId: string): Promise<readonly WebhookTryView[]> =>
  (await admin('webhook', { webhookId })).deliveries;

let working: Registered;
beforeAll(async () => {
  working = await registered();
});
afterAll(async () => {
  await Promise.all(receivers.map((each) => each.stop()));
});

test('a receiver that works is told of a key once, in a body that its own library verifies', async () => {
  const other = await registered({ owner: 'somebody-else@example.com' });
  const { keyId, key } = await issueKey();

  const calls = await eventually(
    'The event',
    async () => aboutKey(working, keyId, 'key.issued'),
    ({ length }) => length > 0,
  );
  expect(verified(calls[0] as ReceivedCall, working.secret)).toMatchObject({
    type: 'key.issued',
    data: { keyId, chain: `key/${keyId}`, sequence: 1, owner: 'end-to-end@example.com', environment: 'test' },
  });
  await admin('disable', { keyId, reason: 'End-to-end test' });
  await eventually(
    'The next event',
    async () => aboutKey(working, keyId, 'key.disabled'),
    ({ length }) => length > 0,
  );

  expect(aboutKey(working, keyId, 'key.issued')).toHaveLength(1);
  const ids = working.receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(ids.length);
  expect(working.receiver.received.map(({ body }) => body).join()).not.toContain(key);
  expect(other.receiver.received).toEqual([]);
});

test('a receiver that fails and recovers takes the same event later', async () => {
  const failing = await registered({ events: ['key.issued'] });
  failing.receiver.behave = (response) => {
    response.writeHead(failing.receiver.received.length > 1 ? 204 : 500).end();
  };
  const { keyId } = await issueKey();
  const calls = await eventually(
    'The second try',
    async () => aboutKey(failing, keyId, 'key.issued'),
    ({ length }) => length > 1,
    RETRIED_MS,
  );
  const [first, second] = calls as [ReceivedCall, ReceivedCall];
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.body).toBe(first.body);
  expect(verified(second, failing.secret).type).toBe('key.issued');
  const log = await eventually(
    'The log',
    () => deliveriesOf(failing.webhookId),
    ({ length }) => length > 1,
  );
  expect(log.map(({ attempt, delivered, status }) => ({ attempt, delivered, status }))).toEqual([
    { attempt: 2, delivered: true, status: 204 },
    { attempt: 1, delivered: false, status: 500 },
  ]);
});

test('a receiver that hangs is left after its time, and one that redirects leads nowhere; others are told meanwhile', async () => {
  const hanging = await registered({ events: ['key.issued'] });
  hanging.receiver.behave = () => undefined;
  const inside = await receiver();
  const redirecting = await registered({ events: ['key.issued'] });
  redirecting.receiver.behave = answering(307, {
    location: `https://${HOST}:${inside.port}/latest/meta-data`,
  });

  const { keyId } = await issueKey();

  await eventually(
    'The event',
    async () => aboutKey(working, keyId, 'key.issued'),
    ({ length }) => length > 0,
  );
  const hung = await eventually(
    'The hung try',
    () => deliveriesOf(hanging.webhookId),
    ({ length }) => length > 0,
  );
  expect(hung[0]).toMatchObject({
    delivered: false,
    status: null,
    failure: 'It did not answer within 15 s.',
  });
  const redirected = await eventually(
    'The redirected try',
    () => deliveriesOf(redirecting.webhookId),
    ({ length }) => length > 0,
  );
  expect(redirected[0]).toMatchObject({
    delivered: false,
    status: 307,
    failure: expect.stringContaining('not followed'),
  });
  expect(inside.connections).toBe(0);
  for (const { webhookId } of [hanging, redirecting]) await admin('remove-webhook', { webhookId });
});

test('one that says 410 is disabled, and global webhooks are told', async () => {
  const gone = await registered({ events: ['key.issued'] });
  gone.receiver.behave = answering(410);
  await issueKey();
  await eventually(
    'Its end',
    () => admin('webhook', { webhookId: gone.webhookId }),
    ({ status }) => status === 'disabled',
  );
  const told = await eventually(
    'The event of its end',
    async () => working.receiver.received.map((call) => verified(call, working.secret)),
    (events) =>
      events.some(({ type, data }) => type === 'webhook.disabled' && data['webhookId'] === gone.webhookId),
  );
  expect(told.length).toBeGreaterThan(0);
});

test('the command adds, tests, rotates the secret and removes', async () => {
  const own = await receiver();
  const url = `https://${HOST}:${own.port}/hook`;
  const added = await keyturn('webhooks', 'add', url, '--event', 'key.revoked', '--json');
  expect(added.code, added.stderr).toBe(0);
  const { webhookId, secret } = JSON.parse(added.stdout);

  const tested = await keyturn('webhooks', 'test', webhookId);
  expect(tested.code, tested.stdout + tested.stderr).toBe(0);
  expect(verified(own.received[0] as ReceivedCall, secret)).toMatchObject({
    type: 'webhook.test',
    data: { webhookId },
  });

  const rotated = await keyturn('webhooks', 'rotate-secret', webhookId, '--json');
  await keyturn('webhooks', 'test', webhookId);
  for (const each of [secret, JSON.parse(rotated.stdout).secret]) {
    expect(verified(own.received[1] as ReceivedCall, each).type).toBe('webhook.test');
  }

  own.behave = answering(500);
  expect((await keyturn('webhooks', 'test', webhookId)).code).toBe(1);
  const shown = await keyturn('webhooks', 'show', webhookId);
  expect(shown.stdout).toMatch(/test .*It answered 500\./);
  expect((await keyturn('webhooks', 'remove', webhookId, '--yes')).code).toBe(0);
  expect((await keyturn('webhooks', 'test', webhookId, '--json')).code).toBe(1);
});

test('an address that is never to be called is refused, whatever the deployment allows', async () => {
  for (const url of [
    'https://169.254.169.254/latest/meta-data',
    'https://0x7f.1/',
    'http://127.0.0.1/',
    'https://a:b@127.0.0.1/',
  ]) {
    expect(await ask('add-webhook', { url })).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  }
});
