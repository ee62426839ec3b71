/** Tries of claim links that are none, counted in the table beside their key: one item for each key and hour. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { HOUR_MS } from '../../../rules/time-units.ts';
import type { ClaimTries } from '../../core/ports/claim-tries.ts';
import { claimTriesSortKey, partitionOf } from './key-item.ts';

export class DynamoClaimTries implements ClaimTries {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async count(keyId: string, atMs: number, most: number): Promise<number | 'too-many'> {
    // An hour after the one that it counts, whatever clock deletes it.
    const ttl = (Math.floor(atMs / HOUR_MS) + 2) * (HOUR_MS / 1000);
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk: partitionOf(keyId), sk: claimTriesSortKey(atMs) },
          // Of many at once no two count the same, and none beyond the last.
          ConditionExpression: 'attribute_not_exists(tries) OR tries < :most',
          UpdateExpression: 'SET #ttl = :ttl ADD tries :one',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':most': most, ':ttl': ttl, ':one': 1 },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.['tries']);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return 'too-many';
      throw error;
    }
  }
}
