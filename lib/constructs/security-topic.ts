/** Where security is alerted: a topic under a key of its own, to which this stack and its alarms alone publish. */
import { Aws, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface SecurityTopicProps {
  /** One that exists, instead of one of this stack. */
  readonly topic: ITopic | undefined;
  readonly removalPolicy: RemovalPolicy;
}

export class SecurityTopic extends Construct {
  readonly topic: ITopic;
  readonly #key: Key | undefined;

  constructor(scope: Construct, id: string, { topic, removalPolicy }: SecurityTopicProps) {
    super(scope, id);
    if (topic) {
      this.topic = topic;
      return;
    }
    this.#key = new Key(this, 'Key', {
      description: 'Keyturn: security alerts on their way',
      enableKeyRotation: true,
      removalPolicy,
    });
    const own = new Topic(this, 'Topic', {
      displayName: 'Keyturn security',
      masterKey: this.#key,
      enforceSSL: true,
    });
    this.#letAlarmsPublish(own);
    this.topic = own;
  }

  /** To a topic of the user's own that is encrypted, its key's policy must allow it too. */
  grantPublishing(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['sns:Publish'], resources: [this.topic.topicArn] });
    if (!this.#key) return;
    fn.allow({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [this.#key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    });
  }

  /** CloudWatch publishes as itself: by the policies of the topic and of its key, for alarms of this account alone. */
  #letAlarmsPublish(topic: Topic): void {
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals,
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions,
      }),
    );
    this.#key?.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions,
      }),
    );
  }
}
