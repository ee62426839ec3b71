/** The publish function's environment. */
export interface PublishEnv {
  readonly EVENT_BUS_NAME: string;
  readonly TABLE_NAME: string;
}
