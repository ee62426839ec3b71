/** The totals of a minute as metrics: how rotations stand now, and what clients did then. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MetricValues } from '../../../rules/metrics.ts';
import { iso } from '../../core/domain/iso-time.ts';
import type { ObserveReport } from '../../core/use-cases/observe-rotations.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';

/** Two lines where there was use: each metric stands at the time that it is about. */
export function logObservation(logger: Logger, report: ObserveReport, minuteMs: number, nowMs: number): void {
  const { running, stuck, active, failed, left } = report;
  const minute = iso(minuteMs);
  const standing = embeddedMetrics({ RotationsRunning: running, RotationsStuck: stuck }, nowMs);
  const line = { minute, active, failed, left, ...standing };
  if (failed + left > 0) logger.warn('Not every rotation was observed', line);
  else logger.info('observed', line);
  if (active > 0) logger.info('minute', { minute, ...embeddedMetrics(useOf(report), minuteMs) });
}

/** A minute without a share says nothing of it. */
const useOf = (report: ObserveReport): MetricValues => ({
  OldVersionRequests: report.oldRequests,
  NewVersionRequests: report.newRequests,
  RefusedRequests: report.refusedRequests,
  ...(report.newShare === null ? {} : { MigratedPercent: report.newShare * 100 }),
  ...(report.refusedShare === null ? {} : { RefusedPercent: report.refusedShare * 100 }),
});
