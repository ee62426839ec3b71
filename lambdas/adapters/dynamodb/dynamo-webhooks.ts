/** Webhooks in DynamoDB: one item each in one partition, and each change in one transaction with its audit event, and with what it causes. */
import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../../rules/mail-address.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { waitingNotice } from '../../core/domain/notice.ts';
import { type Webhook, webhookPartition } from '../../core/domain/webhook.ts';
import type { WebhookChange, WebhookStore } from '../../core/ports/webhooks.ts';
import { holdTogether, onRevision, putNew, type Write } from './conditional-writes.ts';
import { auditItem, WEBHOOKS_PARTITION } from './key-item.ts';
import { noticeItem, noticeMoves } from './notice-item.ts';
import { queryPages } from './query-pages.ts';

/** A removed one is still shown for so long; its chain of events stays. */
const REMOVED_FOR_MS = 30 * DAY_MS;

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
    const taken = putNew(this.#table, { ...addressOf(webhook), webhookId: webhook.webhookId });
    return (await this.#write(webhook, 1, event, [taken])) ? 'inserted' : 'exists';
  }

  async save({ before, after, event, notice, moves = [] }: WebhookChange): Promise<'saved' | 'stale'> {
    // What was removed before has its address no more: another may have taken it since.
    const isRemoval = after.status === 'removed' && before.status !== 'removed';
    const beside: Write[] = [
      ...(notice ? [putNew(this.#table, noticeItem(waitingNotice(notice)))] : []),
      ...noticeMoves(this.#table, moves),
      ...(isRemoval ? [{ Delete: { TableName: this.#table, Key: addressOf(after) } }] : []),
    ];
    return (await this.#write(after, before.revision + 1, event, beside)) ? 'saved' : 'stale';
  }

  #write(webhook: Webhook, revision: number, event: AuditEvent, beside: readonly Write[]): Promise<boolean> {
    const put = { TableName: this.#table, Item: itemOf(webhook), ...onRevision(revision) };
    return holdTogether(this.#client, [{ Put: put }, putNew(this.#table, auditItem(event)), ...beside]);
  }
}

const keyOf = (webhookId: string) => ({ pk: WEBHOOKS_PARTITION, sk: webhookPartition(webhookId) });

/** Of one owner no two webhooks that stand are at one address: of two that are added at once the first takes this item. */
const addressOf = ({ owner, url }: Webhook) => {
  const name = JSON.stringify([owner === undefined ? null : addressKey(owner), url]);
  return { pk: `WEBHOOK-AT#${createHash('sha256').update(name).digest('base64url')}`, sk: 'TAKEN' };
};

const itemOf = (webhook: Webhook): Record<string, unknown> => ({
  ...keyOf(webhook.webhookId),
  webhook,
  revision: webhook.revision,
  ...(webhook.status === 'removed'
    ? { ttl: Math.ceil((webhook.statusSinceMs + REMOVED_FOR_MS) / 1000) }
    : {}),
});
