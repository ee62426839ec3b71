/** When troubles with the pepper are counted and told. */
import { WRONG_KEYS_WAIT_SECONDS } from './wrong-key-timing.ts';

/** A fault that lasts is told once in each window. */
export const PEPPER_FAULT_WINDOW_SECONDS = 900;

/** Counts wait in an authorizer's memory for so long. */
export const PEPPER_FAULT_WAIT_SECONDS = WRONG_KEYS_WAIT_SECONDS;

/** A window is counted so long after its end: what waited has come by then. */
export const PEPPER_FAULT_LAG_SECONDS = 2 * PEPPER_FAULT_WAIT_SECONDS;

/** No request waits longer than this for its fault to be noted: it is tried once. */
export const PEPPER_FAULT_NOTE_MS = 500;
