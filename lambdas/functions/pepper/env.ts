/** The pepper function's environment. */
export interface PepperEnv {
  readonly TABLE_NAME: string;
  readonly PEPPER_SECRET_ID: string;
}
