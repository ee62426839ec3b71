/** The runs of each minute that find nothing to do, and the digest of each day: by itself, and for each chain that grew. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../rules/time-units.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { type Counts, less, scaled } from '../counts.ts';
import { Client } from './client.ts';

const GROWN = 20;

export interface AuditCounts {
  readonly digest: Counts;
  readonly digestedChain: Counts;
  readonly watch: Counts;
  readonly notify: Counts;
}

export async function auditing(deployment: CountedDeployment): Promise<AuditCounts> {
  const { time } = deployment;
  // The first looks back a day and a half; after the next window there is a note to write, as there is once in five minutes.
  await deployment.invoke('watch', {});
  time.moveTo(time.nowMs + 5 * MINUTE_MS);
  const { counts: watch } = await deployment.count(() => deployment.invoke('watch', {}));
  const { counts: notify } = await deployment.count(() => deployment.invoke('notify', {}));
  // The first has every event there is to read.
  await nextDigest(deployment);
  const nothing = await nextDigest(deployment);
  for (let grown = 0; grown < GROWN; grown += 1) await (await Client.issue(deployment)).retire();
  time.moveTo(time.nowMs + HOUR_MS);
  const grown = await nextDigest(deployment);
  if (grown.moved - nothing.moved !== GROWN) {
    throw new Error(`${grown.moved} chains had grown, and ${nothing.moved} before, not ${GROWN} more.`);
  }
  const digestedChain = scaled(less(grown.counts, nothing.counts), 1 / GROWN);
  return { digest: nothing.counts, digestedChain, watch, notify };
}

async function nextDigest(deployment: CountedDeployment) {
  deployment.time.moveTo(deployment.time.nowMs + DAY_MS);
  const { result, counts } = await deployment.count(() => deployment.invoke('digest', {}));
  const { outcome, moved, broken } = result as {
    readonly outcome: string;
    readonly moved: number;
    readonly broken: readonly unknown[];
  };
  if (outcome !== 'taken' || broken.length > 0) throw new Error(`A digest: ${JSON.stringify(result)}`);
  return { counts, moved };
}
