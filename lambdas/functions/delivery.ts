/** The ways to bring a key to its owner, as this deployment has them. */
import { UnconfiguredPlace } from '../adapters/unconfigured-place.ts';
import type { LinkPaths, OfferDeps } from '../core/use-cases/offer-version.ts';

/** What `lib` tells of them, as JSON. */
export interface DeliverySettings {
  readonly claimLink: {
    /** Without the key's id and the token. */
    readonly pageUrl: string;
    readonly lifetimeSeconds: number;
  };
}

export interface Delivering {
  readonly places: OfferDeps['places'];
  readonly links: LinkPaths;
}

export function connectDelivery({ claimLink }: DeliverySettings): Delivering {
  return {
    places: {
      'secrets-manager': new UnconfiguredPlace('Delivery to Secrets Manager is not configured.'),
      vault: new UnconfiguredPlace('Delivery to a vault is not configured.'),
    },
    links: claimLink,
  };
}
