/** When requests with wrong keys are counted and told. */

/** Counts wait in an authorizer's memory for so long. */
export const WRONG_KEYS_WAIT_SECONDS = 30;
/** A window is told so long after its end: writes into it have come by then, whatever the clocks say. */
export const WRONG_KEYS_LAG_SECONDS = 15;

/** Start of the window that a moment is in. */
export const windowStartMs = (atMs: number, windowSeconds: number): number =>
  atMs - (atMs % (windowSeconds * 1000));
