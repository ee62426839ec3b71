/** What was sent to webhooks, in DynamoDB: each try for a month, and a count of them that stays. */
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { DAY_SECONDS } from '../../../rules/time-units.ts';
import {
  NO_HEALTH,
  type WebhookHealth,
  type WebhookTry,
  webhookPartition,
} from '../../core/domain/webhook.ts';
import type { WebhookLog } from '../../core/ports/webhooks.ts';

const HEALTH = 'HEALTH';
const TRY_PREFIX = 'TRY#';
const KEPT_SECONDS = 30 * DAY_SECONDS;

export class DynamoWebhookLog implements WebhookLog {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async record(webhookId: string, tried: WebhookTry): Promise<WebhookHealth> {
    const { atMs, messageId, attempt } = tried;
    const Item = {
      pk: webhookPartition(webhookId),
      sk: `${TRY_PREFIX}${new Date(atMs).toISOString()}#${messageId}#${attempt}`,
      tried,
      ttl: Math.ceil(atMs / 1000) + KEPT_SECONDS,
    };
    const [, health] = await Promise.all([
      this.#client.send(new PutCommand({ TableName: this.#table, Item })),
      attempt === 0 ? this.health(webhookId) : this.#count(webhookId, tried),
    ]);
    return health;
  }

  async health(webhookId: string): Promise<WebhookHealth> {
    const Key = { pk: webhookPartition(webhookId), sk: HEALTH };
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    );
    return healthIn(Item);
  }

  async latest(webhookId: string, limit: number): Promise<readonly WebhookTry[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :try)',
        ExpressionAttributeValues: { ':pk': webhookPartition(webhookId), ':try': TRY_PREFIX },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map((item) => item['tried'] as WebhookTry);
  }

  /** Of many tries at once none is lost from the counts. */
  async #count(webhookId: string, { atMs, delivered }: WebhookTry): Promise<WebhookHealth> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { pk: webhookPartition(webhookId), sk: HEALTH },
        ...(delivered
          ? {
              UpdateExpression:
                'SET lastDeliveredAtMs = :at, failedInARow = :none ADD delivered :one REMOVE failingSinceMs',
              ExpressionAttributeValues: { ':at': atMs, ':one': 1, ':none': 0 },
            }
          : {
              UpdateExpression:
                'SET lastFailedAtMs = :at, failingSinceMs = if_not_exists(failingSinceMs, :at) ADD failed :one, failedInARow :one',
              ExpressionAttributeValues: { ':at': atMs, ':one': 1 },
            }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return healthIn(Attributes);
  }
}

function healthIn(item: Readonly<Record<string, unknown>> | undefined): WebhookHealth {
  const { pk: _pk, sk: _sk, ...health } = item ?? {};
  return { ...NO_HEALTH, ...health };
}
