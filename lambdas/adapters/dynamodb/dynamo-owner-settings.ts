/** Settings of addresses in DynamoDB: an item an address, each change in one transaction with its audit event. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../../rules/mail-address.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { OwnerRecord } from '../../core/domain/owner-settings.ts';
import type { OwnerSettingsStore } from '../../core/ports/owner-settings.ts';
import { holdTogether, onRevision, putNew } from './conditional-writes.ts';
import { auditItem } from './key-item.ts';

/** `OWNER#team@example.com / SETTINGS`. */
const keyOf = (address: string) => ({ pk: `OWNER#${addressKey(address)}`, sk: 'SETTINGS' });

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
      ...onRevision(revision),
    };
    const writes = [{ Put: settings }, putNew(this.#table, auditItem(event))];
    return (await holdTogether(this.#client, writes)) ? 'saved' : 'stale';
  }
}
