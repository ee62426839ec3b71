/** What operators ask about scheduled rotation: sweep now, see what a sweep would do. */
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import { previewSweep, sweepDueKeys } from '../../core/use-cases/sweep-due-keys.ts';
import type { AdminDeps, Answer } from './actions.ts';
import { success } from './outcomes.ts';

/** The function ends after 30 seconds, and the last wave and the answer take some of them. */
const LONGEST_SWEEP_MS = 15_000;
const PREVIEWED = 100;

/** As the scheduled sweep, in the time that an operator waits, and so without spreading the starts. */
export async function sweep(deps: AdminDeps): Answer<'sweep'> {
  const { startsPerSecond } = deps;
  const endsAtMs = deps.clock() + LONGEST_SWEEP_MS;
  return success(await sweepDueKeys(deps, { startsPerSecond, spreadMs: 0, endsAtMs }));
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
