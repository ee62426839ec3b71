/** Publishes what SES would tell of the mail that a local cloud has sent, to the topic of the stack's configuration set. */
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { LocalError } from '../local-error.ts';
import type { LocalCloud } from '../state.ts';
import { eventsOf, type KeptMail } from './mail-events.ts';

type Cloud = Pick<LocalCloud, 'endpoint' | 'region' | 'stackName'>;

/** @returns every mail that was sent under a configuration set, in the order in which they were sent */
export async function keptMail(endpoint: string): Promise<readonly KeptMail[]> {
  const answer = await fetch(`${endpoint}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { readonly messages: Record<string, KeptMail[]> };
  return Object.values(messages)
    .flat()
    .filter(({ ConfigurationSetName }) => ConfigurationSetName !== undefined)
    .sort((one, other) => one.Timestamp - other.Timestamp);
}

/** @param mails of `keptMail`; the same ones again are told again, as SES may do it too */
export async function publishMailEvents(cloud: Cloud, mails: readonly KeptMail[]): Promise<void> {
  const TopicArn = await topicOf(cloud);
  for (const Message of mails.flatMap(eventsOf)) {
    await publish(cloud, TopicArn, Message);
  }
}

const configOf = ({ endpoint, region }: Cloud) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

async function publish(cloud: Cloud, TopicArn: string, Message: string): Promise<void> {
  const Subject = 'Amazon SES Email Event Notification';
  await new SNSClient(configOf(cloud)).send(new PublishCommand({ TopicArn, Subject, Message }));
}

async function topicOf(cloud: Cloud): Promise<string> {
  const { StackResources = [] } = await new CloudFormationClient(configOf(cloud)).send(
    new DescribeStackResourcesCommand({ StackName: cloud.stackName }),
  );
  const topic = StackResources.find(
    ({ ResourceType, LogicalResourceId }) =>
      ResourceType === 'AWS::SNS::Topic' && LogicalResourceId?.includes('MailEvents'),
  );
  if (topic?.PhysicalResourceId) return topic.PhysicalResourceId;
  throw new LocalError(
    `The stack ${cloud.stackName} has no topic for events of mail. Is it the app's stack?`,
  );
}
