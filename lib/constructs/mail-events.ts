/** What becomes of the mail that is sent: the configuration set under which SES tells it, and the function that puts it on record. */
import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  ConfigurationSet,
  ConfigurationSetEventDestination,
  ConfigurationSetTlsPolicy,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { MailEventsEnv } from '../../lambdas/functions/mail-events/env.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';

export interface MailEventsProps {
  readonly store: KeyStore;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** No open and no click: SES would put a picture into each mail, and lead each link over an address of its own. */
const TOLD = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
];

export class MailEvents extends Construct {
  readonly configurationSetName: string;
  readonly topic: Topic;
  readonly #props: MailEventsProps;

  constructor(scope: Construct, id: string, props: MailEventsProps) {
    super(scope, id);
    this.#props = props;
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      reputationMetrics: true,
      // A claim link goes to a mail server over TLS or not at all: one that cannot is a bounce, and is seen.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Keyturn: what becomes of mail',
      masterKey: this.#key(),
      enforceSSL: true,
    });
    // Of the destinations of SES, EventBridge takes the default bus alone, on which everything of the account goes by.
    new ConfigurationSetEventDestination(this, 'Destination', {
      configurationSet,
      destination: EventDestination.snsTopic(this.topic),
      events: TOLD,
    });
    this.#reader();
  }

  /** Behind a queue: a function that a topic calls is called three times, and an outage of minutes would lose bounces. */
  #reader(): void {
    const { store, logRetention } = this.#props;
    const timeout = Duration.seconds(30);
    const queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // As Lambda wants it: six times as long as the function may take.
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'What fails is tried until it is too old to be kept, and MailEventFault alarms long before that.',
    });
    this.topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
    const fn = new NodeFunction<MailEventsEnv>(this, 'Fn', {
      entry: 'lambdas/functions/mail-events/handler.ts',
      description: 'Keyturn: puts on record what became of mail',
      memoryMegabytes: 512,
      timeout,
      logRetention,
      environment: { TABLE_NAME: store.table.tableName },
    });
    store.telling.grantSettlingMail(fn);
    fn.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
  }

  /** Events name owners: so not SNS's own key, whose policy SES is not in. */
  #key(): Key {
    const key = new Key(this, 'Key', {
      description: 'Keyturn: events of the mail that was sent',
      enableKeyRotation: true,
      removalPolicy: this.#props.removalPolicy,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EventsOfMail',
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
      }),
    );
    return key;
  }
}
