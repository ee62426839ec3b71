/** The function that puts on record what others see and may not write, and its schedule. */
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { WatchEnv } from '../../lambdas/functions/watch/env.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { callEachMinute } from './schedule-function.ts';

export interface WatchProps {
  readonly store: KeyStore;
  readonly wrongKeyWindowSeconds: number;
  readonly logRetention: RetentionDays;
}

const DESCRIPTION = 'Keyturn: puts use of wrong and retired keys, and troubles with the pepper, on record';

export class Watch extends Construct {
  readonly #fn: NodeFunction<WatchEnv>;

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    this.#fn = new NodeFunction<WatchEnv>(this, 'Fn', {
      entry: 'lambdas/functions/watch/handler.ts',
      description: DESCRIPTION,
      memoryMegabytes: 256,
      timeout: Duration.seconds(58),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        WRONG_KEY_WINDOW_SECONDS: String(props.wrongKeyWindowSeconds),
      },
    });
    props.store.grantWatching(this.#fn);
    callEachMinute(this, this.#fn, DESCRIPTION);
  }

  get functionName(): string {
    return this.#fn.function.functionName;
  }

  grantCalling(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['lambda:InvokeFunction'], resources: [this.#fn.function.functionArn] });
  }
}
