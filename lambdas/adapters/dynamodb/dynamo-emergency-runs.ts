/** Emergencies of many keys in DynamoDB: each write holds on the revision that was read. */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { EmergencyRun, RunKey } from '../../core/domain/emergency-run.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { RecordedRun } from '../../core/domain/run-events.ts';
import type { EmergencyRuns, RunKeyPage } from '../../core/ports/emergency-runs.ts';
import { auditItem, NEW_ITEM } from './key-item.ts';
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

export class DynamoEmergencyRuns implements EmergencyRuns {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async insert({ run, event }: RecordedRun): Promise<'inserted' | 'exists'> {
    const items = [runItem(run), runPointer(run), auditItem(event)];
    const puts = items.map((item) => this.#putOf(item, 1));
    return (await this.#write(puts, ['ConditionalCheckFailed'])) ? 'inserted' : 'exists';
  }

  async find(runId: string): Promise<EmergencyRun | undefined> {
    const Key = { pk: runPartition(runId), sk: RUN_META };
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    );
    return Item && runOf(Item);
  }

  /** Two that read the same revision both come here; the first raises it, and nothing of the second is written. */
  async save({ run, event }: RecordedRun): Promise<'saved' | 'stale'> {
    const puts = [this.#putOf(runItem(run), run.revision), this.#putOf(auditItem(event), 1)];
    const lost = ['ConditionalCheckFailed', 'TransactionConflict'];
    return (await this.#write(puts, lost)) ? 'saved' : 'stale';
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

  /** As of runs: one of a revision holds. */
  async saveKey(runId: string, key: RunKey): Promise<'saved' | 'stale'> {
    try {
      await this.#client.send(new PutCommand(this.#putOf(runKeyItem(runId, key), key.revision).Put));
      return 'saved';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'stale';
      throw error;
    }
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

  /** @param revision 1: nothing stands there yet; any other: the one before it does */
  #putOf(Item: Readonly<Record<string, unknown>>, revision: number) {
    const condition =
      revision === 1
        ? { ConditionExpression: NEW_ITEM }
        : {
            ConditionExpression: 'revision = :seen',
            ExpressionAttributeValues: { ':seen': revision - 1 },
          };
    return { Put: { TableName: this.#table, Item, ...condition } };
  }

  /** @returns false when it was cancelled for one of these reasons; anything else is thrown */
  async #write(
    TransactItems: NonNullable<TransactWriteCommandInput['TransactItems']>,
    reasons: readonly string[],
  ): Promise<boolean> {
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems }));
      return true;
    } catch (error) {
      const given = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (!given.some(({ Code = '' }) => reasons.includes(Code))) throw error;
      return false;
    }
  }
}
