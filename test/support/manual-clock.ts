/** Time as a test sets it: it moves only when told. */
import type { Clock } from '../../lambdas/core/ports/ambient.ts';

/** A whole hour, so that hour boundaries are easy to see. */
export const START_MS = Date.UTC(2026, 10, 23, 14, 0, 0);

export class ManualClock {
  nowMs = START_MS;
  readonly read: Clock = () => this.nowMs;

  advanceSeconds(seconds: number): void {
    this.nowMs += seconds * 1000;
  }
}
