/** The renewal function's handler: events of API Gateway in, answers out, no key in its log. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { newKeyItem, partitionOf, sealedSortKey } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { EnvelopeSealer } from '../../../lambdas/adapters/kms/envelope-sealer.ts';
import type { KeyRecord } from '../../../lambdas/core/domain/key-record.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { LONGEST_BODY } from '../../../rules/delivery-paths.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { issuedKey } from '../../support/issued-key.ts';
import {
  CHALLENGE_SECRET,
  DELIVERY_URL,
  loadRenewal,
  renewalEvent,
  serveRenewals,
} from '../../support/renewal-bench.ts';
import { registered } from '../../support/renewal-world.ts';
import { renewingClient } from '../../support/renewing-client.ts';

const RENEW = '/renewals/{keyId}';
const CHALLENGE = `${RENEW}/challenge`;
const PROPOSAL = `${RENEW}/proposal`;

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadRenewal(aws);
const client = await renewingClient();
const { record: plain, text } = await issuedKey();
const enrolled: KeyRecord = { ...plain, delivery: 'renewal-key', destination: registered(client) };
const { keyId } = plain;

/** Version 1 of this key waits for its client, or for an operator. */
async function serve(record: KeyRecord): Promise<void> {
  const items = serveRenewals(aws);
  const { KMSClient } = await import('@aws-sdk/client-kms');
  const sealer = new EnvelopeSealer(new KMSClient({}), 'arn:aws:kms:us-east-1:123456789012:key/seal');
  const context = { keyId, version: 1, environment: record.environment };
  const sealed = await sealer.seal(new Plaintext(text), context, Date.now() + 60_000);
  const versions = record.versions.map(({ receivedAtMs: _at, receivedBy: _by, ...version }) => version);
  items.set(`${partitionOf(keyId)}/META`, marshall(newKeyItem({ ...record, versions })) as never);
  const item = { pk: partitionOf(keyId), sk: sealedSortKey(1), sealed };
  items.set(`${item.pk}/${item.sk}`, marshall(item) as never);
  aws.calls.length = 0;
}

beforeEach(async () => {
  await serve(enrolled);
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

async function challenged(id = keyId): Promise<string> {
  const { statusCode, body } = await handler(renewalEvent(CHALLENGE, id, undefined));
  expect(statusCode).toBe(200);
  return (JSON.parse(body) as { challenge: string }).challenge;
}

const audience = `${DELIVERY_URL}/renewals/${keyId}`;
const proof = async (challenge: string) => client.prove({ challenge, audience, keyId });
const proposal = async (challenge: string) =>
  client.prove(
    { challenge, audience, keyId },
    {
      header: { typ: 'keyturn-proposal+jwt' },
      claims: { answerKey: undefined, publicKey: client.publicKey },
    },
  );
const writes = () => aws.calls.filter(({ target }) => /Put|Write|Update/.test(target)).length;

describe('a renewal', () => {
  it('is a challenge, a proof and a JWE, which nobody may keep and any page may read', async () => {
    const answer = await handler(renewalEvent(RENEW, keyId, { proof: await proof(await challenged()) }));

    expect(answer).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'access-control-allow-origin': '*',
      },
    });
    const { jwe, ...more } = JSON.parse(answer.body) as { jwe: string };
    expect(more).toEqual({});
    expect(await client.open(jwe)).toEqual({ keyId, version: 1, key: text });
  });

  it('is one line of the log with its metric, and has no key, proof or challenge in it', async () => {
    const challenge = await challenged();
    const sent = await proof(challenge);
    output.clear();
    const { body } = await handler(renewalEvent(RENEW, keyId, { proof: sent }));

    const [line, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      level: 'INFO',
      route: RENEW,
      keyId,
      outcome: 'renewed',
      version: 1,
      requestId: 'request-1',
      KeysRenewed: 1,
    });
    const { jwe } = JSON.parse(body) as { jwe: string };
    for (const secret of [text.slice(-49), sent, challenge, jwe, CHALLENGE_SECRET]) {
      expect(output.text()).not.toContain(secret);
      if (secret !== CHALLENGE_SECRET) expect(JSON.stringify(aws.calls)).not.toContain(secret);
    }
  });

  it('that was answered before is said to be so in the log', async () => {
    for (const outcome of ['renewed', 'renewed-again']) {
      const sent = await proof(await challenged());
      output.clear();
      expect((await handler(renewalEvent(RENEW, keyId, { proof: sent }))).statusCode).toBe(200);
      expect(output.lines()).toEqual([expect.objectContaining({ outcome })]);
    }
  });

  it('with nothing to give is 409, said to the holder of the private key alone', async () => {
    await serve({ ...enrolled, firstUsesMs: { '1': 1 }, status: 'disabled' });
    const answer = await handler(renewalEvent(RENEW, keyId, { proof: await proof(await challenged()) }));
    expect(answer.statusCode).toBe(409);
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'nothing_waits' });
  });
});

describe('a refusal', () => {
  const bodies: [string, () => Promise<unknown>, string][] = [
    ['no body', async () => undefined, keyId],
    ['no JSON', async () => 'proof', keyId],
    ['null', async () => 'null', keyId],
    ['another field', async () => ({ key: text }), keyId],
    ['a body that is too long', async () => `{"proof":"${'x'.repeat(LONGEST_BODY)}"}`, keyId],
    ['a proof without its challenge', async () => ({ proof: await proof('made-up') }), keyId],
    ['a key that is not there', async () => ({ proof: await proof(await challenged()) }), 'NoSuchKey000'],
  ];

  it.each(bodies)(
    'of %s is the same answer, after the same time at least, and tells the log why',
    async (...of) => {
      const [, body, id] = of;
      const sent = await body();
      output.clear();
      const startedMs = performance.now();
      const answer = await handler(renewalEvent(RENEW, id, sent));
      expect(performance.now() - startedMs).toBeGreaterThan(200);
      expect(answer).toMatchObject({ statusCode: 401 });
      expect(JSON.parse(answer.body)).toEqual({ error: 'refused', message: 'The proof is not accepted.' });
      expect(output.lines()).toEqual([
        expect.objectContaining({
          level: 'WARN',
          outcome: 'refused',
          fault: expect.stringMatching(/malformed|challenge|no-public-key/),
          RenewalsRefused: 1,
        }),
      ]);
      expect(output.text()).not.toContain(text.slice(-49));
    },
  );

  it('is written down once, and costs one read and no write after that', async () => {
    for (let times = 0; times < 3; times += 1) await handler(renewalEvent(RENEW, keyId, { proof: 'x.y.z' }));
    expect(aws.bodiesOf('TransactWriteItems')).toHaveLength(1);
    aws.calls.length = 0;
    await handler(renewalEvent(RENEW, keyId, { proof: 'x.y.z' }));
    expect(aws.calls.map(({ target }) => target.split('.').at(-1))).toEqual(['GetItem']);
  });
});

describe('a challenge', () => {
  it('reads and writes nothing, and is there for any key', async () => {
    await challenged();
    aws.calls.length = 0;
    await challenged('NoSuchKey000');
    expect(aws.calls).toEqual([]);
  });
});

describe('a proposal', () => {
  const authorizer = { keyId, keyVersion: '1', keyStatus: 'active' };
  beforeEach(() => serve(plain));

  it('is accepted for an operator to look at, of the key that the authorizer found', async () => {
    const sent = { proof: await proposal(await challenged()) };
    const answer = await handler(renewalEvent(PROPOSAL, keyId, sent, authorizer));
    expect(answer.statusCode).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ thumbprint: client.thumbprint });
    expect(output.lines().at(-1)).toMatchObject({ outcome: 'proposed', RenewalKeysProposed: 1, version: 1 });
    const [{ TransactItems } = { TransactItems: [] }] = aws.bodiesOf('TransactWriteItems') as {
      TransactItems: unknown[];
    }[];
    expect(JSON.stringify(TransactItems)).toContain('agent/1.0');
  });

  it.each([
    ['without an authorizer', undefined],
    ['of another key', { ...authorizer, keyId: 'OtherKey0001' }],
  ])('%s is refused before anything is looked at', async (_what, found) => {
    const sent = { proof: await proposal(await challenged()) };
    aws.calls.length = 0;
    const answer = await handler(renewalEvent(PROPOSAL, keyId, sent, found));
    expect(answer.statusCode).toBe(403);
    expect(aws.calls).toEqual([]);
  });

  it.each([
    ['with an old version', { ...authorizer, keyVersion: '2' }, 409, 'not_active'],
    ['without a version', { keyId }, 409, 'not_active'],
  ])('%s is refused', async (_what, found, statusCode, error) => {
    const sent = { proof: await proposal(await challenged()) };
    const answer = await handler(renewalEvent(PROPOSAL, keyId, sent, found));
    expect(answer.statusCode).toBe(statusCode);
    expect(JSON.parse(answer.body)).toMatchObject({ error });
  });

  it('by a proof to renew is refused', async () => {
    const sent = { proof: await proof(await challenged()) };
    expect((await handler(renewalEvent(PROPOSAL, keyId, sent, authorizer))).statusCode).toBe(401);
    expect(writes()).toBe(0);
  });

  it('keeps no name of a client that holds a key', async () => {
    const event = renewalEvent(PROPOSAL, keyId, { proof: await proposal(await challenged()) }, authorizer);
    const identity = { sourceIp: '203.0.113.7', userAgent: `agent ${text}` };
    await handler({ ...event, requestContext: { ...event.requestContext, identity } });
    expect(JSON.stringify(aws.calls) + output.text()).not.toContain(text.slice(-49));
    expect(JSON.stringify(aws.bodiesOf('TransactWriteItems'))).toContain('unstated');
  });
});

describe('what is no request here', () => {
  it.each([
    ['another route', '/renewals', keyId],
    ['a property of an object', 'constructor', keyId],
    ['a key id that is none', RENEW, '../META'],
    ['a whole key', RENEW, text],
  ])('%s is 400, and nothing of it is logged', async (_what, resource, id) => {
    expect((await handler(renewalEvent(resource, id, {}))).statusCode).toBe(400);
    expect(output.text()).toBe('');
    expect(aws.calls).toEqual([]);
  });
});

describe('a fault', () => {
  it.each(['GetItem', 'PutItem', 'TransactWriteItems', 'Decrypt'])(
    'of %s is 500, counted, and gives nothing away',
    async (operation) => {
      const sent = { proof: await proof(await challenged()) };
      output.clear();
      aws.operations[operation] = () => new Fault(400, 'AccessDeniedException');
      const answer = await handler(renewalEvent(RENEW, keyId, sent));
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toMatch(/Denied|jwe/);
      expect(output.lines()).toEqual([
        expect.objectContaining({ level: 'ERROR', fault: 'AccessDeniedException', RenewalFault: 1 }),
      ]);
    },
  );
});

describe('a seal that was altered', () => {
  it('gives nothing, is an alarm, and is on record', async () => {
    const sent = { proof: await proof(await challenged()) };
    output.clear();
    aws.operations['Decrypt'] = () => ({ Plaintext: Buffer.alloc(32).toString('base64') });
    const answer = await handler(renewalEvent(RENEW, keyId, sent));
    expect(answer.statusCode).toBe(500);
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', keyId, SealBroken: 1 }),
      expect.objectContaining({ level: 'ERROR', fault: 'SealBroken', RenewalFault: 1 }),
    ]);
    expect(JSON.stringify(aws.bodiesOf('TransactWriteItems'))).toContain('security.seal-broken');
  });
});
