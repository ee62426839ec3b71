/** Rotations: by schedule, extended, rolled back, and in an emergency. */
import { DAY_MS, HOUR_MS } from '../../../../rules/time-units.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { type Counts, less, total } from '../counts.ts';
import { Client } from './client.ts';

export interface RotationCounts {
  /** The machine, from its start to the retirement of the old version: two reminders, nobody lags. */
  readonly rotation: Counts;
  /** The operator takes the new key. */
  readonly claim: Counts;
  readonly extension: Counts;
}

export async function rotations(deployment: CountedDeployment): Promise<RotationCounts> {
  const prompt = await scheduled(deployment, HOUR_MS);
  // It moves after the first judgement, half an hour into the extension.
  const late = await scheduled(deployment, 3 * DAY_MS + HOUR_MS / 2);
  return { ...prompt, extension: less(late.rotation, prompt.rotation) };
}

/** @param movesAfterMs when the client takes up the new key, which was claimed after an hour */
async function scheduled(deployment: CountedDeployment, movesAfterMs: number) {
  const { time } = deployment;
  const client = await Client.issue(deployment);
  time.moveTo(time.nowMs + 90 * DAY_MS);
  await client.call();
  await deployment.invoke('sweep', {});
  const startedAtMs = time.nowMs;
  let fresh: string | undefined;
  let claim: Counts | undefined;
  const whileWaiting = async (untilMs: number) => {
    if (fresh === undefined) {
      time.moveTo(startedAtMs + HOUR_MS);
      const claimed = await deployment.count(() => client.claim());
      fresh = claimed.result;
      claim = claimed.counts;
    }
    await client.callEachMinute(untilMs, (nowMs) => {
      if (nowMs >= startedAtMs + movesAfterMs) client.key = fresh as string;
    });
  };
  const { counts: rotation } = await deployment.count(() =>
    deployment.playRotation(deployment.lastStarted, whileWaiting),
  );
  await client.retire();
  return { rotation, claim: claim as Counts };
}

/** Started by hand, and taken back an hour after both versions were accepted. */
export async function rollback(deployment: CountedDeployment): Promise<Counts> {
  const { time } = deployment;
  const client = await Client.issue(deployment);
  await client.call();
  const { keyId } = client;
  const { counts } = await deployment.count(async () => {
    await deployment.admin('rotate', { keyId, purpose: 'manual', reason: 'Quarterly' });
    await deployment.playRotation(deployment.lastStarted, undefined, true);
    time.moveTo(time.nowMs + HOUR_MS);
    await deployment.admin('rollback', { keyId, reason: 'The new client fails' });
  });
  await client.call();
  await client.retire();
  return counts;
}

/** Immediate, from the command to the new key in the operator's hand; without the looks how far it is. */
export async function emergency(deployment: CountedDeployment): Promise<Counts> {
  const client = await Client.issue(deployment);
  await client.call();
  const started = await deployment.count(async () => {
    await deployment.admin('rotate', {
      keyId: client.keyId,
      purpose: 'emergency',
      reason: 'Found in a public repository',
      immediateInvalidation: true,
    });
    return deployment.playRotation(deployment.lastStarted);
  });
  const claimed = await deployment.count(() => client.claim());
  client.key = claimed.result;
  await client.call();
  await client.retire();
  return total(started.counts, claimed.counts);
}
