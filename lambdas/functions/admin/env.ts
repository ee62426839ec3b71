/** The admin function's environment. */
import type { DeploymentEnv } from '../deployment.ts';

export interface AdminEnv extends DeploymentEnv {
  readonly ROTATION_MACHINE_ARN: string;
  readonly BULK_EMERGENCY_MACHINE_ARN: string;
  readonly PEPPER_MACHINE_ARN: string;
  /** Milliseconds until a committed refusal holds everywhere; told to operators. */
  readonly REVOCATION_BOUND_MS: string;
  readonly STARTS_PER_SECOND: string;
  /** Where digests of the audit are, and the key that signs them. */
  readonly AUDIT_BUCKET: string;
  readonly AUDIT_KEY_ID: string;
  /** JSON of `WebhookSettings`. */
  readonly WEBHOOKS: string;
  /** What tells of events on record. */
  readonly PUBLISH_FUNCTION: string;
}
