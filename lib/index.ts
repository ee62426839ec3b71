/** What a CDK application imports as `keyturn`. */
export type { PolicyConfig } from '../rules/policy.ts';
export { ApiKeyLifecycle } from './api-key-lifecycle.ts';
export type { ApiKeyLifecycleProps } from './api-key-lifecycle-props.ts';
export type { DeliveriesConfig } from './deliveries-config.ts';
export type { DeliveryApiConfig } from './delivery-config.ts';
export type { EmergencyConfig } from './emergency-config.ts';
export { InvalidConfiguration } from './invalid-configuration.ts';
export type { NotificationsConfig } from './notifications-config.ts';
export type { PepperConfig } from './pepper-config.ts';
export type { HttpProtectionOptions, ProtectionOptions, RestProtectionOptions } from './protection.ts';
export type { SweepConfig } from './sweep-config.ts';
export type { VaultAuth, VaultDeliveryConfig } from './vault-config.ts';
export type { WebhooksConfig } from './webhooks-config.ts';
export type { WrongKeysConfig } from './wrong-keys-config.ts';
