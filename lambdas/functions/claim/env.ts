/** The claim function's environment. */
export interface ClaimEnv {
  readonly TABLE_NAME: string;
  readonly SEAL_KEY_ID: string;
  /** `true` where owners are told by mail. */
  readonly NOTIFIES: string;
}
