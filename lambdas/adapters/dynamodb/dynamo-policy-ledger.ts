/** The known policies in DynamoDB: one item, written with the events that say what changed. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { KnownPolicies, PolicyChange } from '../../core/domain/policy-events.ts';
import type { PolicyLedger } from '../../core/ports/policy-ledger.ts';
import { auditItem, META, NEW_ITEM } from './key-item.ts';

const KEY = { pk: 'POLICIES', sk: META };

export class DynamoPolicyLedger implements PolicyLedger {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(): Promise<KnownPolicies | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: KEY, ConsistentRead: true }),
    );
    return Item?.['known'] as KnownPolicies | undefined;
  }

  /** Two environments that start at once both write; of the second nothing is written, and it finds its set known. */
  async write({ known, events }: PolicyChange): Promise<'written' | 'stale'> {
    const { revision } = known;
    const condition =
      revision === 1
        ? { ConditionExpression: NEW_ITEM }
        : { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': revision - 1 } };
    const puts = [
      { Item: { ...KEY, known, revision }, ...condition },
      ...events.map((event) => ({ Item: auditItem(event), ConditionExpression: NEW_ITEM })),
    ];
    try {
      await this.#client.send(
        new TransactWriteCommand({
          TransactItems: puts.map((put) => ({ Put: { TableName: this.#table, ...put } })),
        }),
      );
      return 'written';
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      const isLost = ({ Code }: { Code?: string | undefined }) =>
        Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict';
      if (!reasons.some(isLost)) throw error;
      return 'stale';
    }
  }
}
