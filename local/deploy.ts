/** Deploying the stack to an emulator with the CDK's own command line, as one would deploy it to AWS. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetStagesCommand } from '@aws-sdk/client-apigatewayv2';
import { LocalError } from './local-error.ts';
import { apiIdOf, localUrl } from './local-urls.ts';
import { runCommand } from './run-command.ts';
import { CHECKOUT } from './state.ts';
import { LOCAL_SENDER } from './verify-sender.ts';

export const REGION = 'us-east-1';
export const STACK_NAME = 'Keyturn';
const ACCOUNT = '000000000000';
/** Each environment of a function is a process of this machine: an emergency of many keys must not take it over. */
const KEYS_AT_ONCE = 10;
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const QUIET = ['--ci', '--no-notices', '--no-version-reporting', '--no-color'];
// The notice about old Node versions would stand in the middle of the progress lines.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const CDK = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

export interface DeployTarget {
  readonly endpoint: string;
  /** Where the cloud assembly, the outputs and the log go. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  /** Options of the application beside its own for the local cloud. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/** `cdk bootstrap`: the bucket and roles that deployments need. */
export async function bootstrap(target: DeployTarget): Promise<void> {
  // Outside the checkout's folder no app is found, and none is needed: that saves synthesizing it once more.
  await cdk(target, ['bootstrap', `aws://${ACCOUNT}/${REGION}`], target.directory);
}

/** `cdk deploy`; returns the stack's outputs, with addresses that answer on the emulator. */
export async function deploy(target: DeployTarget): Promise<Record<string, string>> {
  const outputsFile = join(target.directory, 'outputs.json');
  const assembly = join(target.directory, 'cdk.out');
  const app = process.env.KEYTURN_CDK_APP;
  // What is told to clients from inside must be an address that answers here, as the outputs are made to be.
  const gateway = `keyturn:gatewayUrl=${target.endpoint.replace(/\/+$/, '')}/_aws/execute-api`;
  const flags = ['--require-approval', 'never', '--outputs-file', outputsFile, '--output', assembly];
  flags.push('--context', gateway);
  const options = { keysAtOnce: String(KEYS_AT_ONCE), notifyFrom: LOCAL_SENDER, ...target.context };
  const context = Object.entries(options).flatMap(([name, value]) => ['--context', `${name}=${value}`]);
  await cdk(target, ['deploy', STACK_NAME, ...flags, ...context, ...(app ? ['--app', app] : [])], CHECKOUT);
  const outputs = existsSync(outputsFile)
    ? JSON.parse(readFileSync(outputsFile, 'utf8'))[STACK_NAME]
    : undefined;
  if (!outputs)
    throw new LocalError(`The stack ${STACK_NAME} has no outputs in ${outputsFile}. Is it the app's stack?`);
  return localOutputs(outputs, target.endpoint);
}

export function deployLog(directory: string): string {
  return join(directory, 'deploy.log');
}

async function cdk(target: DeployTarget, args: readonly string[], cwd: string): Promise<void> {
  mkdirSync(target.directory, { recursive: true });
  await runCommand(process.execPath, [CDK, ...args, ...QUIET], {
    title: `cdk ${args[0]}`,
    logFile: deployLog(target.directory),
    cwd,
    env: cdkEnvironment(target),
    signal: target.signal,
  });
}

/** The developer's own profile, Region and tokens stay out: a deployment meant for here must never reach an account. */
function cdkEnvironment({ endpoint, directory }: DeployTarget): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  const noConfig = join(directory, 'no-aws-config');
  writeFileSync(noConfig, '');
  return {
    ...Object.fromEntries(inherited),
    AWS_ENDPOINT_URL: endpoint,
    ...(process.env.AWS_ENDPOINT_URL_S3 && { AWS_ENDPOINT_URL_S3: process.env.AWS_ENDPOINT_URL_S3 }),
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: noConfig,
    AWS_SHARED_CREDENTIALS_FILE: noConfig,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_HOME: join(directory, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    KEYTURN_LOCAL: '1',
  };
}

async function localOutputs(
  outputs: Record<string, string>,
  endpoint: string,
): Promise<Record<string, string>> {
  const client = new ApiGatewayV2Client({ endpoint, region: REGION, credentials: CREDENTIALS });
  const localOutput = async ([name, value]: [string, string]) => {
    const apiId = apiIdOf(value);
    return [name, apiId ? localUrl(value, endpoint, await hasDefaultStage(client, apiId)) : value];
  };
  return Object.fromEntries(await Promise.all(Object.entries(outputs).map(localOutput)));
}

/** REST APIs are unknown to this service, and have no default stage. */
async function hasDefaultStage(client: ApiGatewayV2Client, apiId: string): Promise<boolean> {
  try {
    const { Items = [] } = await client.send(new GetStagesCommand({ ApiId: apiId }));
    return Items.some(({ StageName }) => StageName === '$default');
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return false;
    throw error;
  }
}
