/** Settings of addresses in DynamoDB: an item an address, each change in one transaction with its audit event. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../../rules/mail-address.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { OwnerRecord } from '../../core/domain/owner-settings.ts';
import type { OwnerSettingsStore } from '../../core/ports/owner-settings.ts';
import { auditItem, NEW_ITEM } from './key-item.ts';

/** `OWNER#team@example.com / SETTINGS`. */
const keyOf = (address: string) => ({ pk: `OWNER#${addressKey(address)}`, sk: 'SETTINGS' });

/** Somebody else was faster: nothing of the transaction is written. */
const LOST_RACE = ['ConditionalCheckFailed', 'TransactionConflict'];

export class DynamoOwnerSettings implements OwnerSettingsStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(address: string): Promise<OwnerRecord | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(address), ConsistentRead: true }),
    );
    return Item?.['settings'] as OwnerRecord | undefined;
  }

  async save(after: OwnerRecord, event: AuditEvent): Promise<'saved' | 'stale'> {
    const { revision } = after;
    const settings = {
      TableName: this.#table,
      Item: { ...keyOf(after.address), settings: after, revision },
      ...(revision === 1
        ? { ConditionExpression: NEW_ITEM }
        : { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': revision - 1 } }),
    };
    const audit = { TableName: this.#table, Item: auditItem(event), ConditionExpression: NEW_ITEM };
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: [{ Put: settings }, { Put: audit }] }),
      );
      return 'saved';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? '');
      if (codes.some((code) => LOST_RACE.includes(code))) return 'stale';
      throw error;
    }
  }
}
