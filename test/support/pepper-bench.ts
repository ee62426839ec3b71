/** The pepper function as deployed, on a secret and a table of the test. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { vi } from 'vitest';
import { newKeyItem } from '../../lambdas/adapters/dynamodb/key-item.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { handler } from '../../lambdas/functions/pepper/handler.ts';
import { environmentFor, type FakeAws, Fault } from './fake-aws.ts';

type Item = Record<string, { readonly S?: string }>;

export interface FakeSecret {
  /** As it is read. */
  text: string;
  versionId: string;
}

/** A secret whose label moves as Secrets Manager moves it, these keys, and an empty record. */
export function servePepper(aws: FakeAws, text: string, keys: readonly KeyRecord[] = []) {
  const secret: FakeSecret = { text, versionId: 'version-0' };
  const put = new Map<string, string>();
  const record = new Map<string, Item>();
  const items = keys.map((key) => marshall(newKeyItem(key)) as Item);
  const byId = (wanted: Item) => items.find(({ pk }) => pk?.S === wanted['pk']?.S);
  const faults: Item[] = [];
  Object.assign(aws.operations, {
    UpdateItem: ({ Key }: { Key: Item }) => {
      faults.push(Key);
      return {};
    },
    GetSecretValue: () => ({ SecretString: secret.text, VersionId: secret.versionId }),
    PutSecretValue: ({ SecretString }: { SecretString: string }) => {
      const VersionId = `version-${put.size + 1}`;
      put.set(VersionId, SecretString);
      return { VersionId };
    },
    UpdateSecretVersionStage: (move: { MoveToVersionId: string; RemoveFromVersionId: string }) => {
      if (move.RemoveFromVersionId !== secret.versionId) return new Fault(400, 'InvalidParameterException');
      Object.assign(secret, { text: put.get(move.MoveToVersionId), versionId: move.MoveToVersionId });
      return {};
    },
    Query: () => ({ Items: [...record.values()].filter(({ sk }) => sk?.S?.startsWith('AUDIT#')) }),
    PutItem: ({ Item: item, ConditionExpression }: { Item: Item; ConditionExpression?: string }) => {
      const name = String(item['sk']?.S);
      if (ConditionExpression && record.has(name)) return new Fault(400, 'ConditionalCheckFailedException');
      record.set(name, item);
      return {};
    },
    GetItem: ({ Key }: { Key: Item }) => {
      const item = byId(Key) ?? record.get(String(Key['sk']?.S));
      return item ? { Item: item } : {};
    },
    Scan: () => ({ Items: items.map(({ pk, sk, ownerPk, ownerSk }) => ({ pk, sk, ownerPk, ownerSk })) }),
    BatchGetItem: ({ RequestItems }: { RequestItems: { Keys: { Keys: Item[] } } }) => ({
      Responses: { Keys: RequestItems.Keys.Keys.flatMap((key) => byId(key) ?? []) },
    }),
  });
  return { secret, record, put, faults };
}

export async function loadPepper(aws: FakeAws): Promise<typeof handler> {
  const variables = {
    ...environmentFor(aws),
    TABLE_NAME: 'Keys',
    PEPPER_SECRET_ID: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Pepper',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return (await import('../../lambdas/functions/pepper/handler.ts')).handler;
}
