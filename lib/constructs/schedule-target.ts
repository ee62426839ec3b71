/** What a schedule of EventBridge Scheduler calls, by a role that can do nothing else. */
import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IScheduleTarget, ScheduleTargetConfig } from 'aws-cdk-lib/aws-scheduler';
import { ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';

export interface ScheduledCall {
  readonly action: 'lambda:InvokeFunction' | 'states:StartExecution';
  readonly arn: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** Written out: the library's own targets would allow every version and alias of a function too. */
export function scheduleTarget(scope: Construct, roleId: string, call: ScheduledCall): IScheduleTarget {
  const role = new Role(scope, roleId, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  });
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [call.action], resources: [call.arn] }));
  const target: ScheduleTargetConfig = {
    arn: call.arn,
    role,
    ...(call.input ? { input: ScheduleTargetInput.fromObject(call.input) } : {}),
    // A call that is lost is made up for by the next one.
    retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
  };
  return { bind: () => target };
}
