/** Scenes 4 and 5: a rotation under steady traffic, from the dual-key window to the refusal of the old version. */
import type { RotationStarted, RotationView } from '../../../lambdas/functions/admin/contract.ts';
import { isFinal, migrationText } from '../../output/render-rotation.ts';
import { measured } from '../../output/time.ts';
import { beginRotation } from '../../rotation/begin-rotation.ts';
import type { DrillContext } from '../drill-context.ts';
import type { DrillKey } from '../drill-key.ts';
import { rawCall } from '../raw-call.ts';
import { firstRefusal } from '../refusal-probe.ts';
import { type SteadyCaller, startSteadyCaller } from '../steady-caller.ts';
import { expectThat } from '../story.ts';
import { untilRotation } from '../until-rotation.ts';

/** Extensions of the drill's policy that a slow count of uses may cost before the migration shows. */
const MOST_EXTENSIONS = 4;

interface Window {
  readonly old: DrillKey;
  readonly fresh: DrillKey;
  readonly started: RotationStarted;
  readonly rotation: RotationView;
}

export async function rotationUnderTraffic(drill: DrillContext, old: DrillKey): Promise<void> {
  const callers = await startCallers(drill, old);
  try {
    const window = await drill.story.step('rotate', 'both versions accepted', () => rotate(drill, old));
    // The mover goes at once; the straggler stays, or there would be nothing to extend for.
    callers.mover.use(window.fresh);
    await bothWork(drill, window);
    await drill.story.scene('5  One client lags: extended, migrated, retired', async () => {
      await extended(drill, window);
      callers.straggler.use(window.fresh);
      drill.story.tell(`${callers.straggler.name} moves to version ${window.fresh.version}`);
      const ended = await migrated(drill, window);
      await oldRefused(drill, window, ended);
      await noneFailed(drill, [callers.mover, callers.straggler]);
    });
  } finally {
    await Promise.all([callers.mover.stop(), callers.straggler.stop()]);
  }
}

async function startCallers(drill: DrillContext, key: DrillKey) {
  const [first, second = first] = drill.endpoints;
  const mover = await startSteadyCaller(drill, {
    name: 'mover',
    endpoint: first,
    protocol: '2026-07-28',
    key,
  });
  const straggler = await startSteadyCaller(drill, {
    name: 'straggler',
    endpoint: second,
    protocol: '2025-11-25',
    key,
  });
  drill.story.tell(`two clients call every ${drill.pace.callEveryMs} ms with version ${key.version}`);
  return { mover, straggler };
}

async function rotate(drill: DrillContext, old: DrillKey): Promise<readonly [string, Window]> {
  const { started, rotation } = await beginRotation(
    drill.admin,
    {
      keyId: old.keyId,
      purpose: 'manual',
      reason: 'keyturn drill',
      notifyClients: false,
      alertSecurity: false,
    },
    { now: drill.now, sleep: drill.sleep },
  );
  expectThat(rotation.status === 'dual-key', `status ${rotation.status}`);
  const fresh = await drill.keys.claim(old, rotation);
  const came = `version ${fresh.version} beside version ${old.version} until ${rotation.gracePeriodEndsAt}`;
  return [came, { old, fresh, started, rotation }];
}

async function bothWork(drill: DrillContext, { old, fresh, rotation }: Window): Promise<void> {
  const expires = Math.floor(Date.parse(rotation.gracePeriodEndsAt ?? '') / 1000);
  const warning = `deprecating; version=${old.version}; expires=@${expires}`;
  for (const endpoint of drill.endpoints) {
    for (const [key, header] of [
      [old, warning],
      [fresh, null],
    ] as const) {
      const expected = header ? `200 with Api-Key-Status: ${header}` : '200 without Api-Key-Status';
      await drill.story.step(`${endpoint.api}, version ${key.version}`, expected, async () => {
        const response = await rawCall(drill, endpoint, key);
        const status = response.headers.get('api-key-status');
        const came = `${response.status}, ${status ? `Api-Key-Status: ${status}` : 'no Api-Key-Status'}`;
        expectThat(response.status === 200 && status === header, came);
        return [came, undefined];
      });
    }
  }
}

async function extended(drill: DrillContext, { old, rotation }: Window): Promise<void> {
  await drill.story.step('first judgement', 'stragglers: extended', async () => {
    const judged = await untilRotation(
      drill,
      old.keyId,
      rotation,
      (view) => view.extensions > 0 || isFinal(view),
    );
    const share = judged.before && migrationText(judged.before);
    const came = `${judged.rotation.evidence ?? 'no evidence'}, extensions ${judged.rotation.extensions}${share ? `; ${share}` : ''}`;
    expectThat(judged.rotation.extensions === 1 && judged.rotation.evidence === 'stragglers', came);
    return [came, undefined];
  });
}

async function migrated(drill: DrillContext, { old, rotation }: Window): Promise<RotationView> {
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

async function oldRefused(drill: DrillContext, { old, started }: Window, ended: RotationView): Promise<void> {
  const committedAtMs = Date.parse(ended.endedAt ?? '');
  const bound = started.revocationBoundMs;
  // Both at once: how long the second was still accepted must not hide behind the first.
  await Promise.all(
    drill.endpoints.map((endpoint) =>
      drill.story.step(
        `${endpoint.api}, version ${old.version} after its retirement`,
        `401, at the latest ${measured(bound)} after the commit`,
        async () => {
          const { atMs, accepted } = await firstRefusal(drill, endpoint, old, committedAtMs + bound);
          const before = accepted === 0 ? 'at the first call' : `after ${accepted} that still passed`;
          return [
            `refused ${measured(Math.max(0, atMs - committedAtMs))} after the commit, ${before}`,
            undefined,
          ];
        },
      ),
    ),
  );
}

async function noneFailed(drill: DrillContext, callers: readonly SteadyCaller[]): Promise<void> {
  await drill.story.step('calls with a valid key', 'none failed', async () => {
    const calls = callers.flatMap((caller) => caller.calls());
    const failed = calls.filter(({ status }) => status !== 200);
    const statuses = [...new Set(failed.map(({ status }) => status || 'no answer'))].join(', ');
    expectThat(
      failed.length === 0 && calls.length > 0,
      `${failed.length} of ${calls.length} failed: ${statuses}`,
    );
    return [`${calls.length} calls, all 200`, undefined];
  });
}
