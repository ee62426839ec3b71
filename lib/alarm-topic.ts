/** Where alarms are told, and security is alerted: a topic that CloudWatch can publish to. */
import { Stack, Token } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { InvalidConfiguration } from './invalid-configuration.ts';

const TOPIC_ARN = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;
const MEND = 'Give a Topic of your application, or Topic.fromTopicArn(…) of one that exists.';

/** @throws InvalidConfiguration for what no alarm of this stack can be told to */
export function checkedTopic(
  scope: Construct,
  setting: 'alarmTopic' | 'securityTopic',
  topic: ITopic | undefined,
): ITopic | undefined {
  if (topic === undefined) return undefined;
  if (typeof topic?.topicArn !== 'string') {
    throw new InvalidConfiguration(`${setting} '${String(topic)}' is no topic.`, MEND);
  }
  if (topic.fifo) {
    throw new InvalidConfiguration(
      `${setting} '${topic.node.path}' is a FIFO topic, to which CloudWatch cannot publish.`,
      'Give a standard topic.',
    );
  }
  const { region } = Stack.of(scope);
  const elsewhere = topic.env.region;
  if (!Token.isUnresolved(region) && !Token.isUnresolved(elsewhere) && region !== elsewhere) {
    throw new InvalidConfiguration(
      `${setting} '${topic.node.path}' is in ${elsewhere}, its alarms are in ${region}.`,
      'Give a topic of the same Region.',
    );
  }
  return topic;
}

/** @throws InvalidConfiguration for text that is no ARN of a topic */
export function topicByArn(scope: Construct, id: string, arn: string): ITopic {
  if (!TOPIC_ARN.test(arn)) {
    throw new InvalidConfiguration(
      `alarmTopic '${arn}' is no ARN of a topic.`,
      'Write arn:aws:sns:<region>:<account>:<name>.',
    );
  }
  return Topic.fromTopicArn(scope, id, arn);
}
