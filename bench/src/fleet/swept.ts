/** What the sweeping process is told and answers. */
import type { SweepReport } from '../../../lambdas/core/use-cases/sweep-due-keys.ts';

export interface SweepOrder {
  /** A day later each time: an execution's name is used up by each sweep. */
  readonly nowMs: number;
  readonly startsPerSecond: number;
}

export interface Swept {
  readonly report: SweepReport;
  /** Of work, pauses not among it. */
  readonly milliseconds: number;
  /** Of these, until the due keys were known. */
  readonly lookupMs: number;
  readonly cpuMilliseconds: number;
  /** That the sweep would have paused between its waves. */
  readonly pausedMs: number;
  readonly pauses: number;
  /** The heap in use at the end of a wave, and the whole process, at their highest so far. */
  readonly peakHeapMegabytes: number;
  readonly peakMegabytes: number;
}
