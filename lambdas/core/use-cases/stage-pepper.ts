/** `createSecret`, `setSecret` and `testSecret` for the pepper: a new one lies under the token, beside all that there are. */
import { newPepperName } from '../domain/pepper-name.ts';
import { newPepperSecret, succeeds, withPepper } from '../domain/pepper-rotation.ts';
import { formatPeppers, type PepperSet } from '../domain/peppers.ts';
import { Plaintext } from '../domain/plaintext.ts';
import { PENDING } from '../domain/secret-versions.ts';
import { notCreated } from './check-secret-version.ts';
import type { SecretCall } from './find-secret-turn.ts';
import {
  findPepperTurn,
  isUnderWay,
  type PepperTurn,
  type PepperTurnDeps,
  unlessInUse,
} from './pepper-turn.ts';
import { DONE, giveUp, type SecretStep } from './secret-rotation-deps.ts';

const ATTEMPTS = 15;
const PAUSE_MS = 200;

/**
 * Nobody reads what lies under the token, and what was put there first stays. Where a rotation of the pepper is under way
 * nothing is put: what its machine writes in the next moment would be missing in it.
 */
export const stagePepper = (deps: PepperTurnDeps, call: SecretCall): Promise<SecretStep> =>
  unlessInUse(deps, call, async (turn) => {
    if (turn.staged || (await isUnderWay(deps, turn))) return DONE;
    const { set } = turn.stored;
    const name = newPepperName(set.current, deps.clock(), deps.randomBytes);
    await putStaged(deps, turn, withPepper(set, name, newPepperSecret(deps.randomBytes)));
    return DONE;
  });

/** There is nothing to set: no other service has the pepper. */
export const setPepper = (deps: PepperTurnDeps, call: SecretCall): Promise<SecretStep> =>
  unlessInUse(deps, call, async (turn) =>
    turn.staged || (await isUnderWay(deps, turn)) ? DONE : notCreated(turn),
  );

/**
 * What lies under the token is what every function reads, and a new pepper. With `RotateImmediately=false` nothing lies
 * there: then what every function reads is tested, which was read and understood to come here.
 */
export const testPepper = (deps: PepperTurnDeps, call: SecretCall): Promise<SecretStep> =>
  untilSuccessor(deps, call, async () => DONE);

export async function putStaged(
  { secrets }: Pick<PepperTurnDeps, 'secrets'>,
  { secretId, token }: PepperTurn,
  set: PepperSet,
): Promise<void> {
  await secrets.put(secretId, { id: token, text: new Plaintext(formatPeppers(set)), stages: [PENDING] });
}

/**
 * Goes on once what lies under the token follows from what is read: a read may lag behind a write. Where it never does
 * the secret was written since, and what lies there would undo that.
 */
export async function untilSuccessor(
  deps: PepperTurnDeps,
  call: SecretCall,
  step: (turn: PepperTurn) => Promise<SecretStep | 'again'>,
): Promise<SecretStep> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const found = await findPepperTurn(deps, call);
    if (found.outcome === 'refused') return found;
    const { turn } = found;
    const follows = turn.finished || !turn.staged || succeeds(turn.staged, turn.stored.set);
    const answer = follows ? await step(turn) : 'again';
    if (answer !== 'again') return answer;
    await deps.sleep(PAUSE_MS);
  }
  return giveUp(deps, call, 'The pepper secret was written since this rotation of it began.');
}
