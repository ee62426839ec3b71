/** Authorizations of one key by one environment of the authorizer: of a busy key and of one that is seldom used. */
import type { CountedDeployment } from '../counted-deployment.ts';
import type { Counts } from '../counts.ts';
import { AUTHORIZATIONS } from '../results.ts';
import { Client } from './client.ts';

/** Ten a second: memory answers most, and one write counts a hundred. */
const BUSY_MS = 100;
/** Longer apart than memory and counts last: each request reads, and each writes. */
const SELDOM_MS = 11_000;

export async function authorizing(
  deployment: CountedDeployment,
): Promise<{ readonly busy: Counts; readonly seldom: Counts }> {
  const client = await Client.issue(deployment);
  // The first use ever is written by itself.
  await client.call();
  const busy = await apart(deployment, client, BUSY_MS);
  const seldom = await apart(deployment, client, SELDOM_MS);
  await client.retire();
  return { busy, seldom };
}

async function apart(deployment: CountedDeployment, client: Client, milliseconds: number): Promise<Counts> {
  const { time } = deployment;
  const { counts } = await deployment.count(async () => {
    for (let index = 0; index < AUTHORIZATIONS; index += 1) {
      time.moveTo(time.nowMs + milliseconds);
      await client.call();
    }
  });
  return counts;
}
