/** The authorizer's one read. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuthorizableKey, KeyReader } from '../../core/ports/authorization.ts';
import { AUTHORIZING_ATTRIBUTES, META, partitionOf } from '../dynamodb/key-item.ts';
import type { CallAws } from './aws-call.ts';

const NAMES = Object.fromEntries(AUTHORIZING_ATTRIBUTES.map((name, index) => [`#${index}`, name]));
const PROJECTION = Object.keys(NAMES).join(',');

export class SignedKeyReader implements KeyReader {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  async read(keyId: string): Promise<AuthorizableKey | undefined> {
    const { Item } = await this.#call({
      service: 'dynamodb',
      target: 'DynamoDB_20120810.GetItem',
      body: {
        TableName: this.#table,
        Key: { pk: { S: partitionOf(keyId) }, sk: { S: META } },
        // A refusal holds from its write on: an eventual read could still miss it.
        ConsistentRead: true,
        ProjectionExpression: PROJECTION,
        ExpressionAttributeNames: NAMES,
      },
    });
    return Item ? (unmarshall(Item as Record<string, AttributeValue>) as AuthorizableKey) : undefined;
  }
}
