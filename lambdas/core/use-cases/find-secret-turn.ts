/** Whether a call of Secrets Manager is one that may be carried out, and of which key. */
import { SECRET_PREFIX } from '../../../rules/secret-name.ts';
import { isKeyId } from '../domain/key-format.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import { isToken } from '../domain/secret-token.ts';
import { CURRENT, PENDING } from '../domain/secret-versions.ts';
import type { SecretState, SecretVersions } from '../ports/secret-versions.ts';
import {
  DONE,
  type Refused,
  refuse,
  type SecretRotationDeps,
  type SecretStep,
  type SecretTurn,
} from './secret-rotation-deps.ts';

export interface SecretCall {
  readonly secretId: string;
  readonly token: string;
}

/** Answered by a step that finds the version under way to be what clients read already. */
export const isFinished = ({ pending }: SecretTurn): boolean => pending.stages.includes(CURRENT);

/** The contract of a rotation function, whatever the secret holds: the token is one, and rotation is on. */
export async function findRotatedSecret(
  secrets: Pick<SecretVersions, 'describe'>,
  { secretId, token }: SecretCall,
): Promise<{ readonly outcome: 'found'; readonly state: SecretState } | Refused> {
  if (!isToken(token))
    return refuse('The ClientRequestToken is no UUID: leave it to the tool that starts the rotation.');
  const state = await secrets.describe(secretId);
  if (!state) return refuse(`There is no secret ${secretId}.`);
  if (!state.rotationEnabled) return refuse(`Rotation is not enabled for the secret ${state.name}.`);
  return { outcome: 'found', state };
}

export const noVersion = ({ name }: SecretState, token: string): Refused =>
  refuse(`The secret ${name} has no version ${token}.`);
export const notPending = ({ name }: SecretState, token: string): Refused =>
  refuse(`Version ${token} of the secret ${name} is not ${PENDING}.`);

/** And the token is a version of a key's secret, and pending or current. */
export async function findSecretTurn(
  { secrets, store }: Pick<SecretRotationDeps, 'secrets' | 'store'>,
  call: SecretCall,
): Promise<{ readonly outcome: 'turn'; readonly turn: SecretTurn } | Refused> {
  const found = await findRotatedSecret(secrets, call);
  if (found.outcome === 'refused') return found;
  const { secretId, token } = call;
  const { state } = found;
  const pending = state.versions.find(({ id }) => id === token);
  if (!pending) return noVersion(state, token);
  const record = await keyOf(store, state.name);
  if (!record) return refuse(`${state.name} is not the secret of a key of this deployment.`);
  const turn = { secretId, token, state, pending, record };
  if (isFinished(turn) || pending.stages.includes(PENDING)) return { outcome: 'turn', turn };
  return notPending(state, token);
}

/** The key's own record says which secret is its: a name alone would let one secret be filled with another's key. */
async function keyOf(store: SecretRotationDeps['store'], name: string): Promise<KeyRecord | undefined> {
  const keyId = name.slice(SECRET_PREFIX.length);
  const record = isKeyId(keyId) ? await store.find(keyId) : undefined;
  const destination = record?.destination;
  return destination?.kind === 'secret' && destination.name === name ? record : undefined;
}

/** Runs a step that has nothing to do any more once clients read the version under way. */
export async function unlessFinished(
  deps: SecretRotationDeps,
  call: SecretCall,
  step: (turn: SecretTurn) => Promise<SecretStep>,
): Promise<SecretStep> {
  const found = await findSecretTurn(deps, call);
  if (found.outcome === 'refused') return found;
  return isFinished(found.turn) ? DONE : step(found.turn);
}
