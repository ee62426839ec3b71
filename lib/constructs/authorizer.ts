/** The authorizer function of one protected API. */
import { Aws, Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AuthorizerEnv } from '../../lambdas/functions/authorizer/env.ts';
import type { Protection } from '../protection.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';

export interface AuthorizerProps {
  readonly store: KeyStore;
  readonly prefix: string;
  readonly protection: Protection;
  readonly answer: AuthorizerEnv['ANSWER'];
  readonly memorySeconds: number;
  readonly flushSeconds: number;
  readonly wrongKeyWindowSeconds: number;
  readonly logRetention: RetentionDays;
}

export class Authorizer extends Construct {
  readonly function: NodeFunction<AuthorizerEnv>['function'];

  constructor(scope: Construct, id: string, props: AuthorizerProps) {
    super(scope, id);
    const { protection, store } = props;
    const node = new NodeFunction<AuthorizerEnv>(this, 'Fn', {
      entry: 'lambdas/functions/authorizer/handler.ts',
      description: 'Keyturn: decides on each request by its API key',
      memoryMegabytes: 256,
      timeout: Duration.seconds(10),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        PEPPER_SECRET_ID: store.pepper.secretArn,
        API_RULES: JSON.stringify({ prefix: props.prefix, ...protection.rules }),
        KEY_HEADER: protection.keyHeader ?? 'either',
        MEMORY_SECONDS: String(props.memorySeconds),
        FLUSH_SECONDS: String(props.flushSeconds),
        WRONG_KEY_WINDOW_SECONDS: String(props.wrongKeyWindowSeconds),
        ANSWER: props.answer,
        CACHED: protection.cacheSeconds > 0 ? 'yes' : 'no',
        URL_SUFFIX: Aws.URL_SUFFIX,
      },
    });
    store.grantAuthorizing(node);
    this.function = node.function;
  }
}
