/** The text of a key's secret: JSON that a client can use as it is. */
import { iso } from './iso-time.ts';
import { Plaintext } from './plaintext.ts';

export interface SecretValue {
  readonly key: Plaintext;
  readonly keyId: string;
  readonly version: number;
  /** Where the key is used, where the deployment knows it. */
  readonly endpoint?: string | undefined;
  /** Until when the version before it is announced to be accepted. */
  readonly previousExpiresAtMs?: number | undefined;
}

/** What is not known is left out. */
export const formatSecretValue = (value: SecretValue): Plaintext =>
  new Plaintext(
    JSON.stringify({
      key: value.key.reveal(),
      keyId: value.keyId,
      version: value.version,
      endpoint: value.endpoint,
      previousVersionExpiresAt:
        value.previousExpiresAtMs === undefined ? undefined : iso(value.previousExpiresAtMs),
    }),
  );

/** @returns undefined for any other text; nothing of it is repeated anywhere */
export function parseSecretValue(
  text: Plaintext,
): Pick<SecretValue, 'key' | 'keyId' | 'version'> | undefined {
  try {
    const { key, keyId, version } = JSON.parse(text.reveal()) as Readonly<Record<string, unknown>>;
    if (typeof key !== 'string' || typeof keyId !== 'string' || !Number.isInteger(version)) return undefined;
    return { key: new Plaintext(key), keyId, version: version as number };
  } catch {
    return undefined;
  }
}
