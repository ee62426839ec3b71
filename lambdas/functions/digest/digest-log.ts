/** One line a run, which carries the metrics too. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { DigestReport } from '../../core/use-cases/take-digest.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';

export function logDigest(logger: Pick<Logger, 'info' | 'error'>, report: DigestReport, nowMs: number): void {
  if (report.outcome === 'exists') {
    logger.info('The digest of this day is there already', { date: report.date });
    return;
  }
  const { digest, moved, broken } = report;
  const { date, chains, events } = digest;
  const metrics = embeddedMetrics({ DigestsTaken: 1, AuditBroken: broken.length }, nowMs);
  const line = { date, chains, events, moved, ...metrics };
  if (broken.length === 0) logger.info('digest', line);
  else {
    const found = broken.map(({ sentence }) => sentence);
    logger.error('The audit does not hold: events or digests were altered', { ...line, found });
  }
}
