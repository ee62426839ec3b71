/** What becomes of the mail that is sent: the configuration set under which SES tells it, and the topic that it tells. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  ConfigurationSet,
  ConfigurationSetEventDestination,
  ConfigurationSetTlsPolicy,
  EmailSendingEvent,
  EventDestination,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface MailEventsProps {
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

  constructor(scope: Construct, id: string, { removalPolicy }: MailEventsProps) {
    super(scope, id);
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      reputationMetrics: true,
      // A claim link goes to a mail server over TLS or not at all: one that cannot is a bounce, and is seen.
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    this.configurationSetName = configurationSet.configurationSetName;
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Keyturn: what becomes of mail',
      masterKey: this.#key(removalPolicy),
      enforceSSL: true,
    });
    // Of the destinations of SES, EventBridge takes the default bus alone, on which everything of the account goes by.
    new ConfigurationSetEventDestination(this, 'Destination', {
      configurationSet,
      destination: EventDestination.snsTopic(this.topic),
      events: TOLD,
    });
  }

  /** Events name owners: so not SNS's own key, whose policy SES is not in. */
  #key(removalPolicy: RemovalPolicy): Key {
    const key = new Key(this, 'Key', {
      description: 'Keyturn: events of the mail that was sent',
      enableKeyRotation: true,
      removalPolicy,
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
