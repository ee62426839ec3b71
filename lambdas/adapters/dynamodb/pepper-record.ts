/** The pepper's chain of events, and the last count of what needs which pepper. */
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { CountedNeeds, PepperRecord } from '../../core/ports/pepper-rotation.ts';
import { DynamoAuditChains } from './dynamo-audit-chains.ts';
import { PEPPER_PARTITION } from './key-item.ts';
import { readEvents } from './read-events.ts';

const COUNT = { pk: PEPPER_PARTITION, sk: 'COUNT' };

export class DynamoPepperRecord implements PepperRecord {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #chains: DynamoAuditChains;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
    this.#chains = new DynamoAuditChains(client, table);
  }

  events(): Promise<readonly AuditEvent[]> {
    return readEvents(this.#client, this.#table, PEPPER_PARTITION);
  }

  append(event: AuditEvent): Promise<'appended' | 'stale'> {
    return this.#chains.append(event);
  }

  async lastCount(): Promise<CountedNeeds | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: COUNT, ConsistentRead: true }),
    );
    return Item?.['count'] as CountedNeeds | undefined;
  }

  async saveCount(count: CountedNeeds): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: { ...COUNT, count } }));
  }
}
