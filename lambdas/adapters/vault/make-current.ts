/** Makes a version of a key the newest of its secret: by check-and-set, looking again whenever somebody was faster. */
import { AGAIN, untilSettled } from '../../core/use-cases/until-settled.ts';
import type { KvVersion, SecretData } from './kv-v2.ts';
import { notesFor, placeName, versionIn } from './placed-secret.ts';
import type { VaultClient } from './vault-client.ts';
import { VaultPathTaken } from './vault-errors.ts';

export interface Wanted {
  readonly keyId: string;
  readonly version: number;
  /** Asked of what says that it is this version. Default: it is. */
  readonly isIt?: (data: SecretData) => boolean;
  /** Undefined: there is nothing to be had, and what is there stays. */
  readonly data: () => Promise<SecretData | undefined>;
}

/** @returns whether it was written; throws `VaultPathTaken` rather than write over what is not of this key */
export const makeCurrent = (vault: VaultClient, path: string, wanted: Wanted): Promise<boolean> =>
  untilSettled(
    () => tryToMakeCurrent(vault, path, wanted),
    (attempts) => `The secret '${path}' changed ${attempts} times while a key was written to it.`,
  );

async function tryToMakeCurrent(
  vault: VaultClient,
  path: string,
  wanted: Wanted,
): Promise<boolean | typeof AGAIN> {
  const { keyId, version, isIt = () => true, data } = wanted;
  const current = await ownOrNothing(vault, path, keyId);
  if (current.state === 'present' && versionIn(current, keyId) === version && isIt(current.data)) {
    await note(vault, path, wanted, current.version);
    return false;
  }
  const content = await data();
  if (!content) return false;
  const written = await vault.kv.write(path, content, await follows(vault, path, current));
  if (written.outcome !== 'written') return AGAIN;
  await note(vault, path, wanted, written.version);
  return true;
}

/** A path may be named by hand: what somebody else keeps there is not overwritten. */
async function ownOrNothing(vault: VaultClient, path: string, keyId: string): Promise<KvVersion> {
  const current = await vault.kv.read(path);
  if (current.state !== 'present' || versionIn(current, keyId) !== undefined) return current;
  throw new VaultPathTaken(
    `The path '${path}' of '${vault.config.mount}' holds something that is not of key ${keyId}. Move it away, or delete its newest version.`,
  );
}

/** Check-and-set counts the versions of a secret whose newest is gone, too. */
async function follows({ kv }: VaultClient, path: string, current: KvVersion): Promise<number> {
  if (current.state !== 'absent') return current.version;
  return (await kv.metadata(path))?.currentVersion ?? 0;
}

/** Last: without it the version is found all the same, only slower. */
async function note(
  { kv }: VaultClient,
  path: string,
  { keyId, version }: Wanted,
  kvVersion: number,
): Promise<void> {
  const metadata = await kv.metadata(path);
  if (!metadata || metadata.custom[placeName(version)] === String(kvVersion)) return;
  await kv.annotate(path, notesFor(keyId, version, kvVersion, metadata));
}
