/** How long a receiver may fail, and how long it may ask to be left alone. The pauses between tries are the outbox's. */
import { HOUR_MS } from '../../../rules/time-units.ts';

/** A webhook that nothing reached for so long is disabled when an event is given up. */
export const WEBHOOK_FAILING_MS = 24 * HOUR_MS;
/** However long a receiver asks for. */
export const LONGEST_WEBHOOK_PAUSE_MS = 24 * HOUR_MS;
