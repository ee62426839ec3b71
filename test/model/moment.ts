/** A point of a story: by the clock, and among what happened at the same tick of it. */
export interface Moment {
  readonly atMs: number;
  readonly order: number;
}
