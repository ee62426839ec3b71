/** Fills a table with issued keys: items as the store adapter writes them, put there in batches. */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, type TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { issueKey } from '../../../lambdas/core/use-cases/issue-key.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';

type Item = Record<string, unknown>;

export interface Seeding {
  readonly endpoint: string;
  readonly table: string;
  /** When each key falls due. */
  readonly dueAtMs: readonly number[];
  /** The owner of each, by its place; one for all if absent. */
  readonly ownerOf?: (place: number) => string;
}

const LARGEST_BATCH = 25;
const AT_ONCE = 4;

/** Into a table that is there. */
export async function seedKeys({ endpoint, table, dueAtMs, ownerOf }: Seeding): Promise<void> {
  const dynamo = new DynamoDBClient({ endpoint, region: REGION, credentials });
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  const items = (await Promise.all(dueAtMs.map((at, place) => itemsOf(at, table, ownerOf?.(place))))).flat();
  const batches = chunks(items, LARGEST_BATCH);
  const write = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const RequestItems = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) };
      const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems }));
      if (UnprocessedItems?.[table]) throw new Error('The store did not take a whole batch.');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
}

/** Everything that issuing one key writes: it was issued so long ago that it falls due when it should. */
async function itemsOf(dueAtMs: number, table: string, owner = 'team@example.com'): Promise<readonly Item[]> {
  const items: Item[] = [];
  const collecting = {
    send: async ({ input }: TransactWriteCommand) => {
      for (const { Put } of input.TransactItems ?? []) items.push(Put?.Item as Item);
    },
  } as unknown as DynamoDBDocumentClient;
  const policies = resolvePolicies({});
  if (!policies.ok) throw new Error(policies.message);
  const rotateEverySeconds = policies.value.get('standard')?.rotateEverySeconds as number;
  await issueKey(
    {
      store: new DynamoKeyStore(collecting, table),
      sealer: { seal: () => Promise.reject(new Error('The benchmark issues to operators.')) },
      peppers: { current: async () => PEPPER, byVersion: async () => PEPPER },
      policies: policies.value,
      prefix: 'mk',
      clock: () => dueAtMs - rotateEverySeconds * 1000,
      randomBytes,
    },
    {
      owner,
      name: 'Search agent',
      environment: 'live',
      scopes: ['tools:*'],
      policy: 'standard',
      delivery: 'operator',
      allowedAddresses: [],
    },
    { principal: 'arn:aws:iam::111122223333:user/ops', via: 'cli', requestId: 'bench' },
  );
  return items;
}

const PEPPER = { version: '1', secret: randomBytes(48) };

/** Due dates of a fleet: `due` of them in the day before, the others in the months to come. */
export const dueDates = (held: number, due: number, nowMs: number): readonly number[] =>
  Array.from({ length: held }, (_, place) =>
    place < due ? nowMs - Math.floor((place / due) * (DAY_MS / 2)) : nowMs + (30 + (place % 60)) * DAY_MS,
  );

function chunks<T>(values: readonly T[], size: number): T[][] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size));
}
