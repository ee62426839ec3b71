/** The claim function as deployed, on AWS of the test. */
import { randomBytes } from 'node:crypto';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { vi } from 'vitest';
import { newKeyItem, partitionOf, sealedSortKey } from '../../lambdas/adapters/dynamodb/key-item.ts';
import { EnvelopeSealer } from '../../lambdas/adapters/kms/envelope-sealer.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import { tokenHash } from '../../lambdas/core/use-cases/offer-link.ts';
import type { handler } from '../../lambdas/functions/claim/handler.ts';
import type { ClaimEvent } from '../../lambdas/functions/claim/request.ts';
import { environmentFor, type FakeAws, Fault } from './fake-aws.ts';
import { serveTable } from './fake-table.ts';

const SEAL_KEY = 'arn:aws:kms:us-east-1:123456789012:key/seal';

type Handler = typeof handler;

export interface Linked {
  readonly record: KeyRecord;
  readonly text: string;
  readonly token: string;
}

/** A table, a counter in it, and a key service; this key of version 1 waits behind its link. */
export async function serveClaims(
  aws: FakeAws,
  { record, text, token }: Linked,
): Promise<ReturnType<typeof serveTable>> {
  const dataKey = randomBytes(32).toString('base64');
  aws.operations['GenerateDataKey'] = () => ({ Plaintext: dataKey, CiphertextBlob: 'd3JhcHBlZA==' });
  aws.operations['Decrypt'] = () => ({ Plaintext: dataKey });
  const items = serveTable(aws);
  aws.operations['UpdateItem'] = ({ Key, ExpressionAttributeValues }) => {
    const { pk, sk } = Key as { pk: { S: string }; sk: { S: string } };
    const most = Number((ExpressionAttributeValues as Record<string, { N: string }>)[':most']?.N);
    const item = items.get(`${pk.S}/${sk.S}`);
    const before = item ? Number(unmarshall(item as never)['tries']) : 0;
    if (before >= most) return new Fault(400, 'ConditionalCheckFailedException');
    items.set(`${pk.S}/${sk.S}`, marshall({ tries: before + 1 }) as never);
    return { Attributes: marshall({ tries: before + 1 }) };
  };
  const { KMSClient } = await import('@aws-sdk/client-kms');
  const { keyId, environment } = record;
  const context = { keyId, version: 1, environment };
  const expiresAtMs = Date.now() + 60_000;
  const sealed = await new EnvelopeSealer(new KMSClient({}), SEAL_KEY).seal(
    new Plaintext(text),
    context,
    expiresAtMs,
  );
  const offer = {
    by: 'claim-link',
    atMs: Date.now(),
    link: { tokenHash: tokenHash(token), expiresAtMs },
  } as const;
  const versions = record.versions.map(({ receivedAtMs: _at, receivedBy: _by, ...version }) => ({
    ...version,
    offer,
  }));
  const pk = partitionOf(keyId);
  items.set(`${pk}/META`, marshall(newKeyItem({ ...record, versions })) as never);
  items.set(`${pk}/${sealedSortKey(1)}`, marshall({ pk, sk: sealedSortKey(1), sealed }) as never);
  aws.calls.length = 0;
  return items;
}

export async function loadClaim(aws: FakeAws): Promise<Handler> {
  const variables = { ...environmentFor(aws), TABLE_NAME: 'Keys', SEAL_KEY_ID: SEAL_KEY, NOTIFIES: 'true' };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return (await import('../../lambdas/functions/claim/handler.ts')).handler;
}

/** As API Gateway sends what a browser does on the page. */
export const claimEvent = (
  httpMethod: string,
  keyId: string,
  token: string,
  { action, headers }: { readonly action?: string; readonly headers?: ClaimEvent['headers'] } = {},
): ClaimEvent => ({
  resource: '/claim/{keyId}/{token}',
  httpMethod,
  pathParameters: { keyId, token },
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'null', ...headers },
  body: action === undefined ? null : `action=${action}`,
  requestContext: {
    requestId: 'request-1',
    identity: { sourceIp: '203.0.113.7', userAgent: 'browser/1.0' },
  },
});
