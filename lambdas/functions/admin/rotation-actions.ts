/** What operators ask about rotations of many keys. */
import { ROTATION_GROUPS } from '../../../rules/words.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { type ListRotationsDeps, listRotations } from '../../core/use-cases/list-rotations.ts';
import type { Answer } from './actions.ts';
import { badLimit, badToken, failure, isLimit, success, unknownKey } from './outcomes.ts';
import type { RotationsInput } from './rotation-contract.ts';
import { rotationSummary } from './views.ts';

const DEFAULT_LIMIT = 50;

export async function rotations(deps: ListRotationsDeps, input: RotationsInput): Answer<'rotations'> {
  const { keyId, status, limit = DEFAULT_LIMIT, nextToken } = input;
  if (keyId !== undefined && !isKeyId(keyId)) return unknownKey(String(keyId));
  if (status !== undefined && !ROTATION_GROUPS.includes(status)) {
    return failure(
      'bad-request',
      `status '${String(status)}' is not known.`,
      `Choose one of ${ROTATION_GROUPS.join(', ')}.`,
    );
  }
  if (!isLimit(limit)) return badLimit(limit);
  if (nextToken !== undefined && typeof nextToken !== 'string') return badToken();
  const page = await listRotations(deps, {
    ...(keyId === undefined ? {} : { keyId }),
    ...(status === undefined ? {} : { group: status }),
    ...(nextToken === undefined ? {} : { nextToken }),
    limit,
  });
  if (page === 'bad-token') return badToken();
  if (page === 'unknown-key') return unknownKey(String(keyId));
  const nowMs = deps.clock();
  return success({
    rotations: page.rotations.map((each) => rotationSummary(each, nowMs)),
    nextToken: page.nextToken,
  });
}
