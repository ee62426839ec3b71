/** Scene 4: a rotation under steady traffic; in its dual-key window both versions work and the old one warns. */
import type { RotationStarted, RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { measured } from '../../output/time.ts';
import { beginRotation } from '../../rotation/begin-rotation.ts';
import type { DrillContext, Endpoint } from '../drill-context.ts';
import type { DrillKey } from '../drill-key.ts';
import { rawCall } from '../raw-call.ts';
import { type SteadyCaller, startSteadyCaller } from '../steady-caller.ts';
import { expectThat } from '../story.ts';
import { migration } from './migration.ts';

/** Two clients of one key. */
export interface Callers {
  /** Moves to the new version at once. */
  readonly mover: SteadyCaller;
  /** Stays on the old version until the first judgement. */
  readonly straggler: SteadyCaller;
}

/** A rotation in its dual-key window, with both versions at hand. */
export interface DualKeyWindow {
  readonly old: DrillKey;
  readonly fresh: DrillKey;
  readonly started: RotationStarted;
  readonly rotation: RotationView;
}

export async function rotationUnderTraffic(drill: DrillContext, old: DrillKey): Promise<void> {
  const callers = await startCallers(drill, old);
  try {
    const window = await drill.story.step('rotate', 'both versions accepted', () => rotate(drill, old));
    callers.mover.use(window.fresh);
    await bothWork(drill, window);
    await drill.story.scene('5  One client lags: extended, migrated, retired', () =>
      migration(drill, window, callers),
    );
  } finally {
    await Promise.all([callers.mover.stop(), callers.straggler.stop()]);
  }
}

async function startCallers(drill: DrillContext, key: DrillKey): Promise<Callers> {
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

async function rotate(drill: DrillContext, old: DrillKey): Promise<readonly [string, DualKeyWindow]> {
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

async function bothWork(
  drill: DrillContext,
  { old, fresh, started, rotation }: DualKeyWindow,
): Promise<void> {
  const expires = Math.floor(Date.parse(rotation.gracePeriodEndsAt ?? '') / 1000);
  const warning = `deprecating; version=${old.version}; expires=@${expires}`;
  // An authorizer that remembers the key learns of the window as late as it would of a refusal.
  const bound = started.revocationBoundMs;
  const openedAtMs = drill.now();
  for (const endpoint of drill.endpoints) {
    await drill.story.check(
      `${endpoint.api}, version ${fresh.version}`,
      '200 without Api-Key-Status',
      async () => {
        const { status, keyStatus } = await askWith(drill, endpoint, fresh);
        expectThat(status === 200 && keyStatus === null, cameBack(status, keyStatus));
        return cameBack(status, keyStatus);
      },
    );
  }
  await Promise.all(
    drill.endpoints.map((endpoint) =>
      drill.story.check(
        `${endpoint.api}, version ${old.version}`,
        `200 with Api-Key-Status: ${warning}, at the latest after ${measured(bound)}`,
        async () => {
          const { status, keyStatus } = await firstWarning(drill, endpoint, old, openedAtMs + bound);
          expectThat(status === 200 && keyStatus === warning, cameBack(status, keyStatus));
          return cameBack(status, keyStatus);
        },
      ),
    ),
  );
}

async function firstWarning(
  drill: DrillContext,
  endpoint: Endpoint,
  old: DrillKey,
  latestMs: number,
): Promise<Answer> {
  for (;;) {
    const startedAtMs = drill.now();
    const answer = await askWith(drill, endpoint, old);
    if (answer.status !== 200 || answer.keyStatus !== null || startedAtMs > latestMs) return answer;
    await drill.sleep(drill.pace.callEveryMs);
  }
}

interface Answer {
  readonly status: number;
  readonly keyStatus: string | null;
}

async function askWith(drill: DrillContext, endpoint: Endpoint, key: DrillKey): Promise<Answer> {
  const { status, headers } = await rawCall(drill, endpoint, key);
  return { status, keyStatus: headers.get('api-key-status') };
}

const cameBack = (status: number, keyStatus: string | null): string =>
  `${status}, ${keyStatus ? `Api-Key-Status: ${keyStatus}` : 'no Api-Key-Status'}`;
