/** The dashboard and the alarms: both read what the functions write into their logs. */
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard/dashboard.ts';

export interface ObservabilityProps {
  readonly alarmTopic: ITopic | undefined;
  readonly sweeps: boolean;
}

export class Observability extends Construct {
  constructor(scope: Construct, id: string, { alarmTopic, sweeps }: ObservabilityProps) {
    super(scope, id);
    const { all: alarms } = new Alarms(this, 'Alarms', { topic: alarmTopic, sweeps });
    new Dashboard(this, 'Page', { alarms, sweeps });
  }
}
