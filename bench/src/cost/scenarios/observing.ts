/** The observation of each minute: what it takes by itself, and for each rotating key that was used in the minute. */
import { HOUR_MS, MINUTE_MS } from '../../../../rules/time-units.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { type Counts, less, scaled } from '../counts.ts';
import { Client } from './client.ts';

const ROTATING = 5;

export async function observing(
  deployment: CountedDeployment,
): Promise<{ readonly observe: Counts; readonly observedMinute: Counts }> {
  const { time } = deployment;
  const nothingRotates = await deployment.count(() => observed(deployment));
  const clients: Client[] = [];
  while (clients.length < ROTATING) clients.push(await rotating(deployment));
  // A whole minute in which every client calls with the old version, halfway through an hour.
  time.moveTo(Math.ceil(time.nowMs / HOUR_MS) * HOUR_MS + 30 * MINUTE_MS);
  for (const client of clients) await client.call();
  time.moveTo(time.nowMs + 2 * MINUTE_MS);
  const { result, counts } = await deployment.count(() => observed(deployment));
  if (result.active !== ROTATING) throw new Error(`${result.active} rotations were active, not ${ROTATING}.`);
  for (const client of clients) await client.retire();
  return {
    observe: nothingRotates.counts,
    observedMinute: scaled(less(counts, nothingRotates.counts), 1 / ROTATING),
  };
}

async function observed(deployment: CountedDeployment): Promise<{ readonly active: number }> {
  const scheduledAt = new Date(deployment.time.nowMs).toISOString();
  return (await deployment.invoke('observe', { scheduledAt })) as { readonly active: number };
}

/** A key whose two versions are both accepted. */
async function rotating(deployment: CountedDeployment): Promise<Client> {
  const client = await Client.issue(deployment);
  await deployment.admin('rotate', { keyId: client.keyId, purpose: 'manual', reason: 'Quarterly' });
  await deployment.playRotation(deployment.lastStarted, undefined, true);
  return client;
}
