import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reach } from '../../../cli/connect.ts';
import type { GlobalOptions } from '../../../cli/context.ts';
import { requireOutput } from '../../../cli/target.ts';

const OPTIONS: GlobalOptions = {
  json: false,
  stack: 'Keyturn',
  region: 'eu-central-1',
  profile: undefined,
  local: false,
  yes: false,
};

const cloudFormation = mockClient(CloudFormationClient);
const sts = mockClient(STSClient);

beforeEach(() => {
  cloudFormation.reset();
  sts.reset();
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Arn: 'arn:aws:iam::111122223333:user/kim', Account: '111122223333' });
});

const stackWith = (outputs: Record<string, string>) =>
  cloudFormation.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: 'Keyturn',
        CreationTime: new Date(0),
        StackStatus: 'CREATE_COMPLETE',
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
      },
    ],
  });

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('a stack on AWS', () => {
  test('is found by its name, with the outputs that the CLI knows', async () => {
    stackWith({ AdminFunctionName: 'admin-fn', McpRestUrl: 'https://rest/mcp', Other: 'x' });
    const target = await reach(OPTIONS, {}).target();
    expect(cloudFormation.commandCalls(DescribeStacksCommand)[0]?.args[0].input).toEqual({
      StackName: 'Keyturn',
    });
    expect(target).toEqual({
      stackName: 'Keyturn',
      region: 'eu-central-1',
      place: 'account 111122223333, eu-central-1',
      outputs: { AdminFunctionName: 'admin-fn', McpRestUrl: 'https://rest/mcp' },
      mcpRestUrl: 'https://rest/mcp',
      mcpHttpUrl: undefined,
    });
  });

  test('that is not there: stack, Region, account and the mend', async () => {
    cloudFormation
      .on(DescribeStacksCommand)
      .rejects(named('ValidationError', 'Stack with id Keyturn does not exist'));
    await expect(reach(OPTIONS, {}).target()).rejects.toMatchObject({
      code: 'stack-not-found',
      message: "There is no stack 'Keyturn' in eu-central-1 of account 111122223333.",
      hint: expect.stringContaining('--stack'),
    });
  });

  test('without the output that is needed', async () => {
    stackWith({ TableName: 't' });
    const way = reach(OPTIONS, {});
    const target = await way.target();
    expect(() => way.admin(target)).toThrow("no output 'AdminFunctionName'");
    expect(requireOutput(target, 'TableName')).toBe('t');
  });

  test.each([
    ['CredentialsProviderError', 'Could not load credentials', 'no-credentials', /--profile/],
    ['ExpiredToken', 'The token has expired', 'credentials-refused', /Sign in/],
    ['AccessDenied', 'not authorized: cloudformation:DescribeStacks', 'not-allowed', /lambda:InvokeFunction/],
    ['Error', 'connect ECONNREFUSED 127.0.0.1:1', 'unreachable', /npm run local/],
    ['Throttling', 'Rate exceeded', 'aws-error', /keyturn doctor/],
  ])('%s is said in words', async (name, message, code, hint) => {
    cloudFormation.on(DescribeStacksCommand).rejects(named(name, message));
    await expect(reach(OPTIONS, {}).target()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('the local cloud', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'keyturn-cli-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const local = { ...OPTIONS, local: true, region: undefined };

  test('is read from its own description, without asking CloudFormation', async () => {
    const description = {
      endpoint: 'http://127.0.0.1:4777',
      region: 'us-east-1',
      stackName: 'Keyturn',
      mcpUrl: 'http://127.0.0.1:4777/rest/mcp',
      mcpHttpUrl: 'http://127.0.0.1:4777/http/mcp',
      outputs: { AdminFunctionName: 'admin-fn', McpRestUrl: 'https://made-up.example.com' },
      pid: 1,
      port: 4777,
      startedAt: '2026-11-23T14:00:00.000Z',
      cloud: { name: 'ministack', version: '1.5.33' },
    };
    writeFileSync(join(directory, 'local.json'), JSON.stringify(description));
    const target = await reach(local, { KEYTURN_STATE_DIR: directory }).target();
    expect(target).toMatchObject({
      place: 'local cloud at http://127.0.0.1:4777',
      mcpRestUrl: 'http://127.0.0.1:4777/rest/mcp',
      mcpHttpUrl: 'http://127.0.0.1:4777/http/mcp',
    });
    expect(cloudFormation.calls()).toHaveLength(0);
  });

  test.each([
    ['no description', undefined],
    ['half a description', '{"endpoint":'],
  ])('%s: how to start it', (_what, text) => {
    if (text) writeFileSync(join(directory, 'local.json'), text);
    expect(() => reach(local, { KEYTURN_STATE_DIR: directory })).toThrow(
      expect.objectContaining({
        code: 'local-cloud-down',
        hint: expect.stringContaining('npm run local -- up'),
      }),
    );
  });
});
