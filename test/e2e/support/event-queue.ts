/** A queue that a rule fills with the events of the deployment's own bus, so that a test can look at them. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import aws4 from 'aws4';
import { awsConfig, eventBusName } from './deployment.ts';

const { host } = new URL(awsConfig.endpoint);

/** The one service that is needed here without a client of its own. */
async function sqs(operation: string, body: object): Promise<Record<string, unknown>> {
  const request = aws4.sign(
    {
      service: 'sqs',
      region: awsConfig.region,
      host,
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify(body),
    },
    awsConfig.credentials,
  );
  const response = await fetch(awsConfig.endpoint, {
    method: 'POST',
    headers: request.headers as Record<string, string>,
    body: request.body as string,
  });
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** @returns a function that takes what has come since */
export async function eventQueue(name: string): Promise<() => Promise<readonly BusEvent[]>> {
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
  const { Attributes } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
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
      const { Messages = [] } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      const messages = Messages as { Body: string; ReceiptHandle: string }[];
      if (messages.length === 0) return taken;
      for (const { Body, ReceiptHandle } of messages) {
        taken.push(JSON.parse(Body) as BusEvent);
        await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  };
}
