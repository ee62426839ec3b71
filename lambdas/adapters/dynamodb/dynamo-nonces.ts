/** Spent challenges in the table, beside their key: one conditional write each, gone some time after they expire. */
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SpentNonces } from '../../core/ports/renewal.ts';
import { holds } from './conditional-writes.ts';
import { NEW_ITEM, nonceSortKey, partitionOf } from './key-item.ts';

export class DynamoNonces implements SpentNonces {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async spend(keyId: string, nonce: string, expiresAtMs: number): Promise<'spent' | 'used'> {
    const ttl = Math.ceil(expiresAtMs / 1000);
    const Item = { pk: partitionOf(keyId), sk: nonceSortKey(nonce), ttl };
    // The same challenge twice at once: one of the two writes finds the item there.
    const put = new PutCommand({ TableName: this.#table, Item, ConditionExpression: NEW_ITEM });
    return (await holds(() => this.#client.send(put))) ? 'spent' : 'used';
  }
}
