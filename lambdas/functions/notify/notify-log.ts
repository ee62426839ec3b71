/** One line a run, which carries the metrics too. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { NoticeRef } from '../../core/ports/notices.ts';
import type { SendReport } from '../../core/use-cases/send-lane.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';
import { faultOf } from '../fault.ts';

type Sink = Pick<Logger, 'info' | 'warn'>;

/** @param parked how many stand given up now; absent where nobody has counted */
export function logSending(logger: Sink, report: SendReport, nowMs: number, parked?: number): void {
  const { sent, later, withheld, left, failed } = report;
  const metrics = {
    ...(sent > 0 ? { NoticesSent: sent } : {}),
    ...(parked === undefined ? {} : { NoticesParked: parked }),
  };
  const counted = Object.keys(metrics).length > 0 ? embeddedMetrics(metrics, nowMs) : {};
  const line = { later, withheld, givenUp: report.parked, left, failed: failed.length, ...counted };
  if (failed.length + left > 0) logger.warn('Not every notice was got to, and will be looked at again', line);
  else logger.info('notices', line);
}

/** By what it is about: the end of its id would name its recipient. */
export const logUnsent = (
  logger: Pick<Logger, 'error'>,
  { partition, noticeId }: NoticeRef,
  error: unknown,
): void =>
  logger.error('A notice could not be sent', {
    partition,
    about: noticeId.split('#').slice(0, 2).join('#'),
    ...faultOf(error),
  });
