/** Each minute: the function that observes running rotations, its schedule, and the bus that its events go to. */
import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ContextAttribute } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ObserveEnv, ObserveEvent } from '../../lambdas/functions/observe/env.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { callEachMinute } from './schedule-function.ts';
import type { Watch } from './watch.ts';

export interface RotationObserverProps {
  readonly store: KeyStore;
  readonly watch: Watch;
  readonly countLagSeconds: number;
  readonly logRetention: RetentionDays;
}

const DESCRIPTION = 'Keyturn: counts what clients do while keys rotate';

export class RotationObserver extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: RotationObserverProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      description: 'Keyturn: events on record in OCSF form, and minutes of rotations, ids and numbers only',
    });
    const fn = new NodeFunction<ObserveEnv>(this, 'Fn', {
      entry: 'lambdas/functions/observe/handler.ts',
      description: DESCRIPTION,
      // A bigger share of a processor: ten thousand rotations have to be read within the minute.
      memoryMegabytes: 1024,
      timeout: Duration.seconds(58),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        EVENT_BUS_NAME: this.bus.eventBusName,
        WATCH_FUNCTION: props.watch.functionName,
        COUNT_LAG_SECONDS: String(props.countLagSeconds),
      },
    });
    props.store.grantObserving(fn);
    fn.allow({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] });
    props.watch.grantCalling(fn);
    const input: Required<ObserveEvent> = { scheduledAt: ContextAttribute.scheduledTime };
    callEachMinute(this, fn, DESCRIPTION, { ...input });
  }
}
