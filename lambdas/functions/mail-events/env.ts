/** The mail-events function's environment. */
export interface MailEventsEnv {
  readonly TABLE_NAME: string;
}
