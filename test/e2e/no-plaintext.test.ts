/** After a whole life of a key, no store, log, history or metric of the deployment holds it in clear. */
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
} from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { parseKey } from '../../lambdas/core/domain/key-format.ts';
import {
  APIS,
  admin,
  awsConfig,
  dynamo,
  issueKey,
  machineArn,
  stepFunctions,
  tableName,
} from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, callTool, postCall } from './support/mcp.ts';

/** Where keys might have leaked to, each as one text. */
async function everything(): Promise<Map<string, string>> {
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
  const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  const texts = new Map<string, string>();
  for (const { executionArn, name } of executions ?? []) {
    const history = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn }));
    const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    texts.set(name ?? '', JSON.stringify([history.events, execution.input, execution.output]));
  }
  return texts;
}

/** Anything of a key's shape whose checksum is right: there is no other way to look like one. */
const keysIn = (text: string): string[] =>
  (text.match(/\b[a-z0-9]{2,8}_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b/g) ?? []).filter(
    (each) => parseKey(each).ok,
  );

test('the search finds a key where there is one', async () => {
  const { key } = await issueKey();
  expect(keysIn(`…{"authorization":"Bearer ${key}"}…`)).toEqual([key]);
});

test('no key is anywhere after a rotation, an extension, an emergency and refusals', async () => {
  const { keyId, key: first } = await issueKey();
  const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT16S' });
  await eventually(
    'The new version',
    () => admin('rotation', { keyId, rotationId }),
    (rotation) => rotation?.status === 'dual-key',
  );
  const { key: second } = await admin('claim', { keyId });
  for (const { url } of APIS) {
    await callTool(url, first, 'echo');
    await callTool(url, second, 'whoami', '2025-11-25');
    await postCall(url, { ...bearer(first), 'x-api-key': second });
    await postCall(`${url}?key=none`, bearer(`${second}x`));
  }
  await eventually(
    'The end of the rotation',
    async () => {
      await postCall(APIS[0].url, bearer(second));
      return admin('rotation', { keyId, rotationId });
    },
    (rotation) => rotation?.endedAt !== null,
    90_000,
  );
  const emergency = await admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'test',
    immediateInvalidation: true,
  });
  await eventually(
    'The end of the emergency',
    () => admin('rotation', { keyId, rotationId: emergency.rotationId }),
    (rotation) => rotation?.endedAt !== null && rotation !== null,
  );
  const { key: third } = await admin('claim', { keyId });
  await postCall(APIS[0].url, bearer(second));
  await postCall(APIS[1].url, bearer(third));

  const texts = await everything();
  expect(texts.get('table')).toContain(keyId);
  expect([...texts.keys()].filter((name) => name.startsWith('log ')).length).toBeGreaterThan(3);
  expect([...texts.values()].join('\n')).toContain('"outcome":"allowed"');
  const secrets = [first, second, third].map((key) => key.slice(-49, -6));
  for (const [place, text] of texts) {
    expect(keysIn(text), place).toEqual([]);
    for (const secret of secrets) expect(text.includes(secret), place).toBe(false);
  }
});
