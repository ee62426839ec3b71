/** The pepper machine, the one function that may write the pepper, and the daily clean-up of peppers that nothing needs. */
import { Duration, Names } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { PepperEnv } from '../../lambdas/functions/pepper/env.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { scheduleTarget } from './schedule-target.ts';
import { stepMachine } from './step-machine.ts';

export interface PepperRotationProps {
  readonly store: KeyStore;
  readonly logRetention: RetentionDays;
}

/** Keys leave an old pepper as they are rotated, over weeks: once a day is looked whether the last one has. */
const CLEAN_UP = 'cron(30 4 * * ? *)';

export class PepperRotation extends Construct {
  readonly machine: StateMachine;
  /** Given, though unique: the admin function must name its executions. */
  readonly machineName: string;

  constructor(scope: Construct, id: string, props: PepperRotationProps) {
    super(scope, id);
    this.machineName = Names.uniqueResourceName(this, { maxLength: 80, separator: '-' });
    const steps = new NodeFunction<PepperEnv>(this, 'Steps', {
      entry: 'lambdas/functions/pepper/handler.ts',
      description: 'Keyturn: the steps of a rotation of the pepper',
      memoryMegabytes: 512,
      timeout: Duration.seconds(30),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        PEPPER_SECRET_ID: props.store.pepper.secretArn,
      },
    });
    props.store.grantRotatingPepper(steps);
    this.machine = stepMachine(this, 'Machine', {
      machineName: this.machineName,
      comment: 'Keyturn: a rotation of the pepper, or a clean-up after one',
      definition: 'pepper.asl.json',
      steps,
      functionPlaceholder: 'PepperFunctionArn',
      logRetention: props.logRetention,
    });
    new Schedule(this, 'CleanUp', {
      description: 'Keyturn: drops peppers that nothing needs',
      schedule: ScheduleExpression.expression(CLEAN_UP),
      timeWindow: TimeWindow.flexible(Duration.minutes(30)),
      target: scheduleTarget(this, 'CleanUpRole', {
        action: 'states:StartExecution',
        arn: this.machine.stateMachineArn,
        input: { purpose: 'clean-up', initiatedBy: 'keyturn:schedule' },
      }),
    });
  }
}
