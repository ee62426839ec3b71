/** Alarms and a dashboard, from the metrics that the functions write into their logs. */
import { Construct } from 'constructs';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { Dashboard } from './dashboard/dashboard.ts';

export class Observability extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { all: alarms } = new Alarms(this, 'Alarms', props);
    new Dashboard(this, 'Page', { alarms, sweeps: props.sweeps });
  }
}
