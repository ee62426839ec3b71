/** A key as its client finds it in a vault, and how it is found again by its version. */
import { formatSecretValue } from '../../core/domain/secret-value.ts';
import type { PlacedVersion } from '../../core/ports/key-place.ts';
import type { KvV2, KvVersion, SecretData } from './kv-v2.ts';
import type { SecretMetadata } from './secret-metadata.ts';

/** The fields that a client reads are those of a secret in Secrets Manager: it may read either. */
export function placedSecret(
  { keyId, version, key, previousExpiresAtMs }: PlacedVersion,
  endpoint: string | undefined,
): SecretData {
  const text = formatSecretValue({ key, keyId, version, endpoint, previousExpiresAtMs });
  return JSON.parse(text.reveal()) as SecretData;
}

/** Of a version that is the newest once more: what it said of the one before it is over. */
export function withoutPast({ previousVersionExpiresAt: _past, ...secret }: SecretData): SecretData {
  return secret;
}

/** The version of this key that a KV version holds, if it is one. */
export const versionIn = (found: KvVersion, keyId: string): number | undefined =>
  found.state === 'present' && found.data['keyId'] === keyId && typeof found.data['key'] === 'string'
    ? Number(found.data['version'])
    : undefined;

/** Custom metadata: whose the path is, and where each version of the key lies. */
export const KEY_ID = 'keyturn-key-id';
export const isNote = (name: string): boolean => name.startsWith('keyturn-');
export const placeName = (version: number): string => `keyturn-version-${version}`;

/** Vault takes 64 entries, some of which may be somebody else's. */
const MOST_PLACES = 20;

/** What to note when a version was written: itself, and not the ones that are long gone. */
export function notesFor(
  keyId: string,
  version: number,
  kvVersion: number,
  { custom }: Pick<SecretMetadata, 'custom'>,
): Readonly<Record<string, string | null>> {
  const known = placesIn(custom).filter((place) => place.version !== version);
  const gone = known.slice(0, Math.max(0, known.length + 1 - MOST_PLACES));
  return {
    [KEY_ID]: keyId,
    ...Object.fromEntries(gone.map((place) => [placeName(place.version), null])),
    [placeName(version)]: String(kvVersion),
  };
}

/** By KV version, the oldest first. */
export const placesIn = (
  custom: SecretMetadata['custom'],
): readonly { readonly version: number; readonly kvVersion: number }[] =>
  Object.entries(custom)
    .flatMap(([name, value]) => {
      const version = /^keyturn-version-(\d+)$/.exec(name)?.[1];
      return version === undefined ? [] : [{ version: Number(version), kvVersion: Number(value) }];
    })
    .sort((left, right) => left.kvVersion - right.kvVersion);

/**
 * Looks where the notes say, and then everywhere, the newest first: a crash may have come between a write and its note.
 * A version that was deleted softly is undeleted if the notes name it.
 */
export async function findVersion(
  kv: KvV2,
  path: string,
  keyId: string,
  version: number,
): Promise<SecretData | undefined> {
  const metadata = await kv.metadata(path);
  if (!metadata) return undefined;
  const noted = placesIn(metadata.custom).find((place) => place.version === version)?.kvVersion;
  if (metadata.versions.some((each) => each.version === noted && each.state === 'deleted')) {
    await kv.undelete(path, [noted as number]);
  }
  const present = metadata.versions
    .filter((each) => each.state === 'present' && each.version !== noted)
    .map((each) => each.version);
  for (const each of [...(noted === undefined ? [] : [noted]), ...present.reverse()]) {
    const found = await kv.read(path, each);
    if (found.state === 'present' && versionIn(found, keyId) === version) return found.data;
  }
  return undefined;
}
