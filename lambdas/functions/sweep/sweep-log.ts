/** One line a sweep, which carries the metrics too. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SweepReport } from '../../core/use-cases/sweep-due-keys.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';

export function logSweep(logger: Logger, report: SweepReport, nowMs: number): void {
  const metrics = {
    KeysDue: report.due,
    KeysStarted: report.started,
    KeysExempt: report.exempt,
    KeysSkipped: report.skipped,
    KeysOverdue: report.overdue,
  };
  const line = {
    failed: report.failed,
    left: report.left,
    ...embeddedMetrics(metrics, nowMs),
  };
  if (report.failed + report.left > 0) logger.warn('The sweep has not got to every key', line);
  else logger.info('sweep', line);
}
