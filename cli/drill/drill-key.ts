/** The throw-away keys of a drill: issued, rotated, and revoked whatever happens. */
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { AdminClient } from '../admin-client.ts';

/** The version of a key that nobody issued. */
export const INVENTED = 0;

/** One version of a throw-away key. Only its id and version are ever shown. */
export interface DrillKey {
  readonly keyId: string;
  readonly version: number;
  readonly secret: Plaintext;
}

const OWNER = 'drill@keyturn.invalid';
const ATTEMPTS = 3;

export class ThrowAwayKeys {
  readonly #admin: AdminClient;
  readonly #issued = new Set<string>();

  constructor(admin: AdminClient) {
    this.#admin = admin;
  }

  get keyIds(): readonly string[] {
    return [...this.#issued];
  }

  async issue(name: string, scopes: readonly string[]): Promise<DrillKey> {
    const { keyId, version, key } = await this.#admin.call('issue', {
      owner: OWNER,
      name: `drill: ${name}`,
      environment: 'live',
      scopes,
      policy: 'drill',
      delivery: 'operator',
      purpose: 'keyturn drill',
    });
    this.#issued.add(keyId);
    if (!key) throw new Error(`Key ${keyId} was issued, but its text did not come with it.`);
    return { keyId, version, secret: new Plaintext(key) };
  }

  /** The version that a rotation made. */
  async claim({ keyId }: DrillKey, rotation: RotationView): Promise<DrillKey> {
    const claimed = await this.#admin.call('claim', { keyId });
    if (claimed.version !== rotation.toVersion) {
      throw new Error(`Version ${claimed.version} was claimed, where ${rotation.toVersion} was expected.`);
    }
    return { keyId, version: claimed.version, secret: new Plaintext(claimed.key) };
  }

  /** Revokes them all. @returns the ids of those that could not be revoked */
  async revokeAll(): Promise<readonly string[]> {
    const results = await Promise.all(this.keyIds.map((keyId) => this.#revoke(keyId)));
    return results.filter((keyId) => keyId !== undefined);
  }

  async #revoke(keyId: string): Promise<string | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        await this.#admin.call('revoke', { keyId, reason: 'The drill is over.' });
        this.#issued.delete(keyId);
        return undefined;
      } catch {
        // Said by the caller, once no attempt is left.
      }
    }
    return keyId;
  }
}
