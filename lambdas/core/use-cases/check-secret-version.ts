/** `setSecret` and `testSecret`: the record accepts the new version, and so do the deployed authorizers. */
import { parseSecretValue, type SecretValue } from '../domain/secret-value.ts';
import { CURRENT, labelledVersion, staged } from '../domain/secret-versions.ts';
import { checkAccepted } from './create-secret-version.ts';
import { type SecretCall, unlessFinished } from './find-secret-turn.ts';
import {
  DONE,
  type Refused,
  refuse,
  type SecretRotationDeps,
  type SecretStep,
  type SecretTurn,
} from './secret-rotation-deps.ts';
import { tryUntilFound } from './try-until-found.ts';

const PAUSE_MS = 200;

/** There is nothing to set: the write that made the version accepted was the machine's. */
export const setSecretVersion = (deps: SecretRotationDeps, call: SecretCall): Promise<SecretStep> =>
  unlessFinished(deps, call, async (turn) => {
    const version = labelledVersion(turn.pending);
    return version === undefined ? notCreated(turn) : checkAccepted(deps, turn, version);
  });

/**
 * With `RotateImmediately=false` this is the one step that is run, on a version that holds nothing or a copy: the key
 * that clients read is tested then.
 */
export const testSecretVersion = (deps: SecretRotationDeps, call: SecretCall): Promise<SecretStep> =>
  unlessFinished(deps, call, async (turn) => {
    const version = labelledVersion(turn.pending);
    if (version === undefined) return testCurrent(deps, turn);
    const accepted = await checkAccepted(deps, turn, version);
    return accepted.outcome === 'done' ? test(deps, turn, turn.token) : accepted;
  });

export const notCreated = ({ state, token }: Pick<SecretTurn, 'state' | 'token'>): Refused =>
  refuse(`Version ${token} of the secret ${state.name} holds nothing: createSecret comes first.`);

async function testCurrent(deps: SecretRotationDeps, turn: SecretTurn): Promise<SecretStep> {
  const current = staged(turn.state.versions, CURRENT);
  if (current) return test(deps, turn, current.id);
  return refuse(`The secret ${turn.state.name} has no version that clients could read.`);
}

async function test(deps: SecretRotationDeps, turn: SecretTurn, versionId: string): Promise<SecretStep> {
  const { record, state } = turn;
  const value = await readValue(deps, turn, versionId);
  if (value?.keyId !== record.keyId) {
    return refuse(`Version ${versionId} of the secret ${state.name} does not hold a key of ${record.keyId}.`);
  }
  const { key, keyId, version } = value;
  const objection = await deps.verifier.verify(key, { keyId, version });
  return objection === undefined ? DONE : refuse(objection);
}

async function readValue(
  deps: SecretRotationDeps,
  { secretId }: SecretTurn,
  versionId: string,
): Promise<Pick<SecretValue, 'key' | 'keyId' | 'version'> | undefined> {
  const text = await tryUntilFound(deps, PAUSE_MS, () => deps.secrets.read(secretId, versionId));
  return text && parseSecretValue(text);
}
