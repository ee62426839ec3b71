/** The authorizer's handler as deployed, on a table and a pepper of the test. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { vi } from 'vitest';
import { newKeyItem, partitionOf } from '../../lambdas/adapters/dynamodb/key-item.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { handler } from '../../lambdas/functions/authorizer/handler.ts';
import { environmentFor, type FakeAws } from './fake-aws.ts';
import { PEPPER_SECRET } from './issued-key.ts';

type Handler = typeof handler;

export interface AuthorizerOptions {
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Variables that differ from a REST API's without a cache, which neither remembers nor lets counts wait. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Answers reads of these keys, and takes every write. */
export function serveKeys(aws: FakeAws, records: readonly KeyRecord[]): void {
  const items = new Map(records.map((record) => [partitionOf(record.keyId), marshall(newKeyItem(record))]));
  aws.operations['GetItem'] = ({ Key }) => {
    const Item = items.get((Key as { pk: { S: string } }).pk.S);
    return Item ? { Item } : {};
  };
  aws.operations['UpdateItem'] = () => ({});
  aws.operations['GetSecretValue'] = () => ({ SecretString: PEPPER_SECRET });
}

/** A new environment of the function: nothing in memory, by the variables of this test. */
export async function loadAuthorizer(aws: FakeAws, options: AuthorizerOptions = {}): Promise<Handler> {
  const variables: Record<string, string> = {
    ...environmentFor(aws),
    TABLE_NAME: 'Keys',
    PEPPER_SECRET_ID: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Pepper',
    API_RULES: JSON.stringify({
      prefix: 'mk',
      environments: ['live', 'test'],
      toolScopes: 'off',
      routeScopes: {},
      ...options.rules,
    }),
    KEY_HEADER: 'either',
    MEMORY_SECONDS: '0',
    FLUSH_SECONDS: '0',
    WRONG_KEY_WINDOW_SECONDS: '300',
    ANSWER: 'policy',
    CACHED: 'no',
    URL_SUFFIX: 'amazonaws.com',
    ...options.environment,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  vi.resetModules();
  const module = await import('../../lambdas/functions/authorizer/handler.ts');
  // Each environment waits for its own end; a test's process ends without it.
  process.removeAllListeners('SIGTERM');
  return module.handler;
}
