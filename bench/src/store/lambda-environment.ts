/** The environment in which the subjects run: what Lambda sets, what `lib` sets, and the store to talk to. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { AuthorizerEnv } from '../../../lambdas/functions/authorizer/env.ts';
import { restEvent } from './rest-event.ts';

export const REGION = 'us-east-1';

/** As long as those of a Lambda function: they are signed with each call. */
export const credentials = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
  secretAccessKey: randomBytes(30).toString('base64'),
  sessionToken: randomBytes(700).toString('base64'),
};

export interface Target {
  readonly endpoint: string;
  readonly table: string;
  readonly secretId: string;
  readonly pepper: string;
  readonly key: string;
}

/** @param memorySeconds how long the authorizer may answer from memory */
export function subjectEnvironment(target: Target, memorySeconds: number): NodeJS.ProcessEnv {
  const authorizer: AuthorizerEnv = {
    TABLE_NAME: target.table,
    PEPPER_SECRET_ID: target.secretId,
    API_RULES: JSON.stringify({
      prefix: 'mk',
      environments: ['live', 'test'],
      toolScopes: 'gateway',
      routeScopes: {},
    }),
    KEY_HEADER: 'either',
    MEMORY_SECONDS: String(memorySeconds),
    FLUSH_SECONDS: '10',
    WRONG_KEY_WINDOW_SECONDS: '300',
    ANSWER: 'policy',
    CACHED: 'no',
    URL_SUFFIX: 'amazonaws.com',
  };
  return {
    ...authorizer,
    PATH: process.env['PATH'] ?? '',
    HOME: tmpdir(),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    NODE_ENV: 'production',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL: target.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
    AWS_LAMBDA_FUNCTION_NAME: 'keyturn-bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    BENCH_KEY: target.key,
    BENCH_PEPPER: target.pepper,
    BENCH_EVENT: JSON.stringify(restEvent(target.key)),
  };
}
