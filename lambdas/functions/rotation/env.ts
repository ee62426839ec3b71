/** The rotation function's environment. */
import type { DeploymentEnv } from '../deployment.ts';

export interface RotationEnv extends DeploymentEnv {
  /** ARNs of the authorizer functions that must know a new key, separated by commas. */
  readonly AUTHORIZER_FUNCTIONS: string;
  /** Seconds that a use may take to be on record. */
  readonly EVIDENCE_LAG_SECONDS: string;
}
