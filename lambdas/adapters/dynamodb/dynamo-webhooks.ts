/** Webhooks in DynamoDB: one item each in one partition, and each change in one transaction with its audit event. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { type Webhook, webhookPartition } from '../../core/domain/webhook.ts';
import type { WebhookChange, WebhookStore } from '../../core/ports/webhooks.ts';
import { auditItem, NEW_ITEM, WEBHOOKS_PARTITION } from './key-item.ts';
import { queryPages } from './query-pages.ts';

type Put = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>;

/** A removed one is still shown for so long; its chain of events stays. */
const REMOVED_FOR_MS = 30 * 86_400_000;

export class DynamoWebhooks implements WebhookStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(webhookId: string): Promise<Webhook | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(webhookId), ConsistentRead: true }),
    );
    return Item?.['webhook'] as Webhook | undefined;
  }

  async list(): Promise<readonly Webhook[]> {
    const found: Webhook[] = [];
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': WEBHOOKS_PARTITION },
    });
    for await (const { Items = [] } of pages) found.push(...Items.map((item) => item['webhook'] as Webhook));
    return found;
  }

  async insert(webhook: Webhook, event: AuditEvent): Promise<'inserted' | 'exists'> {
    const written = await this.#write({ Item: itemOf(webhook), ConditionExpression: NEW_ITEM }, event);
    return written ? 'inserted' : 'exists';
  }

  async save({ before, after, event }: WebhookChange): Promise<'saved' | 'stale'> {
    const put = {
      Item: itemOf(after),
      ConditionExpression: 'revision = :seen',
      ExpressionAttributeValues: { ':seen': before.revision },
    };
    return (await this.#write(put, event)) ? 'saved' : 'stale';
  }

  /** @returns false when a condition failed or another transaction had the item; anything else is thrown */
  async #write(webhook: Omit<Put, 'TableName'>, event: AuditEvent): Promise<boolean> {
    const TableName = this.#table;
    const audit = { TableName, Item: auditItem(event), ConditionExpression: NEW_ITEM };
    try {
      await this.#client.send(
        new TransactWriteCommand({ TransactItems: [{ Put: { TableName, ...webhook } }, { Put: audit }] }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map((reason) => reason.Code);
      if (codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')) {
        return false;
      }
      throw error;
    }
  }
}

const keyOf = (webhookId: string) => ({ pk: WEBHOOKS_PARTITION, sk: webhookPartition(webhookId) });

const itemOf = (webhook: Webhook): Record<string, unknown> => ({
  ...keyOf(webhook.webhookId),
  webhook,
  revision: webhook.revision,
  ...(webhook.status === 'removed'
    ? { ttl: Math.ceil((webhook.statusSinceMs + REMOVED_FOR_MS) / 1000) }
    : {}),
});
