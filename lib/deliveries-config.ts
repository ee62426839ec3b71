/** How new keys reach their owners beside by `operator`, which needs nothing. */
import type { VaultDeliveryConfig } from './vault-config.ts';

export interface DeliveriesConfig {
  /** Delivery `vault`: HashiCorp Vault or OpenBao. */
  readonly vault?: VaultDeliveryConfig;
}
