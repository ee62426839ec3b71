/** The ways to bring a key to its owner, as this deployment has them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { MailLinkSender } from '../adapters/mail/mail-link-sender.ts';
import { recipientReading } from '../adapters/mail/recipient-settings.ts';
import { SecretPlace, type SecretPlaceSettings } from '../adapters/secrets-manager/secret-place.ts';
import { type MailSettings, SesMailer } from '../adapters/ses/ses-mailer.ts';
import { UnconfiguredPlace } from '../adapters/unconfigured-place.ts';
import type { VaultClient } from '../adapters/vault/vault-client.ts';
import { VaultPlace } from '../adapters/vault/vault-place.ts';
import type { OwnerSettingsStore } from '../core/ports/owner-settings.ts';
import type { LinkPaths, OfferDeps } from '../core/use-cases/offer-deps.ts';
import { singleTry } from './single-try.ts';
import { connectVault, type VaultSettings } from './vault.ts';

/** What `lib` tells of them, as JSON. */
export interface DeliverySettings {
  readonly claimLink: {
    /** Without the key's id and the token. */
    readonly pageUrl: string;
  };
  /** Absent: no mail is sent. */
  readonly mail?: LinkMailSettings;
  readonly secrets: SecretSettings;
  /** Absent: no vault is configured. */
  readonly vault?: VaultSettings;
}

export interface LinkMailSettings extends MailSettings {
  /** What the deployment says below each mail, with variables. */
  readonly footer?: string;
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
  /** Absent: no mail is sent. */
  readonly mail: MailSettings | undefined;
  /** The vault behind its place, for what operators ask of it. */
  readonly vault: { readonly client: VaultClient; readonly settings: VaultSettings } | undefined;
}

type Owners = Pick<OwnerSettingsStore, 'find'>;

/** The mend of everything that needs a vault where none is configured. */
export const NO_VAULT =
  'Delivery to a vault is not configured: give ApiKeyLifecycle deliveries.vault, and deploy.';

/** @param owners how owners want their mails */
export function connectDelivery(
  { claimLink, mail, secrets, vault }: DeliverySettings,
  owners: Owners,
): Delivering {
  const client = new SecretsManagerClient({});
  const kms = new KMSClient({});
  const vaultClient = vault && connectVault(vault);
  return {
    places: {
      'secrets-manager': new SecretPlace({ client, kms, clock: Date.now, sleep }, secrets),
      vault: vaultClient
        ? new VaultPlace(vaultClient, vault?.endpoint || undefined)
        : new UnconfiguredPlace(NO_VAULT),
    },
    links: { ...claimLink, ...(mail ? { sender: mailedLinks(mail, owners) } : {}) },
    account: secrets.account,
    mail,
    vault: vaultClient && vault && { client: vaultClient, settings: vault },
  };
}

const mailedLinks = ({ footer, ...mail }: LinkMailSettings, owners: Owners): MailLinkSender =>
  new MailLinkSender(new SesMailer(new SESClient(singleTry()), mail), recipientReading({ owners, footer }));
