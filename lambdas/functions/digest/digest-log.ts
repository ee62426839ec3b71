/** One line a run, which carries the metrics too. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { DigestReport } from '../../core/use-cases/take-digest.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';

export function logDigest(logger: Pick<Logger, 'info' | 'error'>, report: DigestReport, nowMs: number): void {
  const { broken } = report;
  if (report.outcome === 'exists' && broken.length === 0) {
    logger.info('The digest of this day is there already', { date: report.date });
    return;
  }
  const line = lineOf(report, nowMs);
  if (broken.length === 0) logger.info('digest', line);
  else {
    const found = broken.map(({ sentence }) => sentence);
    logger.error('The audit does not hold: events or digests were altered', { ...line, found });
  }
}

function lineOf(report: DigestReport, nowMs: number): Record<string, unknown> {
  const AuditBroken = report.broken.length;
  if (report.outcome === 'exists') return { date: report.date, ...embeddedMetrics({ AuditBroken }, nowMs) };
  const { date, chains, events } = report.digest;
  return {
    date,
    chains,
    events,
    moved: report.moved,
    ...embeddedMetrics({ DigestsTaken: 1, AuditBroken }, nowMs),
  };
}
