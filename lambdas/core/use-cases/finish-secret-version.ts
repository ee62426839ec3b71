/** `finishSecret`: clients find the new version, and the one before it is the previous. The machine does the rest. */
import { activeVersion, type KeyRecord, versionWith } from '../domain/key-record.ts';
import { holds, labelledVersion } from '../domain/secret-versions.ts';
import { notCreated } from './check-secret-version.ts';
import { checkAccepted, notAccepted } from './create-secret-version.ts';
import { findSecretTurn, isFinished, type SecretCall } from './find-secret-turn.ts';
import {
  DONE,
  refuse,
  type SecretRotationDeps,
  type SecretStep,
  type SecretTurn,
} from './secret-rotation-deps.ts';
import { settleStages } from './settle-stages.ts';

/**
 * Repeated, it completes what is left. `AWSPENDING` stays where it is: Secrets Manager takes it off itself, and would
 * take a removal by somebody else for a failure.
 */
export async function finishSecretVersion(deps: SecretRotationDeps, call: SecretCall): Promise<SecretStep> {
  const found = await findSecretTurn(deps, call);
  if (found.outcome === 'refused') return found;
  const { turn } = found;
  const version = labelledVersion(turn.pending);
  if (version === undefined) return isFinished(turn) ? DONE : notCreated(turn);
  if (!isFinished(turn)) {
    const accepted = await checkAccepted(deps, turn, version);
    if (accepted.outcome === 'refused') return accepted;
  }
  await settleStages(deps, turn.secretId, goalOf(turn, version));
  return putRight(deps, turn, version);
}

function goalOf({ record, token }: SecretTurn, version: number) {
  const old = versionWith(record, 'deprecating');
  return {
    keyId: record.keyId,
    version,
    versionId: token,
    ...(old && old.version !== version ? { previous: old.version } : {}),
  };
}

/** If the rotation was taken back or overtaken meanwhile, its place may have been put right before this moved the label. */
async function putRight(deps: SecretRotationDeps, turn: SecretTurn, version: number): Promise<SecretStep> {
  const record = (await deps.store.find(turn.record.keyId)) as KeyRecord;
  const active = activeVersion(record)?.version;
  if (active === version) return DONE;
  const versions = (await deps.secrets.describe(turn.secretId))?.versions ?? [];
  if (active !== undefined && versions.some((each) => holds(each, active))) {
    await settleStages(deps, turn.secretId, { keyId: record.keyId, version: active, back: true });
  }
  return refuse(notAccepted(turn, version));
}
