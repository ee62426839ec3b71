/** The ways to bring a key to its owner, as this deployment has them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretPlace, type SecretPlaceSettings } from '../adapters/secrets-manager/secret-place.ts';
import { UnconfiguredPlace } from '../adapters/unconfigured-place.ts';
import type { LinkPaths, OfferDeps } from '../core/use-cases/offer-version.ts';

/** What `lib` tells of them, as JSON. */
export interface DeliverySettings {
  readonly claimLink: {
    /** Without the key's id and the token. */
    readonly pageUrl: string;
    readonly lifetimeSeconds: number;
  };
  readonly secrets: SecretSettings;
}

/** Of keys that clients read from Secrets Manager; where keys are used is empty when the deployment does not know it. */
export interface SecretSettings extends SecretPlaceSettings {
  readonly endpoint: string;
  /** In which the secrets are. */
  readonly account: string;
}

export interface Delivering {
  readonly places: OfferDeps['places'];
  readonly links: LinkPaths;
  readonly account: string;
}

export function connectDelivery({ claimLink, secrets }: DeliverySettings): Delivering {
  const client = new SecretsManagerClient({});
  const kms = new KMSClient({});
  return {
    places: {
      'secrets-manager': new SecretPlace({ client, kms, clock: Date.now, sleep }, secrets),
      vault: new UnconfiguredPlace('Delivery to a vault is not configured.'),
    },
    links: claimLink,
    account: secrets.account,
  };
}
