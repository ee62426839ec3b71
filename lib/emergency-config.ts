/** How many keys an emergency of many rotates at once. */
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface EmergencyConfig {
  /** Keys that an emergency for an owner or for all rotates at once at most, 1 to 1000. Default: 100. */
  readonly keysAtOnce?: number;
}

export interface ResolvedEmergency {
  /** Keys that one child execution of the map looks after. */
  readonly batchKeys: number;
  /** Child executions at once. */
  readonly batchesAtOnce: number;
}

const KEYS_AT_ONCE = 100;
/** More of them would make the first wait longer than the rotations take; fewer would cost a transition each. */
const BATCH_KEYS = 25;

/** As many whole batches as fit, so that there are never more keys at once than is said. */
export function resolveEmergency(config: EmergencyConfig): ResolvedEmergency {
  refuseUnknownSettings('emergency', config, ['keysAtOnce']);
  const { keysAtOnce = KEYS_AT_ONCE } = config;
  if (!Number.isInteger(keysAtOnce) || keysAtOnce < 1 || keysAtOnce > 1000) {
    throw new InvalidConfiguration(
      `emergency.keysAtOnce '${keysAtOnce}' is out of range.`,
      'Give a whole number from 1 to 1000.',
    );
  }
  const batchKeys = Math.min(BATCH_KEYS, keysAtOnce);
  return { batchKeys, batchesAtOnce: Math.floor(keysAtOnce / batchKeys) };
}
