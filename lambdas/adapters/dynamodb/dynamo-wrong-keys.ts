/** The ledger of wrong keys in DynamoDB: beside a window's counters an item for each that is told. */
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { sourceName, type WrongKeyCount, type WrongKeySource } from '../../core/domain/wrong-key.ts';
import type { WrongKeyLedger } from '../../core/ports/wrong-keys.ts';
import { putNew } from './conditional-writes.ts';
import { queryPages } from './query-pages.ts';
import { tellOnce } from './tell-once.ts';
import { TOLD_UNTIL, toldItem, toldSourceIn, wrongKeyCountOf, wrongKeyPartition } from './wrong-key-item.ts';

export class DynamoWrongKeys implements WrongKeyLedger {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async untold(windowMs: number): Promise<readonly WrongKeyCount[]> {
    const counts: WrongKeyCount[] = [];
    const told = new Set<string>();
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': wrongKeyPartition(windowMs) },
    });
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const count = wrongKeyCountOf(item);
        const source = toldSourceIn(item);
        if (count) counts.push(count);
        if (source !== undefined) told.add(source);
      }
    }
    // Told with the others: what there was no room for has no item of its own, and is not to be told apart later.
    if (told.has(sourceName({ kind: 'others' }))) return counts.filter(({ source }) => isKey(source, told));
    return counts.filter(({ source }) => !told.has(sourceName(source)));
  }

  async tell(
    windowMs: number,
    source: WrongKeySource,
    event: AuditEvent,
  ): Promise<'told' | 'stale' | 'known'> {
    return tellOnce(this.#client, this.#table, event, putNew(this.#table, toldItem(windowMs, source)));
  }

  async toldUntil(): Promise<number | undefined> {
    const { Items: [item] = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: { ':pk': TOLD_UNTIL.pk, ':sk': TOLD_UNTIL.sk },
      }),
    );
    return item?.['untilMs'] as number | undefined;
  }

  async noteToldUntil(untilMs: number): Promise<void> {
    const Item = { ...TOLD_UNTIL, untilMs };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async note(windowMs: number, source: WrongKeySource): Promise<void> {
    await this.#client.send(new PutCommand({ TableName: this.#table, Item: toldItem(windowMs, source) }));
  }
}

const isKey = (source: WrongKeySource, told: ReadonlySet<string>): boolean =>
  source.kind === 'key' && !told.has(sourceName(source));
