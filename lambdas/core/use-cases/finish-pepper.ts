/** `finishSecret` for the pepper: every function reads the new one beside the others, and the machine does the rest. */
import { waitingPepper } from '../domain/pepper-events.ts';
import type { PepperSet } from '../domain/peppers.ts';
import { CURRENT } from '../domain/secret-versions.ts';
import { notCreated } from './check-secret-version.ts';
import type { SecretCall } from './find-secret-turn.ts';
import { isUnderWay, type PepperTurn, type PepperTurnDeps } from './pepper-turn.ts';
import { announce, settleRecord } from './record-pepper.ts';
import { DONE, INITIATED_BY, type SecretStep } from './secret-rotation-deps.ts';
import { putStaged, untilSuccessor } from './stage-pepper.ts';

/**
 * Repeated, it completes what is left. A rotation that somebody else has begun is joined by a copy of what it has come to:
 * Secrets Manager takes its own for done only with `AWSCURRENT` on the version that it asked for.
 */
export const finishPepper = (deps: PepperTurnDeps, call: SecretCall): Promise<SecretStep> =>
  untilSuccessor(deps, call, async (turn) => {
    if (turn.finished) return handOver(deps, turn);
    if (turn.staged) return takeIntoUse(deps, turn, turn.staged);
    if (!(await isUnderWay(deps, turn))) return notCreated(turn);
    await putStaged(deps, turn, turn.stored.set);
    // Read again before it is used: of two calls at once the first has put its copy, which may be the older one.
    return 'again';
  });

/**
 * The label moves from the very version that was read, as with every write of the pepper: where another one came first it
 * is looked again.
 */
async function takeIntoUse(
  deps: PepperTurnDeps,
  turn: PepperTurn,
  staged: PepperSet,
): Promise<SecretStep | 'again'> {
  const { secretId, token, run, stored } = turn;
  const added = [...staged.secrets.keys()].filter((name) => !stored.set.secrets.has(name));
  await announce(deps, run, {
    action: added.length > 0 ? 'pepper.adding' : 'pepper.copying',
    pepperVersions: added.length > 0 ? added : [...staged.secrets.keys()],
    fromRevision: stored.revision,
    toRevision: token,
  });
  const moved = await deps.secrets.move(secretId, { stage: CURRENT, from: stored.revision, to: token });
  if (moved === 'stale') return 'again';
  const events = await settleRecord(deps, run, { set: staged, revision: token });
  return handOver(deps, { ...turn, events });
}

/** Told the name of the pepper, the machine adds none. Started again under the same name, it is the same execution. */
async function handOver(deps: PepperTurnDeps, { run, staged, events }: PepperTurn): Promise<SecretStep> {
  const pepperVersion = staged && waitingPepper(events, staged);
  if (pepperVersion !== undefined) {
    await deps.machine.start(run.executionId, {
      purpose: 'rotation',
      pepperVersion,
      initiatedBy: INITIATED_BY,
    });
  }
  return DONE;
}
