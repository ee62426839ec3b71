/** How keys are kept that clients read from Secrets Manager: the settings and their defaults. */
import { checkedEndpoint } from './client-endpoint.ts';
import { checkedFlag } from './flag.ts';
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface SecretsConfig {
  /**
   * Where the keys are used, told to clients beside the key. Default: the address of the first protected API of the
   * same stack.
   */
  readonly endpoint?: string;
  /** Whether Secrets Manager rotates each secret by a schedule of its own, beside the daily sweep. Default: `true`. */
  readonly schedule?: boolean;
  /** For how many days the secret of a revoked key can be restored, 7 to 30. Default: 30. */
  readonly recoveryDays?: number;
}

export interface ResolvedSecrets extends Required<Omit<SecretsConfig, 'endpoint'>> {
  readonly endpoint: string | undefined;
}

const KNOWN = ['endpoint', 'schedule', 'recoveryDays'];

export function resolveSecrets(config: SecretsConfig): ResolvedSecrets {
  const { endpoint, schedule = true, recoveryDays = 30 } = config;
  refuseUnknownSettings('secrets', config, KNOWN);
  if (!Number.isInteger(recoveryDays) || recoveryDays < 7 || recoveryDays > 30) {
    throw new InvalidConfiguration(
      `secrets.recoveryDays '${recoveryDays}' is out of range.`,
      'Give a whole number from 7 to 30, as Secrets Manager takes it.',
    );
  }
  return {
    endpoint: endpoint === undefined ? undefined : checkedEndpoint('secrets.endpoint', endpoint),
    schedule: checkedFlag('secrets.schedule', schedule),
    recoveryDays,
  };
}
