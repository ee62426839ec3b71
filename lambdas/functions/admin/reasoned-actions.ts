/** Changes of one key that go on record with a reason; each is answered with the key as it stands then. */
import { parseFreeText } from '../../../rules/free-text.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { changeKeyStatus } from '../../core/use-cases/change-key-status.ts';
import { endExemption, exemptKey, parseExemptUntil } from '../../core/use-cases/exempt-key.ts';
import { rollbackRotation } from '../../core/use-cases/rollback-rotation.ts';
import { type AdminDeps, type Answer, show } from './actions.ts';
import { badRequest, failure, revokedKey, unknownKey } from './outcomes.ts';

export interface ReasonedInput {
  readonly keyId: string;
  readonly reason: string;
}

interface By {
  readonly actor: Actor;
  readonly reason: string;
}

type Outcome =
  | 'changed'
  | 'unchanged'
  | 'rolled-back'
  | 'unknown-key'
  | 'revoked'
  | 'revoked-for-good'
  | 'nothing-to-roll-back'
  | 'forbidden-by-policy';

const LONGEST_REASON = 500;

export const setStatus = (
  deps: AdminDeps,
  to: KeyStatus,
  input: ReasonedInput,
  actor: Actor,
): Answer<'disable'> => change(deps, input, actor, (keyId, by) => changeKeyStatus(deps, keyId, to, by));

export const rollback = (deps: AdminDeps, input: ReasonedInput, actor: Actor): Answer<'rollback'> =>
  change(deps, input, actor, async (keyId, by) => (await rollbackRotation(deps, keyId, by)).outcome);

export async function exempt(
  deps: AdminDeps,
  input: ReasonedInput & { readonly until: string },
  actor: Actor,
): Answer<'exempt'> {
  const until = parseExemptUntil(input.until, deps.clock());
  if (!until.ok) return badRequest(until);
  return change(deps, input, actor, (keyId, by) => exemptKey(deps, keyId, until.value, by));
}

export const unexempt = (deps: AdminDeps, input: ReasonedInput, actor: Actor): Answer<'unexempt'> =>
  change(deps, input, actor, (keyId, by) => endExemption(deps, keyId, by));

async function change(
  deps: AdminDeps,
  input: ReasonedInput,
  actor: Actor,
  act: (keyId: string, by: By) => Promise<Outcome>,
): Answer<'show'> {
  const { keyId } = input;
  const reason = parseFreeText(input.reason, 'reason', LONGEST_REASON);
  if (!reason.ok) return badRequest(reason);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  switch (await act(keyId, { actor, reason: reason.value })) {
    case 'unknown-key':
      return unknownKey(keyId);
    case 'revoked':
    case 'revoked-for-good':
      return revokedKey(keyId);
    case 'nothing-to-roll-back':
      return failure(
        'nothing-to-roll-back',
        `No rotation of key '${keyId}' runs, and it has no old version that is still accepted.`,
        'A retired version stays refused: rotate the key to replace the one in use.',
      );
    case 'forbidden-by-policy':
      return failure(
        'forbidden-by-policy',
        `The policy of key '${keyId}' does not let a rotation be taken back once its new version is accepted.`,
        'Both versions are accepted until the rotation is judged; rotate again to replace the new one.',
      );
    default:
      return show(deps, { keyId });
  }
}
