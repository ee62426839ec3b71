/** A function that EventBridge Scheduler calls. */
import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';
import { scheduleTarget } from './schedule-target.ts';

/** @param expression such as `cron(0 3 * * ? *)`: the call comes within half an hour of each of these times */
export function callBySchedule(
  scope: Construct,
  fn: NodeFunction<unknown>,
  description: string,
  expression: string,
): void {
  new Schedule(scope, 'Schedule', {
    description,
    schedule: ScheduleExpression.expression(expression),
    timeWindow: TimeWindow.flexible(Duration.minutes(30)),
    target: targetOf(scope, fn),
  });
}

/** @param input what the function is called with */
export function callEachMinute(
  scope: Construct,
  fn: NodeFunction<unknown>,
  description: string,
  input: Readonly<Record<string, unknown>> = {},
): void {
  new Schedule(scope, 'Schedule', {
    description,
    schedule: ScheduleExpression.rate(Duration.minutes(1)),
    target: targetOf(scope, fn, input),
  });
}

const targetOf = (
  scope: Construct,
  { function: { functionArn } }: NodeFunction<unknown>,
  input?: Readonly<Record<string, unknown>>,
) =>
  scheduleTarget(scope, 'ScheduleRole', {
    action: 'lambda:InvokeFunction',
    arn: functionArn,
    ...(input ? { input } : {}),
  });
