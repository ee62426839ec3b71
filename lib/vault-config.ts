/** Delivery to a vault: the options, their defaults, and what is refused. */
import { X509Certificate } from 'node:crypto';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { parseVaultAddress } from '../rules/vault-address.ts';
import { checkedEndpoint } from './client-endpoint.ts';
import { checkedFlag } from './flag.ts';
import { InvalidConfiguration, valid } from './invalid-configuration.ts';

export interface VaultDeliveryConfig {
  /** Of HashiCorp Vault or OpenBao, such as `https://vault.example.com:8200`. */
  readonly address: string;
  /** `approle`, or `token`; with AppRole mounted elsewhere, `{ method: 'approle', mount: '…' }`. Default: `approle`. */
  readonly auth?: VaultAuth | VaultAuth['method'];
  /** Secret, or its name or ARN, with `{"roleId": "…", "secretId": "…"}` or `{"token": "…"}`. */
  readonly credentialsSecret: ISecret | string;
  /** Where the KV engine of version 2 is mounted. Default: `secret`. */
  readonly mount?: string;
  /** Default: none. */
  readonly namespace?: string;
  /** What clients call with their key, written beside it. Default: as `secrets` has it. */
  readonly endpoint?: string;
  /** PEM of the authority that signed the vault's certificate. Default: those that Node.js trusts. */
  readonly caCertificate?: string;
  /** Whether the vault may be spoken to without TLS though it is not on loopback. Default: `false`. */
  readonly allowHttp?: boolean;
  /** Where backups go. Default: a bucket of the stack's own. */
  readonly backupBucket?: IBucket;
}

export interface VaultAuth {
  readonly method: 'approle' | 'token';
  readonly mount?: string;
}

/** With every default filled in; what refers to resources is left to the construct. */
export interface ResolvedVault {
  readonly address: string;
  readonly method: VaultAuth['method'];
  readonly authMount: string;
  readonly mount: string;
  readonly namespace?: string;
  readonly endpoint?: string;
  readonly caCertificate?: string;
  readonly allowHttp?: boolean;
}

const PLACE = /^[A-Za-z0-9][A-Za-z0-9_.-]*(\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/;
/** All environment variables of a function have 4 KB together. */
const LONGEST_CERTIFICATE = 2_400;

export function resolveVault(config: VaultDeliveryConfig): ResolvedVault {
  const { namespace, endpoint, caCertificate } = config;
  const allowHttp = checkedFlag('deliveries.vault.allowHttp', config.allowHttp ?? false);
  const { method, mount: authMount = 'approle' } = authOf(config.auth ?? 'approle');
  return {
    address: valid(parseVaultAddress(config.address, allowHttp)),
    method,
    authMount: place('auth.mount', authMount),
    mount: place('mount', config.mount ?? 'secret'),
    ...(namespace === undefined ? {} : { namespace: place('namespace', namespace) }),
    ...(endpoint === undefined ? {} : { endpoint: checkedEndpoint('deliveries.vault.endpoint', endpoint) }),
    ...(caCertificate === undefined ? {} : { caCertificate: checkedCertificate(caCertificate) }),
    ...(allowHttp ? { allowHttp } : {}),
  };
}

function authOf(auth: VaultAuth | VaultAuth['method']): VaultAuth {
  const found = typeof auth === 'string' ? { method: auth } : auth;
  if (found.method === 'approle' || found.method === 'token') return found;
  throw new InvalidConfiguration(
    `deliveries.vault.auth '${String(found.method)}' is not known.`,
    'Choose approle or token.',
  );
}

function place(what: string, text: string): string {
  if (PLACE.test(text)) return text;
  throw new InvalidConfiguration(
    `deliveries.vault.${what} '${text}' is not valid.`,
    'Write names of letters, digits, ., _ and - with / between them, and none at either end.',
  );
}

function checkedCertificate(pem: string): string {
  if (pem.length > LONGEST_CERTIFICATE) {
    throw new InvalidConfiguration(
      `deliveries.vault.caCertificate is ${pem.length} characters long, more than ${LONGEST_CERTIFICATE}.`,
      'Give the one certificate of the authority, not a bundle.',
    );
  }
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    throw new InvalidConfiguration(
      'deliveries.vault.caCertificate is no certificate in PEM.',
      'Give the text from -----BEGIN CERTIFICATE----- to the end line.',
    );
  }
}
