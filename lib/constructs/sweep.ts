/** The daily sweep: a function that starts due rotations, its schedule, and the alarm on keys that stay due. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { SweepEnv } from '../../lambdas/functions/sweep/env.ts';
import { LONGEST_SWEEP_SECONDS } from '../../rules/sweep-timing.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { scheduleTarget } from './schedule-target.ts';

export interface SweepProps {
  readonly store: KeyStore;
  readonly machine: StateMachine;
  readonly schedule: string;
  readonly startsPerSecond: number;
  readonly logRetention: RetentionDays;
}

export class Sweep extends Construct {
  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const fn = new NodeFunction<SweepEnv>(this, 'Fn', {
      entry: 'lambdas/functions/sweep/handler.ts',
      description: 'Keyturn: starts the rotations that are due',
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
    new Schedule(this, 'Schedule', {
      description: 'Keyturn: starts the rotations that are due',
      schedule: ScheduleExpression.expression(props.schedule),
      timeWindow: TimeWindow.flexible(Duration.minutes(30)),
      target: scheduleTarget(this, 'ScheduleRole', {
        action: 'lambda:InvokeFunction',
        arn: fn.function.functionArn,
      }),
    });
    new Alarm(this, 'Overdue', {
      alarmDescription: 'Keyturn: API keys are due for rotation for more than 25 hours and are not exempt',
      metric: new Metric({
        namespace: 'Keyturn',
        metricName: 'KeysOverdue',
        statistic: Stats.MAXIMUM,
        period: Duration.days(1),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // A day without a sweep is seen as insufficient data: it is no proof that keys are overdue, nor that none is.
      treatMissingData: TreatMissingData.MISSING,
    });
  }
}
