/** The renewal function as deployed, on AWS of the test. */
import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import type { handler } from '../../lambdas/functions/renewal/handler.ts';
import type { RenewalEvent } from '../../lambdas/functions/renewal/request.ts';
import { environmentFor, type FakeAws, Fault } from './fake-aws.ts';
import { serveTable } from './fake-table.ts';

export const DELIVERY_URL = 'https://keys.example.com/keys';
export const CHALLENGE_SECRET = 'the-secret-of-challenges-in-the-tests-of-the-function';

/** A table, the secret of challenges, and a key service that opens what was sealed by the admin function. */
export function serveRenewals(aws: FakeAws): ReturnType<typeof serveTable> {
  const dataKey = randomBytes(32).toString('base64');
  aws.operations['GetSecretValue'] = () => ({ SecretString: CHALLENGE_SECRET });
  aws.operations['GenerateDataKey'] = () => ({ Plaintext: dataKey, CiphertextBlob: 'd3JhcHBlZA==' });
  aws.operations['Decrypt'] = () => ({ Plaintext: dataKey });
  const items = serveTable(aws);
  aws.operations['PutItem'] = ({ Item }) => {
    const { pk, sk } = Item as { pk: { S: string }; sk: { S: string } };
    const name = `${pk.S}/${sk.S}`;
    if (items.has(name)) return new Fault(400, 'ConditionalCheckFailedException');
    items.set(name, Item as never);
    return {};
  };
  return items;
}

export async function loadRenewal(aws: FakeAws): Promise<typeof handler> {
  const variables = {
    ...environmentFor(aws),
    TABLE_NAME: 'Keys',
    SEAL_KEY_ID: 'arn:aws:kms:us-east-1:123456789012:key/seal',
    NOTIFIES: 'true',
    CHALLENGE_SECRET_ID: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Challenges',
    DELIVERY_URL,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return (await import('../../lambdas/functions/renewal/handler.ts')).handler;
}

/** As API Gateway sends it. */
export const renewalEvent = (
  resource: string,
  keyId: string,
  body: unknown,
  authorizer?: Readonly<Record<string, unknown>>,
): RenewalEvent => ({
  resource,
  pathParameters: { keyId },
  body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  requestContext: {
    requestId: 'request-1',
    identity: { sourceIp: '203.0.113.7', userAgent: 'agent/1.0' },
    ...(authorizer ? { authorizer } : {}),
  },
});
