/** The ledger of wrong keys in DynamoDB: beside a window's counters an item for each that is told. */
import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { sourceName, type WrongKeyCount, type WrongKeySource } from '../../core/domain/wrong-key.ts';
import type { WrongKeyLedger } from '../../core/ports/wrong-keys.ts';
import { cancellationCodes, isLostRace, putNew } from './conditional-writes.ts';
import { auditItem } from './key-item.ts';
import { queryPages } from './query-pages.ts';
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
    const items = [auditItem(event), toldItem(windowMs, source)];
    const TransactItems = items.map((item) => putNew(this.#table, item));
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems }));
      return 'told';
    } catch (error) {
      const codes = cancellationCodes(error);
      if (codes[1] === 'ConditionalCheckFailed') return 'known';
      // Another writer at the same time is as good as one before.
      if (isLostRace(codes)) return 'stale';
      throw error;
    }
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
