/** The secrets under which keys are hashed. */

export interface Pepper {
  readonly version: string;
  readonly secret: Uint8Array;
}

export interface Peppers {
  /** The one under which new versions are hashed. */
  current(): Promise<Pepper>;
  /** Undefined if there is none of this version, looked up afresh. */
  byVersion(version: string): Promise<Pepper | undefined>;
}
