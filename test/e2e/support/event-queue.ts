/** A queue that a rule fills with the events of the deployment's own bus, so that a test can look at them. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { awsConfig, eventBusName } from './deployment.ts';
import { jsonCall } from './json-call.ts';

export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** @returns a function that takes what has come since */
export async function eventQueue(name: string): Promise<() => Promise<readonly BusEvent[]>> {
  const { QueueUrl } = await jsonCall(awsConfig, 'sqs', 'CreateQueue', { QueueName: name });
  const { Attributes } = await jsonCall(awsConfig, 'sqs', 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['QueueArn'],
  });
  const Arn = (Attributes as Record<string, string>)['QueueArn'] as string;
  const events = new EventBridgeClient(awsConfig);
  const EventPattern = JSON.stringify({ source: ['keyturn'], 'detail-type': ['Key Rotation Minute'] });
  await events.send(new PutRuleCommand({ Name: name, EventBusName: eventBusName, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: eventBusName, Targets: [{ Id: 'queue', Arn }] }),
  );
  return async () => {
    const taken: BusEvent[] = [];
    for (;;) {
      const { Messages = [] } = await jsonCall(awsConfig, 'sqs', 'ReceiveMessage', {
        QueueUrl,
        MaxNumberOfMessages: 10,
      });
      const messages = Messages as { Body: string; ReceiptHandle: string }[];
      if (messages.length === 0) return taken;
      for (const { Body, ReceiptHandle } of messages) {
        taken.push(JSON.parse(Body) as BusEvent);
        await jsonCall(awsConfig, 'sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  };
}
