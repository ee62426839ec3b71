/** Where the versions of a new key go: what its request says of it, and what follows from its id. */
import { type Checked, refused } from '../../../rules/checked.ts';
import type { Delivery } from '../../../rules/words.ts';
import type { Destination } from '../domain/key-record.ts';

/** What a request may state; the rest is made from the key's id. */
export type StatedDestination = Exclude<Destination, { kind: 'secret' }>;

const VAULT_PATH = /^[A-Za-z0-9][A-Za-z0-9_.-]*(\/[A-Za-z0-9][A-Za-z0-9_.-]*){0,9}$/;

export function parseDestination(
  delivery: Delivery,
  input: Readonly<Record<string, unknown>>,
): Checked<StatedDestination | undefined> {
  const { vaultPath } = input;
  if (vaultPath === undefined) return { ok: true, value: undefined };
  if (delivery !== 'vault') {
    return refused(
      `vaultPath ${JSON.stringify(vaultPath)} goes with delivery 'vault', not with '${delivery}'.`,
      'Leave it out, or choose that delivery.',
    );
  }
  if (typeof vaultPath === 'string' && vaultPath.length <= 200 && VAULT_PATH.test(vaultPath)) {
    return { ok: true, value: { kind: 'vault', path: vaultPath } };
  }
  return refused(
    `vaultPath ${JSON.stringify(vaultPath)} is no path of a secret.`,
    'Write up to ten names of letters, digits, ., _ and - with / between them, such as teams/search/mcp.',
  );
}

/** The names that follow from the key's id are given to nobody else. */
export function destinationFor(
  delivery: Delivery,
  keyId: string,
  stated: StatedDestination | undefined,
): Destination | undefined {
  if (stated) return stated;
  if (delivery === 'secrets-manager') return { kind: 'secret', name: `keyturn/${keyId}` };
  if (delivery === 'vault') return { kind: 'vault', path: `keyturn/${keyId}` };
  return undefined;
}
