/** The known policies in DynamoDB: one item, written with the events that say what changed. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { KnownPolicies, PolicyChange } from '../../core/domain/policy-events.ts';
import type { PolicyLedger } from '../../core/ports/policy-ledger.ts';
import { holdTogether, onRevision, putNew } from './conditional-writes.ts';
import { auditItem, META } from './key-item.ts';

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
    const set = { TableName: this.#table, Item: { ...KEY, known, revision }, ...onRevision(revision) };
    const writes = [{ Put: set }, ...events.map((event) => putNew(this.#table, auditItem(event)))];
    return (await holdTogether(this.#client, writes)) ? 'written' : 'stale';
  }
}
