/** Addresses that mail comes back from, in the table: one item each, which also remembers when it was lifted. */
import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../../rules/mail-address.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { MailBlock } from '../../core/domain/mail-block.ts';
import type { MailBlocks } from '../../core/ports/mail-blocks.ts';
import { holds, holdTogether, putNew } from './conditional-writes.ts';
import { auditItem } from './key-item.ts';

/** No key's: who may reach keys alone does not reach it. */
export const mailPartition = (address: string): string => `MAIL#${addressKey(address)}`;
const BLOCK = 'BLOCK';
/** `block` is a word of DynamoDB's own. */
const ATTRIBUTE = 'mailBlock';
/** SES goes on trying for 14 hours at most; complaints come days later. */
const REMEMBERED_MS = 90 * DAY_MS;

const epochSeconds = (atMs: number): number => Math.ceil(atMs / 1000);

export class DynamoMailBlocks implements MailBlocks {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(address: string, nowMs: number): Promise<MailBlock | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({
        TableName: this.#table,
        Key: keyOf(address),
        ProjectionExpression: ATTRIBUTE,
        ConsistentRead: true,
      }),
    );
    const block = Item?.[ATTRIBUTE] as MailBlock | undefined;
    return block && nowMs < (block.untilMs ?? Number.POSITIVE_INFINITY) ? block : undefined;
  }

  async block(block: MailBlock, mailedAtMs: number): Promise<'blocked' | 'known'> {
    const ttl = block.untilMs === undefined ? undefined : epochSeconds(block.untilMs);
    const written = await this.#update(block.address, {
      // Two events at once, or one that comes late: what is worse stays, then what is newer.
      ConditionExpression: `(attribute_not_exists(clearedAtMs) OR clearedAtMs < :mailed) AND (${[
        'attribute_not_exists(mailBlock)',
        '(mailBlock.#state = :state AND mailBlock.sinceMs < :since)',
        '(mailBlock.#state = :bounced AND :state = :complained)',
      ].join(' OR ')})`,
      UpdateExpression:
        ttl === undefined ? 'SET mailBlock = :block REMOVE #ttl' : 'SET mailBlock = :block, #ttl = :ttl',
      ExpressionAttributeNames: { '#state': 'state', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':block': block,
        ':mailed': mailedAtMs,
        ':since': block.sinceMs,
        ':state': block.state,
        ':bounced': 'bounced',
        ':complained': 'complained',
        ...(ttl === undefined ? {} : { ':ttl': ttl }),
      },
    });
    return written ? 'blocked' : 'known';
  }

  async delivered(address: string, mailedAtMs: number): Promise<void> {
    const clearing = this.#clearing(address, mailedAtMs, {
      ConditionExpression: 'mailBlock.#state = :bounced AND mailBlock.sinceMs < :at',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':bounced': 'bounced' },
    });
    await holds(() => this.#client.send(new UpdateCommand(clearing)));
  }

  /** Of two operators at once both come here with what they saw; the second finds it gone, or the chain grown. */
  async lift(
    { address, state, sinceMs }: MailBlock,
    atMs: number,
    event: AuditEvent,
  ): Promise<'lifted' | 'stale'> {
    const Update = this.#clearing(address, atMs, {
      ConditionExpression: 'mailBlock.#state = :state AND mailBlock.sinceMs = :since',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':state': state, ':since': sinceMs },
    });
    const writes = [{ Update }, putNew(this.#table, auditItem(event))];
    return (await holdTogether(this.#client, writes)) ? 'lifted' : 'stale';
  }

  #clearing(address: string, atMs: number, on: Condition) {
    return {
      TableName: this.#table,
      Key: keyOf(address),
      ConditionExpression: on.ConditionExpression,
      UpdateExpression: 'SET clearedAtMs = :at, #ttl = :ttl REMOVE mailBlock',
      ExpressionAttributeNames: { ...on.ExpressionAttributeNames, '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ...on.ExpressionAttributeValues,
        ':at': atMs,
        ':ttl': epochSeconds(atMs + REMEMBERED_MS),
      },
    };
  }

  /** @returns false when the condition did not hold */
  #update(address: string, change: Partial<UpdateCommandInput>): Promise<boolean> {
    const update = new UpdateCommand({ TableName: this.#table, Key: keyOf(address), ...change });
    return holds(() => this.#client.send(update));
  }
}

type Condition = Pick<
  UpdateCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

const keyOf = (address: string) => ({ pk: mailPartition(address), sk: BLOCK });
