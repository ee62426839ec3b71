/** A pepper that cannot be had is counted, whichever function meets it: an alarm watches the count. */
import { PepperFault } from '../core/domain/errors.ts';
import { embeddedMetrics } from './embedded-metrics.ts';

/** What a line about this error carries beside its own words; nothing for any other fault. */
export const pepperFaultMetrics = (error: unknown, nowMs: number): Record<string, unknown> =>
  error instanceof PepperFault ? embeddedMetrics({ PepperFault: 1 }, nowMs) : {};
