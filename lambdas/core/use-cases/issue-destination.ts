/** Where the versions of a new key go: what its request says of it, and what follows from its id. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { MOST_READERS, parseReaderArn } from '../../../rules/reader-arn.ts';
import { parseRenewalKey, thumbprintOf } from '../../../rules/renewal-key.ts';
import { secretNameOf } from '../../../rules/secret-name.ts';
import type { Delivery } from '../../../rules/words.ts';
import type { Destination } from '../domain/key-record.ts';

/** What a request may state; the rest is made from the key's id. */
export type StatedDestination =
  | Exclude<Destination, { kind: 'secret' }>
  | { readonly kind: 'secret'; readonly readers: readonly string[] };

const VAULT_PATH = /^[A-Za-z0-9][A-Za-z0-9_.-]*(\/[A-Za-z0-9][A-Za-z0-9_.-]*){0,9}$/;

export function parseDestination(
  delivery: Delivery,
  input: Readonly<Record<string, unknown>>,
  account?: string,
): Checked<StatedDestination | undefined> {
  const { vaultPath, publicKey, readers } = input;
  if (readers !== undefined) return parseReaders(delivery, input, account);
  if (delivery === 'renewal-key') return parsePublicKey(vaultPath, publicKey);
  if (publicKey !== undefined) {
    return refused(
      `A public key goes with delivery 'renewal-key', not with '${delivery}'.`,
      'Leave it out, or choose that delivery.',
    );
  }
  if (vaultPath === undefined) return { ok: true, value: undefined };
  if (delivery !== 'vault') return goesWithVault(vaultPath, delivery);
  if (typeof vaultPath === 'string' && vaultPath.length <= 200 && VAULT_PATH.test(vaultPath)) {
    return { ok: true, value: { kind: 'vault', path: vaultPath } };
  }
  return refused(
    `vaultPath ${JSON.stringify(vaultPath)} is no path of a secret.`,
    'Write up to ten names of letters, digits, ., _ and - with / between them, such as teams/search/mcp.',
  );
}

function parseReaders(
  delivery: Delivery,
  { readers, ...others }: Readonly<Record<string, unknown>>,
  account: string | undefined,
): Checked<StatedDestination | undefined> {
  if (delivery !== 'secrets-manager') {
    return refused(
      `Readers go with delivery 'secrets-manager', not with '${delivery}'.`,
      'Leave them out, or choose that delivery.',
    );
  }
  if (!Array.isArray(readers) || readers.length > MOST_READERS) {
    return refused(
      `readers ${JSON.stringify(readers).slice(0, 60)} is no list of up to ${MOST_READERS} ARNs.`,
      'Give ARNs of roles and users, or leave it out: then the identity policies of the account decide.',
    );
  }
  for (const reader of readers) {
    // Of anything but text the text may look right: what goes into the policy is the thing itself.
    const parsed = parseReaderArn(typeof reader === 'string' ? reader : JSON.stringify(reader), account);
    if (!parsed.ok) return parsed;
  }
  const other = parseDestination(delivery, others, account);
  if (!other.ok || readers.length === 0) return other;
  return { ok: true, value: { kind: 'secret', readers: [...new Set(readers as string[])] } };
}

function parsePublicKey(vaultPath: unknown, publicKey: unknown): Checked<StatedDestination> {
  if (vaultPath !== undefined) return goesWithVault(vaultPath, 'renewal-key');
  if (publicKey === undefined) {
    return refused(
      "Delivery 'renewal-key' needs the public key of its client.",
      'Give it (--public-key <file>), or issue the key with another delivery: a client that holds a key can propose its public key.',
    );
  }
  const key = parseRenewalKey(publicKey);
  if (!key.ok) return key;
  return { ok: true, value: { kind: 'renewal', publicKey: key.value, thumbprint: thumbprintOf(key.value) } };
}

const goesWithVault = (vaultPath: unknown, delivery: Delivery) =>
  refused(
    `vaultPath ${JSON.stringify(vaultPath)} goes with delivery 'vault', not with '${delivery}'.`,
    'Leave it out, or choose that delivery.',
  );

/** The names that follow from the key's id are given to nobody else. */
export function destinationFor(
  delivery: Delivery,
  keyId: string,
  stated: StatedDestination | undefined,
): Destination | undefined {
  if (stated?.kind === 'secret') return { ...stated, name: secretNameOf(keyId) };
  if (stated) return stated;
  if (delivery === 'secrets-manager') return { kind: 'secret', name: secretNameOf(keyId) };
  if (delivery === 'vault') return { kind: 'vault', path: `keyturn/${keyId}` };
  return undefined;
}
