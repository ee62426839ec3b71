/** One line a sweep, which carries the metrics too (CloudWatch embedded metric format). No dimension per key. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SweepReport } from '../../core/use-cases/sweep-due-keys.ts';

export function logSweep(logger: Logger, report: SweepReport, nowMs: number): void {
  const metrics = {
    KeysDue: report.due,
    RotationsStarted: report.started,
    KeysExempt: report.exempt,
    KeysSkipped: report.skipped,
    KeysOverdue: report.overdue,
  };
  const line = {
    failed: report.failed,
    left: report.left,
    ...metrics,
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: 'Keyturn',
          Dimensions: [[]],
          Metrics: Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    },
  };
  if (report.failed + report.left > 0) logger.warn('The sweep has not got to every key', line);
  else logger.info('sweep', line);
}
