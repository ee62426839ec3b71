/** The renewal function's environment. */
export interface RenewalEnv {
  readonly TABLE_NAME: string;
  readonly SEAL_KEY_ID: string;
  /** `true` where owners are told by mail. */
  readonly NOTIFIES: string;
  readonly CHALLENGE_SECRET_ID: string;
  /** Where clients reach the API: proofs are signed for addresses below it. */
  readonly DELIVERY_URL: string;
}
