/** The state of keys and rotations on one page: what is wrong first, then traffic, rotations and due dates. */
import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  claims,
  renewals,
  requestsByAnswer,
  requestsOfRotatingKeys,
  sharesOfRotatingKeys,
  trouble,
  webhooks,
} from './request-widgets.ts';
import { audit, deliveries, dueKeys, emergencies, notices, rotations, standing } from './rotation-widgets.ts';

export interface DashboardProps {
  readonly alarms: readonly Alarm[];
  /** Whether anything is started by schedule: only sweeps say what is due. */
  readonly sweeps: boolean;
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { alarms, sweeps }: DashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      // Or a graph of counts a minute would show counts of five as soon as it reaches back a day.
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 })],
        [requestsByAnswer(), trouble()],
        [rotations(), standing()],
        [requestsOfRotatingKeys(), sharesOfRotatingKeys()],
        [...(sweeps ? [dueKeys()] : []), emergencies()],
        [renewals(), claims()],
        [deliveries(), notices()],
        [audit(), webhooks()],
      ],
    });
  }
}
