/**
 * Immediate emergencies of many keys as they stand when they are over, written in batches: what one rotation takes does
 * not depend on how many there are, and ten thousand of them would take an hour to play.
 */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  indexedRotation,
  META,
  newKeyItem,
  partitionOf,
  recordFromItem,
  rotationSortKey,
} from '../../../lambdas/adapters/dynamodb/key-item.ts';
import type { KeyRecord, Rotation } from '../../../lambdas/core/domain/key-record.ts';
import { newestVersion } from '../../../lambdas/core/domain/key-record.ts';
import { termsOf } from '../../../rules/policy.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import type { StartedExecution } from '../count/counting-proxy.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';

type Item = Record<string, unknown>;

/** Two items of each key go in one batch, which takes 25. */
const KEYS_AT_ONCE = 12;

export async function writeRotations(
  { endpoint, table }: { readonly endpoint: string; readonly table: string },
  started: readonly StartedExecution[],
  nowMs: number,
): Promise<void> {
  const dynamo = new DynamoDBClient({ endpoint, region: REGION, credentials });
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  for (let from = 0; from < started.length; from += KEYS_AT_ONCE) {
    const some = started.slice(from, from + KEYS_AT_ONCE);
    const Keys = some.map(({ input }) => ({ pk: partitionOf(String(input['keyId'])), sk: META }));
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    const records = new Map((Responses?.[table] ?? []).map((item) => [item['keyId'], recordFromItem(item)]));
    const items = some.flatMap((execution) =>
      itemsAfter(records.get(execution.input['keyId']) as KeyRecord, execution, nowMs),
    );
    const RequestItems = { [table]: items.map((Item) => ({ PutRequest: { Item } })) };
    await documents.send(new BatchWriteCommand({ RequestItems }));
  }
}

/** The key with its new version alone, and the rotation on record. */
function itemsAfter(record: KeyRecord, { name, input }: StartedExecution, nowMs: number): readonly Item[] {
  const version = newestVersion(record) + 1;
  const after: KeyRecord = {
    ...record,
    revision: record.revision + 3,
    versions: [
      ...record.versions.map((old) => ({ ...old, status: 'retired' as const, retiredAtMs: nowMs })),
      {
        version,
        status: 'active',
        hash: randomBytes(32).toString('base64url'),
        pepperVersion: '1',
        createdAtMs: nowMs,
        activatedAtMs: nowMs,
      },
    ],
  };
  const rotation = rotationAfter(name, String(input['reason']), version, nowMs);
  return [
    newKeyItem(after),
    {
      pk: partitionOf(record.keyId),
      sk: rotationSortKey(name),
      owner: record.owner,
      ...indexedRotation(record.keyId, rotation),
    },
  ];
}

function rotationAfter(rotationId: string, reason: string, toVersion: number, nowMs: number): Rotation {
  const policies = resolvePolicies({});
  const policy = policies.ok ? policies.value.get('standard') : undefined;
  if (!policy) throw new Error("There is no policy 'standard'.");
  return {
    rotationId,
    purpose: 'emergency',
    status: 'completed',
    fromVersion: toVersion - 1,
    toVersion,
    reason,
    initiatedBy: 'bench',
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    graceSeconds: 0,
    immediate: true,
    notifyClients: true,
    alertSecurity: true,
    terms: termsOf(policy),
    extensions: 0,
    windowBase: { sinceMs: nowMs, oldRequests: 0, newRequests: 0 },
  };
}
