/** The environment of the function that Secrets Manager calls. */
export interface SecretRotationEnv {
  readonly TABLE_NAME: string;
  readonly SEAL_KEY_ID: string;
  readonly ROTATION_MACHINE_ARN: string;
  /** ARN of the pepper's secret; its name where a deployment knows no more. */
  readonly PEPPER_SECRET_ID: string;
  readonly PEPPER_MACHINE_ARN: string;
  /** ARNs of the authorizer functions that must know a new key, separated by commas. */
  readonly AUTHORIZER_FUNCTIONS: string;
  /** Where keys are used; empty when the deployment does not know it. */
  readonly ENDPOINT: string;
}
