/** The function that tells of every event on record: the event bus, and whoever else is to hear. */
import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PublishEnv } from '../../lambdas/functions/publish/env.ts';
import { AUDIT_PREFIX, RETIRED_USE_PREFIX } from '../../rules/table-items.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { StreamReader } from './stream-reader.ts';
import type { Watch } from './watch.ts';

export interface PublishingProps {
  readonly store: KeyStore;
  readonly bus: EventBus;
  readonly watch: Watch;
  readonly logRetention: RetentionDays;
}

export class Publishing extends Construct {
  readonly fn: NodeFunction<PublishEnv>;
  /** Which events Lambda gave up on telling. */
  readonly givenUp: IQueue;

  constructor(scope: Construct, id: string, { store, bus, watch, logRetention }: PublishingProps) {
    super(scope, id);
    this.fn = new NodeFunction<PublishEnv>(this, 'Fn', {
      entry: 'lambdas/functions/publish/handler.ts',
      description: 'Keyturn: tells of every event on record',
      memoryMegabytes: 512,
      timeout: Duration.seconds(30),
      logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        EVENT_BUS_NAME: bus.eventBusName,
        WATCH_FUNCTION: watch.functionName,
      },
    });
    this.fn.allow({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    store.telling.grantTellingWebhooks(this.fn);
    store.telling.grantAlerting(this.fn);
    watch.grantCalling(this.fn);
    const reader = new StreamReader(this, 'Reader', {
      store,
      fn: this.fn,
      items: [AUDIT_PREFIX, RETIRED_USE_PREFIX],
    });
    this.givenUp = reader.givenUp;
  }
  /** To have events told again. */
  grantCalling(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['lambda:InvokeFunction'], resources: [this.fn.function.functionArn] });
  }
}
