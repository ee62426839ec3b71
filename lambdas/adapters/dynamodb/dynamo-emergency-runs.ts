/** Emergencies of many keys in DynamoDB: each write holds on the revision that was read. */
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { EmergencyRun, RunKey } from '../../core/domain/emergency-run.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { RecordedRun } from '../../core/domain/run-events.ts';
import type { EmergencyRuns, RunKeyPage } from '../../core/ports/emergency-runs.ts';
import { holds, holdTogether, onRevision } from './conditional-writes.ts';
import { auditItem } from './key-item.ts';
import { readBatch } from './read-batch.ts';
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
    return (await holdTogether(this.#client, puts, ['ConditionalCheckFailed'])) ? 'inserted' : 'exists';
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
    return (await holdTogether(this.#client, puts)) ? 'saved' : 'stale';
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
    const places = keyIds.map((keyId) => ({ pk: runPartition(runId), sk: runKeySortKey(keyId) }));
    const items = await readBatch(this.#client, this.#table, places);
    return new Map(items.map((item) => [String(item['keyId']), runKeyOf(item)]));
  }

  /** As of runs: one of a revision holds. */
  async saveKey(runId: string, key: RunKey): Promise<'saved' | 'stale'> {
    const put = new PutCommand(this.#putOf(runKeyItem(runId, key), key.revision).Put);
    return (await holds(() => this.#client.send(put))) ? 'saved' : 'stale';
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

  #putOf(Item: Record<string, unknown>, revision: number) {
    return { Put: { TableName: this.#table, Item, ...onRevision(revision) } };
  }
}
