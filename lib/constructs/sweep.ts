/** The daily sweep: a function that starts due rotations, and its schedule. */
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { SweepEnv } from '../../lambdas/functions/sweep/env.ts';
import { LONGEST_SWEEP_SECONDS } from '../../rules/sweep-timing.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { callBySchedule } from './schedule-function.ts';

export interface SweepProps {
  readonly store: KeyStore;
  readonly machine: StateMachine;
  readonly schedule: string;
  readonly startsPerSecond: number;
  readonly logRetention: RetentionDays;
}

const DESCRIPTION = 'Keyturn: starts the rotations that are due';

export class Sweep extends Construct {
  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const fn = new NodeFunction<SweepEnv>(this, 'Fn', {
      entry: 'lambdas/functions/sweep/handler.ts',
      description: DESCRIPTION,
      memoryMegabytes: 256,
      timeout: Duration.seconds(LONGEST_SWEEP_SECONDS),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        ROTATION_MACHINE_ARN: props.machine.stateMachineArn,
        STARTS_PER_SECOND: String(props.startsPerSecond),
      },
    });
    props.store.grantSweeping(fn);
    props.machine.grantStartExecution(fn.function);
    callBySchedule(this, fn, DESCRIPTION, props.schedule);
  }
}
