/** Lines of every log group. */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AwsConfig } from '../deployment.ts';
import { pagesOf } from './pages.ts';

/** The emulator answers with this many at most, and says nothing of more. */
const MOST_EVENTS = 10_000;

export async function logLines(aws: AwsConfig): Promise<Map<string, string>> {
  const logs = new CloudWatchLogsClient(aws);
  const groups = await pagesOf((nextToken: string | undefined) =>
    logs
      .send(new DescribeLogGroupsCommand({ ...(nextToken ? { nextToken } : {}) }))
      .then(({ logGroups = [], nextToken: next }) => ({ items: logGroups, next })),
  );
  const lines = new Map<string, string>();
  for (const { logGroupName = '' } of groups) {
    const events = await pagesOf((startTime: number | undefined) =>
      eventsFrom(logs, logGroupName, startTime),
    );
    lines.set(logGroupName, events.map(({ message }) => message ?? '').join('\n'));
  }
  return lines;
}

/** Events of the very millisecond in which the page ends may come twice. */
async function eventsFrom(logs: CloudWatchLogsClient, logGroupName: string, startTime: number | undefined) {
  const command = new FilterLogEventsCommand({
    logGroupName,
    limit: MOST_EVENTS,
    ...(startTime === undefined ? {} : { startTime }),
  });
  const { events = [] } = await logs.send(command);
  const last: FilteredLogEvent | undefined = events.at(-1);
  const isFull = events.length >= MOST_EVENTS;
  if (isFull && last?.timestamp === startTime) throw new Error(`${logGroupName} has too much in one moment.`);
  return { items: events, next: isFull ? last?.timestamp : undefined };
}
