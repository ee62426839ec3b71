/** All keys, by the index of owners, where a key's place never changes. */
import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { INDEX_BY_OWNER } from '../../../rules/table-indexes.ts';
import { keyIdOf } from '../../../rules/table-items.ts';
import { Misconfigured } from '../../core/domain/errors.ts';
import type { KeyWalk, WalkedKeys } from '../../core/ports/pepper-rotation.ts';
import { META, partitionOf } from './key-item.ts';
import { readKeys } from './list-keys.ts';
import { MOST_READ } from './read-batch.ts';

/**
 * By due date a key moves as it is rotated, disabled or enabled: a walk along that index would miss one that moves
 * from where it has not been to where it was. Owner and time of issue never change, so here it is met exactly once. The
 * index holds keys alone, no counters and no events, so to scan it reads nothing else.
 */
export class DynamoKeyWalk implements KeyWalk {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async *from(after: string | undefined): AsyncIterable<WalkedKeys> {
    let from = after === undefined ? undefined : await this.#placeOf(after);
    do {
      const page = await this.#client.send(
        new ScanCommand({
          TableName: this.#table,
          IndexName: INDEX_BY_OWNER,
          Limit: MOST_READ,
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      const records = await readKeys(
        this.#client,
        this.#table,
        (page.Items ?? []).map(({ pk }) => keyIdOf(String(pk))),
      );
      from = page.LastEvaluatedKey;
      yield { records, ...(from ? { next: keyIdOf(String(from['pk'])) } : {}) };
    } while (from);
  }

  /** The index's place of a key, from the key itself: an owner is nobody's to carry about. */
  async #placeOf(keyId: string): Promise<Record<string, unknown>> {
    const key = { pk: partitionOf(keyId), sk: META };
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key: key,
        ProjectionExpression: 'ownerPk, ownerSk',
        ConsistentRead: true,
      }),
    );
    if (!Item) throw new Misconfigured(`Key ${keyId}, behind which the walk goes on, is not there.`);
    return { ...key, ...Item };
  }
}
