/** `createSecret`: the new version of the key lies under the token that Secrets Manager has given. */
import { activeVersion, deliveryOf, type KeyRecord, versionWith } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { formatSecretValue, parseSecretValue } from '../domain/secret-value.ts';
import { CURRENT, labelledVersion, labelOf, PENDING, staged } from '../domain/secret-versions.ts';
import { findWaiting } from './claim-key.ts';
import { type SecretCall, unlessFinished } from './find-secret-turn.ts';
import {
  DONE,
  giveUp,
  refuse,
  type SecretRotationDeps,
  type SecretStep,
  type SecretTurn,
} from './secret-rotation-deps.ts';
import { tryUntilFound } from './try-until-found.ts';
import { type AcceptedVersion, versionForSecret } from './version-for-secret.ts';

const PAUSE_MS = 500;

/** Repeated, it finds the version that it has put. */
export const createSecretVersion = (deps: SecretRotationDeps, call: SecretCall): Promise<SecretStep> =>
  unlessFinished(deps, call, async (turn) => {
    const there = labelledVersion(turn.pending);
    if (there !== undefined) return checkAccepted(deps, turn, there);
    const accepted = await versionForSecret(deps, turn);
    if (accepted.outcome === 'refused') return accepted;
    const text = await textOf(deps, turn, accepted);
    if (!text) {
      return refuse(
        `Version ${accepted.version} of key ${turn.record.keyId} was handed out another way: rotate the key once more.`,
      );
    }
    const stages = [PENDING, labelOf(accepted.version, turn.token)];
    await deps.secrets.put(turn.secretId, { id: turn.token, text, stages });
    return DONE;
  });

/** What was put stays for ever. If another version of the key is the accepted one by now, no client may be given it. */
export async function checkAccepted(
  deps: SecretRotationDeps,
  turn: SecretTurn,
  version: number,
): Promise<SecretStep> {
  const record = await deps.store.find(turn.record.keyId);
  if (record && activeVersion(record)?.version === version) return DONE;
  return giveUp(deps, turn, notAccepted(turn, version));
}

export const notAccepted = ({ record }: Pick<SecretTurn, 'record'>, version: number): string =>
  `Version ${version} of key ${record.keyId} is not the accepted one any more.`;

/** Sealed until it is placed, and in the secret from then on: whichever of the two this meets. */
const textOf = (
  deps: SecretRotationDeps,
  { secretId }: SecretTurn,
  { record, version }: AcceptedVersion,
): Promise<Plaintext | undefined> =>
  tryUntilFound(
    deps,
    PAUSE_MS,
    async () =>
      (await sealedText(deps, record, version)) ?? (await currentText(deps, secretId, record.keyId, version)),
  );

async function sealedText(
  { store, sealer, clock, endpoint }: SecretRotationDeps,
  { keyId }: KeyRecord,
  version: number,
): Promise<Plaintext | undefined> {
  const record = await store.find(keyId);
  const active = record && activeVersion(record);
  // What was offered another way may be taken there at any moment.
  if (!active || deliveryOf(record, active) !== 'secrets-manager') return undefined;
  const sealed = await findWaiting({ store, clock }, record);
  if (sealed?.version !== version) return undefined;
  const previousExpiresAtMs = versionWith(record, 'deprecating')?.expiresAtMs;
  return formatSecretValue({
    key: await sealer.open(sealed),
    keyId,
    version,
    endpoint,
    previousExpiresAtMs,
  });
}

async function currentText(
  { secrets }: SecretRotationDeps,
  secretId: string,
  keyId: string,
  version: number,
): Promise<Plaintext | undefined> {
  const current = staged((await secrets.describe(secretId))?.versions ?? [], CURRENT);
  const text = current && (await secrets.read(secretId, current.id));
  const value = text && parseSecretValue(text);
  return value?.keyId === keyId && value.version === version ? text : undefined;
}
