/** The store that does nothing, fed with what the local cloud answers. */
import { fork } from 'node:child_process';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { AUTHORIZING_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { reply } from '../measure/round.ts';
import { credentials, REGION, type Target } from './lambda-environment.ts';

/** The store lives as long as `work`, and no longer than this process. */
export async function withCannedStore<T>(
  { script, latencyMs }: { readonly script: string; readonly latencyMs: number },
  recordedFrom: Target,
  work: (store: Target) => Promise<T>,
): Promise<T> {
  const child = fork(script, {
    env: {
      ...process.env,
      BENCH_ANSWERS: JSON.stringify(await record(recordedFrom)),
      BENCH_LATENCY_MS: String(latencyMs),
    },
    execArgv: [],
  });
  try {
    const port = await reply<number>(child);
    return await work({ ...recordedFrom, endpoint: `http://127.0.0.1:${port}` });
  } finally {
    child.kill('SIGKILL');
  }
}

async function record({ endpoint, table, key, pepper, secretId }: Target): Promise<Record<string, string>> {
  const { Item } = await new DynamoDBClient({ endpoint, region: REGION, credentials }).send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: `KEY#${key.split('_')[2]}` }, sk: { S: 'META' } },
      ConsistentRead: true,
    }),
  );
  const read = Object.fromEntries(AUTHORIZING_ATTRIBUTES.map((name) => [name, Item?.[name]]));
  // Its first use is on record, as that of every key but the newest.
  read['firstUsesMs'] = { M: { '1': { N: String(Date.now()) } } };
  return {
    'DynamoDB_20120810.GetItem': JSON.stringify({ Item: read }),
    'DynamoDB_20120810.UpdateItem': '{}',
    'secretsmanager.GetSecretValue': JSON.stringify({
      ARN: secretId,
      SecretString: JSON.stringify({ current: '1', '1': pepper }),
    }),
  };
}
