/** The dashboard and the alarms: both read what the functions write into their logs. */
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms, type GivenUp } from './alarms.ts';
import { Dashboard } from './dashboard/dashboard.ts';

export interface ObservabilityProps {
  readonly alarmTopic: ITopic | undefined;
  readonly sweeps: boolean;
  readonly givenUp: GivenUp;
}

export class Observability extends Construct {
  constructor(scope: Construct, id: string, { alarmTopic, sweeps, givenUp }: ObservabilityProps) {
    super(scope, id);
    const { all: alarms } = new Alarms(this, 'Alarms', { topic: alarmTopic, sweeps, givenUp });
    new Dashboard(this, 'Page', { alarms, sweeps });
  }
}
