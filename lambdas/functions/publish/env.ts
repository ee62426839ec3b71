/** The publish function's environment. */
export interface PublishEnv {
  readonly TABLE_NAME: string;
  readonly EVENT_BUS_NAME: string;
  readonly WATCH_FUNCTION: string;
}
