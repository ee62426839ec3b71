/** Where keys might have leaked to, and how to see that one has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
} from '@aws-sdk/client-sfn';
import { parseKey } from '../../../lambdas/core/domain/key-format.ts';
import { awsConfig, dynamo, stepFunctions, tableName } from './deployment.ts';

/** The table, logs, executions of every machine, metrics, and what the local cloud itself has written. */
export async function everything(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  texts.set('table', JSON.stringify(await tableItems()));
  for (const [group, lines] of await logLines()) texts.set(`log ${group}`, lines);
  for (const [name, history] of await histories()) texts.set(`execution ${name}`, history);
  const { Metrics } = await new CloudWatchClient(awsConfig).send(new ListMetricsCommand({}));
  texts.set('metrics', JSON.stringify(Metrics));
  const directory = process.env['KEYTURN_STATE_DIR'];
  for (const file of directory ? readdirSync(directory).filter((name) => name.endsWith('.log')) : []) {
    texts.set(`file ${file}`, readFileSync(join(directory as string, file), 'utf8'));
  }
  return texts;
}

async function tableItems(): Promise<unknown[]> {
  const items: unknown[] = [];
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await dynamo.send(
      new ScanCommand({ TableName: tableName, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
  } while (ExclusiveStartKey);
  return items;
}

async function logLines(): Promise<Map<string, string>> {
  const logs = new CloudWatchLogsClient(awsConfig);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  const lines = new Map<string, string>();
  for (const { logGroupName } of logGroups ?? []) {
    const messages: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(
        new FilterLogEventsCommand({ logGroupName, ...(nextToken ? { nextToken } : {}) }),
      );
      messages.push(...(page.events ?? []).map(({ message }) => message ?? ''));
      nextToken = page.nextToken;
    } while (nextToken);
    lines.set(logGroupName ?? '', messages.join('\n'));
  }
  return lines;
}

async function histories(): Promise<Map<string, string>> {
  const { stateMachines = [] } = await stepFunctions.send(new ListStateMachinesCommand({}));
  const texts = new Map<string, string>();
  for (const { stateMachineArn } of stateMachines) {
    const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn, name } of executions ?? []) {
      const history = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn }));
      const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      texts.set(name ?? '', JSON.stringify([history.events, execution.input, execution.output]));
    }
  }
  return texts;
}

/** Anything of a key's shape whose checksum is right: there is no other way to look like one. */
export const keysIn = (text: string): string[] =>
  (text.match(/\b[a-z0-9]{2,8}_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b/g) ?? []).filter(
    (each) => parseKey(each).ok,
  );
