/** How the scheduled sweep uses its time, so that ten thousand keys due on one day are started by one sweep. */
import { MINUTE_MS } from './time-units.ts';

/** At most twice this passes between the first and the last start of few keys; of many the waves themselves take longer. */
export const SWEEP_SPREAD_MS = 4 * MINUTE_MS;
/** As long as a Lambda function may run. */
export const LONGEST_SWEEP_SECONDS = 15 * 60;
/** For the last wave, the report and its line. */
export const SWEEP_RESERVED_MS = 30_000;
