/** What functions may reach of the store that tell of keys: mails, webhooks, alerts, and who is told how. */
import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { WEBHOOK_CONTEXT } from '../../rules/seal-context.ts';
import type { NodeFunction } from './node-function.ts';
import type { StoreAccess } from './store-access.ts';
import { NOTICE_ATTRIBUTES, STATE_ATTRIBUTES } from './table-attributes.ts';

export class TellingGrants {
  readonly #table: Table;
  readonly #access: StoreAccess;

  constructor(table: Table, access: StoreAccess) {
    this.#table = table;
    this.#access = access;
  }

  /** Whether mail to an address comes back. */
  grantLookingAtAddresses(fn: NodeFunction<unknown>): void {
    this.#access.allowReading(fn, ['dynamodb:GetItem'], ['MAIL#*'], ['pk', 'sk', 'mailBlock']);
  }

  /** Putting on record what became of mail: of keys with their notices, and of addresses. */
  grantSettlingMail(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['KEY#*', 'MAIL#*'],
    );
    // A webhook's owner is told by mail too: of what lies with it the notices alone.
    this.#access.allowReading(fn, ['dynamodb:GetItem'], ['WEBHOOK#*'], NOTICE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WEBHOOK#*'], STATE_ATTRIBUTES);
    this.#access.allowDataKey(fn);
  }

  /** Reading the stream of changes; which of them a function is shown, its mapping's filter says. */
  grantReadingStream(fn: NodeFunction<unknown>): void {
    const stream = this.#table.tableStreamArn as string;
    fn.allow({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [stream],
    });
    // A list is of all streams of a table, and of none by its own name.
    fn.allow({ actions: ['dynamodb:ListStreams'], resources: [`${this.#table.tableArn}/stream/*`] });
    fn.acknowledge(
      `AwsSolutions-IAM5[Resource::<${Stack.of(this.#table).getLogicalId(this.#table.node.defaultChild as CfnElement)}.Arn>/stream/*]`,
      'Listing the streams of the one table.',
    );
    this.#access.allowDataKey(fn);
  }

  /** Notices alone, wherever they lie: of a key's own item neither its versions nor anything else. */
  grantSending(fn: NodeFunction<unknown>): void {
    const partitions = ['KEY#*', 'WEBHOOK#*', 'ALERT#*'];
    this.#access.allowReading(fn, ['dynamodb:GetItem'], partitions, NOTICE_ATTRIBUTES);
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], partitions, STATE_ATTRIBUTES);
    this.#access.allowIndex(fn, ['dynamodb:Query'], 'byNotice');
    this.#access.allowDataKey(fn);
  }

  /** Which webhooks there are, and what is to be sent to them: no key and no secret of a webhook in clear. */
  grantTellingWebhooks(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:Query'], ['WEBHOOKS']);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['WEBHOOK#*']);
    this.#access.allowDataKey(fn);
  }

  /** Webhooks, what is on record of them and what was sent to them, and the secrets to sign by: nothing of keys. */
  grantCallingWebhooks(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(
      fn,
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      ['WEBHOOKS', 'WEBHOOK#*', 'CHAIN#webhook/*'],
    );
    this.#access.allowItems(fn, ['dynamodb:UpdateItem'], ['WEBHOOK#*']);
    this.#access.allowSealKey(fn, ['kms:Decrypt'], WEBHOOK_CONTEXT);
    this.#access.allowDataKey(fn);
  }

  /** Sealing the secrets of webhooks, and opening them to sign by. */
  grantSealingWebhooks(fn: NodeFunction<unknown>): void {
    this.#access.allowSealKey(fn, ['kms:GenerateDataKey', 'kms:Decrypt'], WEBHOOK_CONTEXT);
  }

  /** How addresses want their mails, and nothing else. */
  grantReadingOwnerSettings(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:GetItem'], ['OWNER#*']);
  }

  /** Changing how addresses want their mails, with the events of that: no key. */
  grantOwnerSettings(fn: NodeFunction<unknown>): void {
    this.grantReadingOwnerSettings(fn);
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['OWNER#*', 'CHAIN#owner/*']);
    this.#access.allowDataKey(fn);
  }

  /** Putting security alerts into the outbox, which lie apart from keys. */
  grantAlerting(fn: NodeFunction<unknown>): void {
    this.#access.allowItems(fn, ['dynamodb:PutItem'], ['ALERT#*']);
  }
}
