/** Scene 5: who still uses the old version keeps it, until the migration is judged done; then it is refused. */
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { isFinal, migrationText } from '../../output/render-rotation.ts';
import { measured } from '../../output/time.ts';
import type { DrillContext } from '../drill-context.ts';
import { firstRefusal } from '../refusal-probe.ts';
import { expectThat } from '../story.ts';
import { untilRotation } from '../until-rotation.ts';
import type { Callers, DualKeyWindow } from './rotation.ts';

/** Extensions of the drill's policy that a slow count of uses may cost before the migration shows. */
const MOST_EXTENSIONS = 4;

export async function migration(drill: DrillContext, window: DualKeyWindow, callers: Callers): Promise<void> {
  await extended(drill, window);
  callers.straggler.use(window.fresh);
  drill.story.tell(`${callers.straggler.name} moves to version ${window.fresh.version}`);
  const ended = await migrated(drill, window);
  await oldRefused(drill, window, ended);
  await noneFailed(drill, callers);
}

async function extended(drill: DrillContext, { old, rotation }: DualKeyWindow): Promise<void> {
  await drill.story.check('first judgement', 'stragglers: extended', async () => {
    const judged = await untilRotation(
      drill,
      old.keyId,
      rotation,
      (view) => view.extensions > 0 || isFinal(view),
    );
    const share = judged.before && migrationText(judged.before);
    const came = `${judged.rotation.evidence ?? 'no evidence'}, extensions ${judged.rotation.extensions}${share ? `; ${share}` : ''}`;
    expectThat(judged.rotation.extensions === 1 && judged.rotation.evidence === 'stragglers', came);
    return came;
  });
}

async function migrated(drill: DrillContext, { old, rotation }: DualKeyWindow): Promise<RotationView> {
  return drill.story.step('judged again', 'migrated: the old version retired', async () => {
    const judged = await untilRotation(
      drill,
      old.keyId,
      rotation,
      (view) => isFinal(view) || view.extensions > MOST_EXTENSIONS,
    );
    const { status, evidence, extensions } = judged.rotation;
    const share = migrationText(judged.rotation);
    const came = `${status}, ${evidence ?? 'no evidence'}, extensions ${extensions}${share ? `; ${share}` : ''}`;
    expectThat(status === 'completed' && evidence === 'migrated', came);
    return [came, judged.rotation];
  });
}

async function oldRefused(
  drill: DrillContext,
  { old, started }: DualKeyWindow,
  ended: RotationView,
): Promise<void> {
  const committedAtMs = Date.parse(ended.endedAt ?? '');
  const bound = started.revocationBoundMs;
  // Both at once: how long the second was still accepted must not hide behind the first.
  await Promise.all(
    drill.endpoints.map((endpoint) =>
      drill.story.check(
        `${endpoint.api}, version ${old.version} after its retirement`,
        `401, at the latest ${measured(bound)} after the commit`,
        async () => {
          const { atMs, accepted } = await firstRefusal(drill, endpoint, old, committedAtMs + bound);
          const before = accepted === 0 ? 'at the first call' : `after ${accepted} that still passed`;
          return `refused ${measured(Math.max(0, atMs - committedAtMs))} after the commit, ${before}`;
        },
      ),
    ),
  );
}

async function noneFailed(drill: DrillContext, { mover, straggler }: Callers): Promise<void> {
  await drill.story.check('calls with a valid key', 'none failed', async () => {
    const calls = [...mover.calls(), ...straggler.calls()];
    const failed = calls.filter(({ status }) => status !== 200);
    const statuses = [...new Set(failed.map(({ status }) => status || 'no answer'))].join(', ');
    expectThat(
      failed.length === 0 && calls.length > 0,
      `${failed.length} of ${calls.length} failed: ${statuses}`,
    );
    return `${calls.length} calls, all 200`;
  });
}
