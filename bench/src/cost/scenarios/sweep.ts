/** The sweep: what it takes by itself, and for each key that is due. */
import { DAY_MS } from '../../../../rules/time-units.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { type Counts, less, scaled } from '../counts.ts';
import { Client } from './client.ts';

/** No more than one wave starts, so that the sweep need not wait. */
const DUE = 5;

export async function sweeps(
  deployment: CountedDeployment,
): Promise<{ readonly sweep: Counts; readonly dueKey: Counts }> {
  const { time } = deployment;
  const nothingDue = await deployment.count(() => deployment.invoke('sweep', {}));
  const clients: Client[] = [];
  while (clients.length < DUE) clients.push(await Client.issue(deployment));
  time.moveTo(time.nowMs + 90 * DAY_MS);
  const swept = await deployment.count(() => deployment.invoke('sweep', {}));
  const { started } = swept.result as { readonly started: number };
  if (started !== DUE) throw new Error(`The sweep started ${started} rotations, not ${DUE}.`);
  for (const client of clients) await client.retire();
  return { sweep: nothingDue.counts, dueKey: scaled(less(swept.counts, nothingDue.counts), 1 / DUE) };
}
