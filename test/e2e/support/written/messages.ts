/** What was sent: mails, messages in queues, and events on buses, as far as an archive was there to keep them. */
import {
  CreateArchiveCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListEventBusesCommand,
} from '@aws-sdk/client-eventbridge';
import { type AwsConfig, awsConfig } from '../deployment.ts';
import { jsonCall } from '../json-call.ts';

/** From here on every event of every bus is kept: to be asked for before what is to be searched. */
export async function archiveEvents(aws: AwsConfig = awsConfig): Promise<void> {
  const bridge = new EventBridgeClient(aws);
  const { EventBuses = [] } = await bridge.send(new ListEventBusesCommand({}));
  const { Archives = [] } = await bridge.send(new ListArchivesCommand({}));
  for (const { Name, Arn } of EventBuses) {
    const ArchiveName = `search-${Name}`.slice(0, 48);
    if (Archives.some((each) => each.ArchiveName === ArchiveName)) continue;
    await bridge.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: Arn }));
  }
}

/** The emulator describes an archive with the events in it, which AWS would only replay. */
export async function archivedEvents(aws: AwsConfig): Promise<Map<string, string>> {
  const bridge = new EventBridgeClient(aws);
  const { Archives = [] } = await bridge.send(new ListArchivesCommand({}));
  const texts = new Map<string, string>();
  for (const { ArchiveName = '' } of Archives) {
    texts.set(ArchiveName, JSON.stringify(await jsonCall(aws, 'events', 'DescribeArchive', { ArchiveName })));
  }
  return texts;
}

/** The emulator shows both without taking anything. */
export async function sent({ endpoint, credentials }: AwsConfig, what: 'ses' | 'sqs'): Promise<string> {
  const account = accountOf(credentials.accessKeyId);
  const response = await fetch(new URL(`/_ministack/${what}/messages?account=${account}`, endpoint));
  if (!response.ok) throw new Error(`Messages of ${what}: ${response.status} ${await response.text()}`);
  return response.text();
}

/** Whoever signs with twelve digits is that account of the emulator; everybody else is its first. */
const accountOf = (accessKeyId: string): string =>
  /^\d{12}$/.test(accessKeyId) ? accessKeyId : '000000000000';
