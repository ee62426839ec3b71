/** An alarm for each rule, and who is told of it. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmRule, OVERDUE, RULES, surgeRule, type Watched, watchedRules } from './alarm-rules.ts';
import { keyturnMetric } from './keyturn-metric.ts';

export interface AlarmsProps {
  /** Without it alarms change their state, and nobody is told. */
  readonly topic: ITopic | undefined;
  /** Whether anything is started by schedule: without a sweep nothing says what is overdue. */
  readonly sweeps: boolean;
  readonly watched: Watched;
  /** Told of the alarms that are about security, whoever is told of all. */
  readonly securityTopic: ITopic;
  /** Requests with wrong keys in five minutes that are a surge. */
  readonly wrongKeysSurge: number;
}

export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rules: Readonly<Record<string, AlarmRule>> = {
      ...RULES,
      WrongKeysSurge: surgeRule(props.wrongKeysSurge),
      ...watchedRules(props.watched),
      ...(props.sweeps ? { KeysOverdue: OVERDUE } : {}),
    };
    this.all = Object.entries(rules).map(([name, rule]) => {
      const alarm = this.#alarm(name, rule);
      const { topic, securityTopic } = props;
      const actions = (hears: AlarmRule['securityHears']) =>
        [...new Set([topic, rule.securityHears === hears ? securityTopic : undefined])].flatMap((each) =>
          each ? [new SnsAction(each)] : [],
        );
      alarm.addAlarmAction(...actions('alarm'));
      // That nobody looks any more must be heard of as well as what would have been seen.
      if (rule.missing) alarm.addInsufficientDataAction(...actions('silence'));
      return alarm;
    });
  }

  #alarm(name: string, rule: AlarmRule): Alarm {
    const { metric, statistic = 'Sum', period = Duration.minutes(5) } = rule;
    const [datapointsToAlarm, evaluationPeriods] = rule.datapoints ?? [1, 1];
    const view = { statistic, period } as const;
    return new Alarm(this, name, {
      alarmDescription: `Keyturn: ${rule.description}`,
      metric: typeof metric === 'string' ? keyturnMetric(metric, view) : metric(view),
      threshold: rule.threshold ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    });
  }
}
