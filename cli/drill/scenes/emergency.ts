/** Scene 6: a leaked key is refused at once, measured by a client that goes on using it. */
import { measured } from '../../output/time.ts';
import { beginRotation } from '../../rotation/begin-rotation.ts';
import type { DrillContext } from '../drill-context.ts';
import type { DrillKey } from '../drill-key.ts';
import { type EmergencyFigures, type Invalidation, measureRefusal } from '../measure-refusal.ts';
import { rawCall } from '../raw-call.ts';
import { startSteadyCaller } from '../steady-caller.ts';
import { expectThat } from '../story.ts';

export async function emergency(drill: DrillContext): Promise<EmergencyFigures> {
  const leaked = await drill.story.step('issue a second key', 'version 1, with its text', async () => {
    const issued = await drill.keys.issue('emergency', ['tools:*']);
    return [`key ${issued.keyId}, version ${issued.version}`, issued];
  });
  const [endpoint] = drill.endpoints;
  const intruder = await startSteadyCaller(drill, {
    name: 'intruder',
    endpoint,
    protocol: '2025-11-25',
    key: leaked,
  });
  try {
    await drill.sleep(drill.pace.callEveryMs * 2);
    const done = await drill.story.step('emergency --immediate', 'completed, with the time on record', () =>
      invalidate(drill, leaked),
    );
    const fresh = await drill.story.step('the new key', '200 at its first call', () =>
      useNewKey(drill, leaked, done),
    );
    drill.story.tell(`version ${fresh.version} works; how long is version ${leaked.version} still accepted?`);
    return await drill.story.step(
      `version ${leaked.version} under a steady caller`,
      `401 for every call that leaves later than ${measured(done.revocationBoundMs)} after the commit`,
      () => measureRefusal(drill, intruder, done),
    );
  } finally {
    await intruder.stop();
  }
}

async function invalidate(
  drill: DrillContext,
  { keyId }: DrillKey,
): Promise<readonly [string, Invalidation]> {
  const commandAtMs = drill.now();
  const { started, rotation } = await beginRotation(
    drill.admin,
    {
      keyId,
      purpose: 'emergency',
      reason: 'keyturn drill',
      immediateInvalidation: true,
      notifyClients: false,
      alertSecurity: false,
    },
    { now: drill.now, sleep: drill.sleep },
  );
  const { status, refusedAfterMs } = rotation;
  expectThat(status === 'completed' && refusedAfterMs !== null, `${status}, ${refusedAfterMs} ms on record`);
  // The service's clock may run ahead of this one, but the commit was over when it was seen.
  const committedAtMs = Math.min(Date.parse(rotation.startedAt) + refusedAfterMs, drill.now());
  const { revocationBoundMs } = started;
  const came = `completed; refusal committed ${measured(refusedAfterMs)} after the start, stated bound ${measured(revocationBoundMs)}`;
  return [came, { commandAtMs, committedAtMs, refusedAfterMs, revocationBoundMs, rotation }];
}

async function useNewKey(
  drill: DrillContext,
  leaked: DrillKey,
  { rotation }: Invalidation,
): Promise<readonly [string, DrillKey]> {
  const fresh = await drill.keys.claim(leaked, rotation);
  for (const endpoint of drill.endpoints) {
    const { status } = await rawCall(drill, endpoint, fresh);
    expectThat(status === 200, `version ${fresh.version}: ${status} on the ${endpoint.api}`);
  }
  return [
    `version ${fresh.version}: 200 on the ${drill.endpoints.map(({ api }) => api).join(' and the ')}`,
    fresh,
  ];
}
