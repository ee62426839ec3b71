/** Queues behind the security topic and the event bus, so that a test sees what is told. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { AlertFacts } from '../../../lambdas/core/domain/alert.ts';
import { awsConfig, eventBusName, securityTopicArn } from './deployment.ts';
import type { BusEvent } from './event-queue.ts';

const sqs = new SQSClient(awsConfig);

interface Queue {
  readonly arn: string;
  /** All that has come so far, in the order of its coming. */
  readonly seen: () => Promise<readonly string[]>;
}

async function queueOf(name: string): Promise<Queue> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const bodies: string[] = [];
  const seen = async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return bodies;
      for (const { Body = '', ReceiptHandle } of Messages) {
        bodies.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  return { arn: Attributes?.['QueueArn'] ?? '', seen };
}

/** @returns a function that shows all alerts since */
export async function alertQueue(name: string): Promise<() => Promise<readonly AlertFacts[]>> {
  const { arn, seen } = await queueOf(name);
  const attributes = { TopicArn: securityTopicArn, Protocol: 'sqs', Endpoint: arn };
  await new SNSClient(awsConfig).send(new SubscribeCommand(attributes));
  return async () =>
    (await seen()).map((body) => JSON.parse((JSON.parse(body) as { Message: string }).Message) as AlertFacts);
}

/** @returns a function that shows all events in OCSF form since */
export async function ocsfQueue(name: string): Promise<() => Promise<readonly BusEvent[]>> {
  const { arn, seen } = await queueOf(name);
  const events = new EventBridgeClient(awsConfig);
  const EventPattern = JSON.stringify({
    source: ['keyturn'],
    'detail-type': ['Entity Management', 'Authentication', 'Detection Finding'],
  });
  await events.send(new PutRuleCommand({ Name: name, EventBusName: eventBusName, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: eventBusName, Targets: [{ Id: 'queue', Arn: arn }] }),
  );
  return async () => (await seen()).map((body) => JSON.parse(body) as BusEvent);
}
