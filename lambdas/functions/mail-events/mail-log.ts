/** What became of mail, as lines of log that carry the metrics: whose key it was about, and no address. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MetricValues } from '../../../rules/metrics.ts';
import type { MailEvent } from '../../core/domain/mail-event.ts';
import type { MailRef } from '../../core/domain/mail-ref.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';
import { faultOf } from '../fault.ts';

const COUNTED: Partial<Record<MailEvent['fate'], MetricValues>> = {
  returned: { MailBounced: 1 },
  bounced: { MailBounced: 1 },
  complained: { MailComplained: 1 },
};

/** Those that told nobody; each once, though its event comes twice. */
export function logSettled(
  logger: Pick<Logger, 'warn'>,
  { fate, receipt, ref }: MailEvent,
  nowMs: number,
): void {
  const counted = COUNTED[fate];
  if (!counted) return;
  logger.warn('mail', { fate, receipt, ...aboutOf(ref), ...embeddedMetrics(counted, nowMs) });
}

/** Of a notice its partition says which key; its id would name its recipient. */
const aboutOf = (ref: MailRef | undefined) =>
  ref?.of === 'notice'
    ? { partition: ref.notice.partition, attempt: ref.attempt }
    : { keyId: ref?.keyId, version: ref?.version };

export function logFault(
  logger: Pick<Logger, 'error'>,
  messageId: string,
  error: unknown,
  nowMs: number,
): void {
  logger.error('An event of mail was not put on record', {
    messageId,
    ...faultOf(error),
    ...embeddedMetrics({ MailEventFault: 1 }, nowMs),
  });
}
