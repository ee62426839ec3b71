/** Emergencies of many keys in DynamoDB: each write holds on the revision that was read. */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { EmergencyRun, RunKey } from '../../core/domain/emergency-run.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { EmergencyRuns, RunKeyPage } from '../../core/ports/emergency-runs.ts';
import {
  RUN_META,
  RUNS_PARTITION,
  runItem,
  runKeyItem,
  runKeyOf,
  runKeySortKey,
  runOf,
  runPartition,
  runPointer,
} from './run-item.ts';

const NEW_ITEM = 'attribute_not_exists(pk)';

export class DynamoEmergencyRuns implements EmergencyRuns {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async insert(run: EmergencyRun): Promise<'inserted' | 'exists'> {
    const put = (Item: Record<string, unknown>) => ({
      Put: { TableName: this.#table, Item, ConditionExpression: NEW_ITEM },
    });
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: [put(runItem(run)), put(runPointer(run))] }),
      );
      return 'inserted';
    } catch (error) {
      const codes =
        error instanceof TransactionCanceledException
          ? (error.CancellationReasons ?? []).map(({ Code }) => Code)
          : [];
      if (!codes.includes('ConditionalCheckFailed')) throw error;
      return 'exists';
    }
  }

  async find(runId: string): Promise<EmergencyRun | undefined> {
    const Key = { pk: runPartition(runId), sk: RUN_META };
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    );
    return Item && runOf(Item);
  }

  save(run: EmergencyRun): Promise<'saved' | 'stale'> {
    return this.#put(runItem(run), run.revision);
  }

  async latest(limit: number): Promise<readonly EmergencyRun[]> {
    const { Items } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :runs',
        ExpressionAttributeValues: { ':runs': RUNS_PARTITION },
        ScanIndexForward: false,
        Limit: limit,
        ConsistentRead: true,
      }),
    );
    const found = await Promise.all((Items ?? []).map(({ runId }) => this.find(String(runId))));
    return found.filter((run) => run !== undefined);
  }

  async findKeys(runId: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, RunKey>> {
    const found = new Map<string, RunKey>();
    let wanted: Record<string, unknown>[] = keyIds.map((keyId) => ({
      pk: runPartition(runId),
      sk: runKeySortKey(keyId),
    }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      for (const item of Responses?.[this.#table] ?? []) found.set(String(item['keyId']), runKeyOf(item));
      wanted = UnprocessedKeys?.[this.#table]?.Keys ?? [];
    }
    return found;
  }

  saveKey(runId: string, key: RunKey): Promise<'saved' | 'stale'> {
    return this.#put(runKeyItem(runId, key), key.revision);
  }

  async keys(runId: string, nextToken?: string): Promise<RunKeyPage | 'bad-token'> {
    if (nextToken !== undefined && !isKeyId(nextToken)) return 'bad-token';
    const pk = runPartition(runId);
    const { Items, LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :run AND begins_with(sk, :keys)',
        ExpressionAttributeValues: { ':run': pk, ':keys': runKeySortKey('') },
        ConsistentRead: true,
        ...(nextToken === undefined ? {} : { ExclusiveStartKey: { pk, sk: runKeySortKey(nextToken) } }),
      }),
    );
    const keys = (Items ?? []).map(runKeyOf);
    return { keys, nextToken: LastEvaluatedKey ? String(keys.at(-1)?.keyId) : null };
  }

  /** Two that read the same revision both come here; the first raises it, and nothing of the second is written. */
  async #put(Item: Record<string, unknown>, revision: number): Promise<'saved' | 'stale'> {
    const condition =
      revision === 1
        ? { ConditionExpression: NEW_ITEM }
        : {
            ConditionExpression: 'revision = :seen',
            ExpressionAttributeValues: { ':seen': revision - 1 },
          };
    try {
      await this.#client.send(new PutCommand({ TableName: this.#table, Item, ...condition }));
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
  }
}
