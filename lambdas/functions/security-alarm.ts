/** The security alarm as a line of log with its metric: ids alone, whatever the error holds. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { SecurityAlarm } from '../core/ports/security-alarm.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

export const loggedAlarm = (logger: Pick<Logger, 'error'>, clock: () => number): SecurityAlarm => ({
  sealBroken(found) {
    logger.error('A sealed key does not open: it was altered, moved or swapped', {
      ...found,
      ...embeddedMetrics({ SealBroken: 1 }, clock()),
    });
  },
  claimDisputed(claim) {
    logger.error('A claimed key is disputed: who has its link did not take it', {
      ...claim,
      ...embeddedMetrics({ ClaimsDisputed: 1 }, clock()),
    });
  },
});
