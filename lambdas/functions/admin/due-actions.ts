/** What operators ask about scheduled rotation: sweep now, see what a sweep would do. */
import type { Actor } from '../../core/domain/audit-event.ts';
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import { recordOnKey } from '../../core/use-cases/record-on-key.ts';
import { previewSweep, type SweepDeps, sweepDueKeys } from '../../core/use-cases/sweep-due-keys.ts';
import { type AdminDeps, type Answer, requested } from './actions.ts';
import { success } from './outcomes.ts';

/** The function ends after 30 seconds, and the last wave and the answer take some of them. */
const LONGEST_SWEEP_MS = 15_000;
const PREVIEWED = 100;

/**
 * As the scheduled sweep, in the time that an operator waits, and so without spreading the starts. Who asks goes on record
 * on each key that it starts: a rotation itself says that a sweep began it, whoever asked for that.
 */
export async function sweep(deps: AdminDeps, actor: Actor): Answer<'sweep'> {
  const { store, clock, startsPerSecond } = deps;
  const request: SweepDeps['request'] = (keyId, rotationId) =>
    recordOnKey(
      store,
      keyId,
      requested({ purpose: 'scheduled', immediate: false }, actor, rotationId, clock()),
    );
  const endsAtMs = clock() + LONGEST_SWEEP_MS;
  return success(await sweepDueKeys({ ...deps, request }, { startsPerSecond, spreadMs: 0, endsAtMs }));
}

export async function preview(deps: AdminDeps): Answer<'preview-sweep'> {
  const { keys, more } = await previewSweep(deps, PREVIEWED);
  return success({
    keys: keys.map(({ key, verdict }) => ({
      keyId: key.keyId,
      owner: key.owner,
      dueAt: iso(key.dueAtMs),
      verdict,
      exemptUntil: isoOrNull(key.exemption?.untilMs),
    })),
    more,
  });
}
