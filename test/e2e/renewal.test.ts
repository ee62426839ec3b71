/** Clients that renew their keys by themselves, on the deployed stack. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyHolder, type KeyHolder, type KeyHolderEvent } from '../../client/src/key-holder.ts';
import { type HeldKeys, memoryStore } from '../../client/src/key-store.ts';
import { newSigningKey, type SigningKey } from '../../client/src/signing-key.ts';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { renewingClient } from '../support/renewing-client.ts';
import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, ask, cloud, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, expectNowhere } from './support/leaks.ts';
import { bearer, postCall, whoami } from './support/mcp.ts';
import { SteadyCaller } from './support/steady-caller.ts';
import { followToRefusal } from './support/whole-rotation.ts';
import { archiveEvents } from './support/written/messages.ts';

const [REST, HTTP] = APIS;
const DELIVERY_URL = cloud.outputs['DeliveryUrl'] as string;
const MCP_CALL_MS = 400;

interface Held {
  readonly holder: KeyHolder;
  readonly events: KeyHolderEvent[];
  readonly kept: () => Promise<HeldKeys | undefined>;
}

function hold(keyId: string, signingKey: SigningKey, keys?: HeldKeys): Held {
  const store = memoryStore(keys);
  const events: KeyHolderEvent[] = [];
  const holder = createKeyHolder({
    keyId,
    renewalUrl: DELIVERY_URL,
    apis: [REST.url, HTTP.url],
    signingKey,
    store,
    onEvent: (event) => events.push(event),
    pace: { jitterMs: 500, firstBackoffMs: 500 },
  });
  return { holder, events, kept: () => store.load() };
}

/** A key whose client has registered a public key, by an operator who has its file. */
async function issueFor(signingKey: SigningKey): Promise<string> {
  const { keyId, thumbprint } = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'End-to-end test',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'renewal-key',
    publicKey: { ...signingKey.publicJwk },
  });
  expect(thumbprint).toBe(signingKey.thumbprint);
  return keyId;
}

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${DELIVERY_URL}/renewals/${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...headers },
  });

async function challengeFor(keyId: string): Promise<string> {
  const { challenge } = (await (await post(`${keyId}/challenge`)).json()) as { challenge: string };
  return challenge;
}

const callByFetch = ({ holder }: Held) => whoami(REST.url, { fetchAs: holder.fetch });

describe('a client that holds its key', () => {
  let held: Held;
  let mcp: Client;
  let keyId: string;

  beforeAll(async () => {
    await archiveEvents();
    const signingKey = await newSigningKey();
    keyId = await issueFor(signingKey);
    held = hold(keyId, signingKey);
    mcp = new Client(
      { name: 'end-to-end-test', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
  });
  afterAll(async () => {
    held.holder.close();
    await mcp.close();
  });

  test('gets its first key by its public key alone: no person ever sees it', async () => {
    expect(await callByFetch(held)).toEqual({ status: 200, version: 1 });
    expect(held.events).toEqual([{ type: 'renewed', version: 1 }]);
    expect((await admin('show', { keyId })).versions[0]?.delivery).toMatchObject({
      by: 'renewal-key',
      receivedBy: 'renewal',
    });
  });

  test('moves by itself while it calls, by fetch and by MCP: no call fails, and the rotation ends migrated', async () => {
    await mcp.connect(new StreamableHTTPClientTransport(new URL(HTTP.url), { fetch: held.holder.fetch }));
    const oldKey = ((await held.kept()) as HeldKeys).current;
    const byFetch = SteadyCaller.start(() => callByFetch(held));
    const byMcp = SteadyCaller.start(async () => {
      const result = await mcp.callTool({ name: 'echo', arguments: { text: 'x' } });
      return { status: result.isError ? 500 : 200 };
    }, MCP_CALL_MS);
    try {
      await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT40S' });
      const delivered = { by: 'renewal-key', receivedBy: 'renewal' } as const;
      await followToRefusal({ keyId, oldKey, caller: byFetch, delivered });
    } finally {
      await Promise.all([byFetch.stop(), byMcp.stop()]);
    }
    expect(held.events).toEqual([
      { type: 'renewed', version: 1 },
      { type: 'renewed', version: 2 },
    ]);
    expect(byMcp.calls.length).toBeGreaterThan(60);
    expect(byMcp.failed).toEqual([]);
    const events = await auditEvents(keyId);
    expect(firstBrokenLink(events)).toBeUndefined();
    expect(events.filter(({ action }) => action === 'version.claimed').map(({ detail }) => detail)).toEqual([
      { version: 1, delivery: 'renewal-key', by: 'renewal' },
      { version: 2, delivery: 'renewal-key', by: 'renewal' },
    ]);
  });

  test('leaves no key in clear anywhere, and no seal of a key that is used', async () => {
    const keys = (await held.kept()) as Required<HeldKeys>;
    const texts = await everything();
    expect(texts.get('table')).toContain(keyId);
    const items = JSON.parse(texts.get('table') as string) as { pk: { S: string }; sk: { S: string } }[];
    const ours = items.filter(({ pk }) => pk.S === `KEY#${keyId}`).map(({ sk }) => sk.S);
    expect(ours.filter((name) => name.startsWith('NONCE#')).length).toBeGreaterThanOrEqual(2);
    expect(ours.filter((name) => name.startsWith('SEALED#'))).toEqual([]);
    expect([...texts.values()].join('\n')).toContain('"outcome":"renewed"');
    expectNowhere(texts, [keys.current, keys.previous]);
  });
});

describe('a client that holds a key and has no public key registered', () => {
  test('proposes one, which is nothing until an operator approves its thumbprint', async () => {
    const signingKey = await newSigningKey({ algorithm: 'EdDSA' });
    const { keyId, key } = await issueKey();
    const { holder, events } = hold(keyId, signingKey, { current: key });
    const { thumbprint } = signingKey;
    expect(await holder.propose()).toEqual({ outcome: 'proposed', thumbprint });
    expect(await holder.renew()).toBe('refused');

    const { proposal } = await admin('renewal', { keyId });
    expect(proposal).toMatchObject({ thumbprint, curve: 'Ed25519', version: 1 });
    const wrong = await ask('approve-renewal', { keyId, thumbprint: 'A'.repeat(43) });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'other-thumbprint' } });
    expect(await admin('approve-renewal', { keyId, thumbprint })).toMatchObject({
      delivery: 'renewal-key',
      registered: { thumbprint },
      proposal: null,
    });

    const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
    await eventually(
      'The new version',
      () => admin('rotation', { keyId, rotationId }),
      (rotation) => rotation?.status === 'dual-key',
    );
    expect(await holder.renew()).toBe('done');
    expect(events.at(-1)).toEqual({ type: 'renewed', version: 2 });
    expect(await whoami(REST.url, { fetchAs: holder.fetch })).toEqual({ status: 200, version: 2 });
    holder.close();
    await admin('revoke', { keyId, reason: 'end of the test' });
  });
});

describe('whoever holds the API key and no private key', () => {
  test('renews nothing, and cannot propose in another’s name', async () => {
    const signingKey = await newSigningKey();
    const keyId = await issueFor(signingKey);
    const { key: other } = await issueKey();
    const thief = await renewingClient();
    const about = {
      challenge: await challengeFor(keyId),
      audience: `${DELIVERY_URL}/renewals/${keyId}`,
      keyId,
    };

    const forged = await post(keyId, { proof: await thief.prove(about) }, bearer(other));
    expect(forged.status).toBe(401);
    expect(await forged.json()).toEqual({ error: 'refused', message: 'The proof is not accepted.' });
    expect((await post(`${keyId}/proposal`, { proof: 'x.y.z' }, bearer(other))).status).toBe(403);
    expect((await post(`${keyId}/proposal`, { proof: 'x.y.z' })).status).toBe(401);
    expect((await post(`${keyId}/proposal`, { proof: 'x.y.z' }, bearer(`${other}x`))).status).toBe(401);

    for (let times = 0; times < 5; times += 1) await post(keyId, { proof: 'x.y.z' });
    const refusals = (await auditEvents(keyId)).filter(({ action }) => action === 'renewal.refused');
    expect(refusals).toHaveLength(1);
    const { holder } = hold(keyId, signingKey);
    expect(await holder.renew()).toBe('done');
    holder.close();
  });

  test('is refused when it sends again what the client has sent', async () => {
    const client = await renewingClient('Ed25519', 'X25519');
    const { keyId } = await admin('issue', {
      owner: 'end-to-end@example.com',
      name: 'End-to-end test',
      environment: 'test',
      scopes: ['tools:*'],
      policy: 'drill',
      delivery: 'renewal-key',
      publicKey: { ...client.publicKey },
    });
    const about = {
      challenge: await challengeFor(keyId),
      audience: `${DELIVERY_URL}/renewals/${keyId}`,
      keyId,
    };
    const proof = await client.prove(about);
    const first = await post(keyId, { proof });
    const { jwe } = (await first.json()) as { jwe: string };
    expect((await postCall(REST.url, bearer((await client.open(jwe)).key))).status).toBe(200);
    expect((await post(keyId, { proof })).status).toBe(401);
    expect((await post(keyId, { proof: await client.prove(about) })).status).toBe(401);
  });
});

describe('the API of renewals', () => {
  test.each<[string, string, unknown, number]>([
    ['a body that is none', 'Ab3dEf6hIj9k', 'proof', 401],
    ['a body with more in it', 'Ab3dEf6hIj9k', { proof: 'x.y.z', key: 'k' }, 401],
    ['a body that is too long', 'Ab3dEf6hIj9k', { proof: 'x'.repeat(9_000) }, 401],
    ['no proof', 'Ab3dEf6hIj9k', {}, 401],
    ['an id that is none', 'short', { proof: 'x.y.z' }, 400],
    ['a path that is none', 'Ab3dEf6hIj9k/more', { proof: 'x.y.z' }, 404],
  ])('answers %s with an error that nobody may keep', async (_what, path, body, status) => {
    const response = await post(path, body);
    // API Gateway itself answers 400 to a body that its model does not fit; the emulator makes no validators.
    expect(response.status === 400 && status === 401 ? 401 : response.status).toBe(status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toHaveProperty('error');
  });

  test('lets pages of other origins ask', async () => {
    const response = await fetch(`${DELIVERY_URL}/renewals/Ab3dEf6hIj9k`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toContain('content-type');
  });
});
