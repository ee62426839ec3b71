/**
 * An authorizer as one would write it in an afternoon with the SDK's document client: the same read, the same hash, one
 * line of log, a policy. No checksum, no scopes, no addresses, no count of uses, no metrics, no warning.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { readOf } from './read.ts';

interface Event {
  readonly methodArn: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Version {
  readonly version: number;
  readonly status: string;
  readonly hash: string;
}

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const plainAuthorizer = (pepper: string) => async (event: Event) => {
  const key = (event.headers['Authorization'] ?? '').slice('Bearer '.length);
  const keyId = key.split('_')[2] ?? '';
  const { Item } = await documents.send(new GetCommand(readOf(keyId)));
  const hash = createHmac('sha256', pepper).update(key).digest();
  const version = ((Item?.['versions'] ?? []) as Version[]).find(
    (each) => each.status === 'active' && timingSafeEqual(Buffer.from(each.hash, 'base64url'), hash),
  );
  const allowed = Item?.['status'] === 'enabled' && version !== undefined;
  console.log(JSON.stringify({ level: 'INFO', message: 'decision', keyId, allowed }));
  if (!allowed) throw new Error('Unauthorized');
  return {
    principalId: keyId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
    context: { keyId, owner: Item?.['owner'], keyVersion: String(version?.version) },
  };
};
