/** The rotation function's environment. */
import type { DeploymentEnv } from '../deployment.ts';

export interface RotationEnv extends DeploymentEnv {
  /** ARNs of the authorizer functions that must know a new key, separated by commas. */
  readonly AUTHORIZER_FUNCTIONS: string;
}
