/** The observe function's environment. */
export interface ObserveEnv {
  readonly TABLE_NAME: string;
  readonly EVENT_BUS_NAME: string;
  readonly WATCH_FUNCTION: string;
  /** Seconds after which a minute's counts are surely on record. */
  readonly COUNT_LAG_SECONDS: string;
}

/** The schedule says for when it calls, so that a call that is late or repeated is about the same minute. */
export interface ObserveEvent {
  readonly scheduledAt?: string;
}
