/** The function that sends what the outbox holds: as the table's stream shows it, and each minute what is due. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { MailSettings } from '../../lambdas/adapters/ses/ses-mailer.ts';
import type { MailWordsSettings, NotifyEnv, NotifySettings } from '../../lambdas/functions/notify/env.ts';
import type { WebhookSettings } from '../../lambdas/functions/webhooks.ts';
import { MOST_IN_ALL } from '../../rules/sending-limits.ts';
import { NOTICE_PREFIX } from '../../rules/table-items.ts';
import type { KeyStore } from './key-store.ts';
import { allowSending } from './mail-sending.ts';
import { NodeFunction } from './node-function.ts';
import { callEachMinute } from './schedule-function.ts';
import type { SecurityTopic } from './security-topic.ts';
import { showInserts } from './show-inserts.ts';

export interface OutboxProps {
  readonly store: KeyStore;
  /** Absent: no mail is sent. */
  readonly mail: (MailSettings & { readonly words: MailWords }) | undefined;
  readonly webhooks: WebhookSettings;
  readonly security: SecurityTopic;
  readonly logRetention: RetentionDays;
}

/** What stands in mails beside their words. */
export interface MailWords extends Omit<MailWordsSettings, 'linkSecretId'> {
  readonly linkSecret: Secret;
}

const DESCRIPTION = 'Keyturn: sends what is to be told';

/** For the names of AWS's own services, beside one of each webhook that there may be. */
const SPARE_THREADS = 64;

/** The stream only makes it quick: what it does not bring, the next minute does. */
const STREAM_RETRIES = 3;

export class Outbox extends Construct {
  readonly fn: NodeFunction<NotifyEnv>;

  constructor(scope: Construct, id: string, { store, mail, webhooks, security, logRetention }: OutboxProps) {
    super(scope, id);
    const settings: NotifySettings = {
      ...(mail ? { mail: settingsOf(mail) } : {}),
      webhooks,
      securityTopic: security.topic.topicArn,
    };
    this.fn = new NodeFunction<NotifyEnv>(this, 'Fn', {
      entry: 'lambdas/functions/notify/handler.ts',
      description: DESCRIPTION,
      memoryMegabytes: 512,
      timeout: Duration.seconds(58),
      logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        SEAL_KEY_ID: store.sealKey.keyArn,
        NOTIFY: Stack.of(this).toJsonString(settings),
        UV_THREADPOOL_SIZE: String(MOST_IN_ALL + SPARE_THREADS),
      },
    });
    store.telling.grantSending(this.fn);
    store.telling.grantCallingWebhooks(this.fn);
    security.grantPublishing(this.fn);
    if (mail) {
      allowSending(this.fn, mail);
      store.telling.grantLookingAtAddresses(this.fn);
      store.telling.grantReadingOwnerSettings(this.fn);
      const { secretArn } = mail.words.linkSecret;
      this.fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] });
    }
    showInserts(this, 'Mapping', {
      store,
      fn: this.fn,
      items: [NOTICE_PREFIX],
      retryAttempts: STREAM_RETRIES,
      maxRecordAge: Duration.minutes(5),
    });
    callEachMinute(this, this.fn, DESCRIPTION);
  }
}

function settingsOf({
  words,
  ...mail
}: NonNullable<OutboxProps['mail']>): NonNullable<NotifySettings['mail']> {
  const { linkSecret, ...rest } = words;
  return { ...mail, words: { ...rest, linkSecretId: linkSecret.secretArn } };
}
