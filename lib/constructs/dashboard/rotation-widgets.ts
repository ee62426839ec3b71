/** What becomes of rotations, and which keys are due for one. */
import { Duration } from 'aws-cdk-lib';
import { Color, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { keyturnMetric, type MetricView } from '../keyturn-metric.ts';
import { graph, lines, numbers } from './graph.ts';

const DAY = Duration.days(1);

export const rotations = (): IWidget =>
  graph(
    'Rotations begun and ended',
    lines(
      { statistic: 'Sum', period: Duration.hours(1) },
      ['RotationsStarted', 'started', Color.BLUE],
      ['RotationsCompleted', 'completed', Color.GREEN],
      ['RotationsFailed', 'failed', Color.RED],
      ['RotationsRolledBack', 'rolled back', Color.ORANGE],
      ['RotationsCutShort', 'cut short by an emergency, a successor or a revocation', Color.GREY],
      ['RotationsExtended', 'extended', Color.PURPLE],
      ['RotationsHeld', 'held', Color.BROWN],
    ),
    { label: 'an hour' },
  );

export const standing = (): IWidget =>
  graph(
    'Rotations that run or stand still',
    lines(
      { statistic: 'Maximum', period: Duration.minutes(5) },
      ['RotationsRunning', 'running', Color.BLUE],
      ['RotationsStuck', 'of these, stuck', Color.RED],
    ),
    { label: 'rotations' },
  );

export const deliveries = (): IWidget =>
  graph(
    'New keys that have not reached their owners',
    lines(
      { statistic: 'Sum', period: Duration.hours(1) },
      ['DeliveriesFailed', 'could not be sent or written', Color.ORANGE],
      ['KeysUndelivered', 'not received when judged', Color.RED],
      ['KeysLost', 'of these, destroyed after 14 days', Color.BROWN],
      ['MailBounced', 'mail that came back', Color.PURPLE],
      ['MailComplained', 'mail that was unwanted', Color.PINK],
      ['MailEventFault', 'not known: events of mail not on record', Color.GREY],
    ),
    { label: 'an hour' },
  );

export const notices = (): IWidget =>
  graph(
    'Notices',
    [
      ...lines({ statistic: 'Sum', period: Duration.hours(1) }, ['NoticesSent', 'sent', Color.BLUE]),
      ...lines({ statistic: 'Maximum', period: Duration.hours(1) }, ['NoticesParked', 'parked', Color.RED]),
    ],
    { label: 'an hour' },
  );

export const dueKeys = (): IWidget =>
  numbers(
    'Keys, by the last sweep',
    lines(
      { statistic: 'Maximum', period: DAY },
      ['KeysDue', 'due', Color.BLUE],
      ['KeysExempt', 'due, exempt', Color.GREY],
      ['KeysOverdue', 'due for more than 25 hours', Color.RED],
    ),
  );

export const audit = (): IWidget =>
  numbers(
    'Audit, by the daily digest',
    lines(
      { statistic: 'Sum', period: DAY },
      ['DigestsTaken', 'digests taken', Color.GREEN],
      ['AuditBroken', 'broken chains or digests', Color.RED],
    ),
  );

/** Of all in the time that the page shows. */
export function emergencies(): IWidget {
  const of = (statistic: MetricView['statistic'], label: string, color: string) =>
    keyturnMetric('EmergencyMilliseconds', { statistic, period: DAY, label, color });
  return numbers(
    'Emergencies: from the start to the committed refusal, grace period included',
    [
      of('SampleCount', 'emergencies', Color.GREY),
      of('Average', 'mean', Color.ORANGE),
      of('Maximum', 'slowest', Color.RED),
    ],
    { setPeriodToTimeRange: true },
  );
}
