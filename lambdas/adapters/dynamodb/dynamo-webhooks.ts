/** Webhooks in DynamoDB: one item each in one partition, and each change in one transaction with its audit event, and with what it causes. */
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { waitingNotice } from '../../core/domain/notice.ts';
import { type Webhook, webhookPartition } from '../../core/domain/webhook.ts';
import type { WebhookChange, WebhookStore } from '../../core/ports/webhooks.ts';
import { holdTogether, onRevision, putNew } from './conditional-writes.ts';
import { auditItem, WEBHOOKS_PARTITION } from './key-item.ts';
import { noticeItem } from './notice-item.ts';
import { queryPages } from './query-pages.ts';

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
    return (await this.#write(webhook, 1, event)) ? 'inserted' : 'exists';
  }

  async save({ before, after, event, notice }: WebhookChange): Promise<'saved' | 'stale'> {
    return (await this.#write(after, before.revision + 1, event, notice)) ? 'saved' : 'stale';
  }

  #write(
    webhook: Webhook,
    revision: number,
    event: AuditEvent,
    notice?: WebhookChange['notice'],
  ): Promise<boolean> {
    const put = { TableName: this.#table, Item: itemOf(webhook), ...onRevision(revision) };
    return holdTogether(this.#client, [
      { Put: put },
      putNew(this.#table, auditItem(event)),
      ...(notice ? [putNew(this.#table, noticeItem(waitingNotice(notice)))] : []),
    ]);
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
