/** Rotations of the pepper: by themselves, for each key that is held since they count who needs which, and clean-ups. */
import { DAY_MS } from '../../../../rules/time-units.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { add, type Counts, less, scaled } from '../counts.ts';
import { Client } from './client.ts';

/** A page of the walk through all keys. */
const MORE_KEYS = 100;

export interface PepperCounts {
  readonly pepper: Counts;
  readonly pepperKey: Counts;
  /** The daily one, while there is one pepper alone. */
  readonly cleanUp: Counts;
}

/** To be run before other keys are issued. Every key needs the pepper it was issued under, so that none is dropped. */
export async function peppers(deployment: CountedDeployment): Promise<PepperCounts> {
  const { counts: cleanUp } = await deployment.count(() => deployment.playPepperCleanUp());
  const some = await withMoreKeys(deployment);
  const twice = await withMoreKeys(deployment);
  const pepperKey = scaled(less(twice.counts, some.counts), 1 / MORE_KEYS);
  for (const client of [...some.clients, ...twice.clients]) await client.retire();
  return { pepper: add(some.counts, pepperKey, -MORE_KEYS), pepperKey, cleanUp };
}

async function withMoreKeys(
  deployment: CountedDeployment,
): Promise<{ readonly counts: Counts; readonly clients: readonly Client[] }> {
  const clients: Client[] = [];
  while (clients.length < MORE_KEYS) clients.push(await Client.issue(deployment));
  deployment.time.moveTo(deployment.time.nowMs + DAY_MS);
  const { counts } = await deployment.count(async () => {
    await deployment.admin('rotate-pepper', { reason: 'Yearly' });
    await deployment.playPepper(deployment.lastStarted);
  });
  return { counts, clients };
}
