/** What one run of the report's benchmark gave: stored, so that the page can be written anew from it. */
import type { Machine } from '../machine.ts';

/** A record of this size. */
export interface Size {
  readonly events: number;
  readonly keys: number;
}

export interface Made {
  /** Reading the events into figures. */
  readonly countedMs: number;
  /** The page, JSON and CSV of them. */
  readonly renderedMs: number;
  /** Of the process, less what it had before the first event. */
  readonly grownMegabytes: number;
}

export interface EvidenceResults {
  readonly date: string;
  readonly machine: Machine;
  readonly sizes: readonly (Size & { readonly rounds: readonly Made[] })[];
}
