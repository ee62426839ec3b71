/** Runs every scenario on one counted deployment. */
import type { Progress } from '../../../local/progress.ts';
import { newAuthority } from '../../../test/support/certificates.ts';
import { withLocalStore } from '../store/local-store.ts';
import { CountedDeployment } from './counted-deployment.ts';
import type { CostResults } from './results.ts';
import { auditing } from './scenarios/auditing.ts';
import { authorizing } from './scenarios/authorizing.ts';
import { Client } from './scenarios/client.ts';
import { mailing } from './scenarios/mailing.ts';
import { observing } from './scenarios/observing.ts';
import { peppers } from './scenarios/pepper.ts';
import { emergency, rollback, rotations } from './scenarios/rotation.ts';
import { sweeps } from './scenarios/sweep.ts';
import { webhooks } from './scenarios/webhooks.ts';

export function countAll(progress: Progress): Promise<CostResults> {
  const date = new Date().toISOString();
  // Before the clock is moved: TLS goes by the real one.
  const authority = newAuthority();
  const certificate = authority.issue(['IP:127.0.0.1']);
  return withLocalStore(progress, (store) =>
    CountedDeployment.open(store, { rotations: 'waits', authority: authority.cert }, async (deployment) => {
      const step = progress.step.bind(progress);
      // The store's own key would be due with those of the scenarios.
      await deployment.admin('revoke', { keyId: store.key.split('_')[2] as string, reason: 'Not needed' });
      const peppered = await step('Rotating the pepper', () => peppers(deployment));
      const sweep = await step('Sweeping', () => sweeps(deployment));
      const issue = await step('Issuing', () => issuing(deployment));
      const webhook = await step('Calling a webhook', () => webhooks(deployment, certificate));
      const mail = await step('Mailing', () => mailing(deployment));
      const audited = await step('Taking digests', () => auditing(deployment));
      const authorized = await step('Authorizing', () => authorizing(deployment));
      const observed = await step('Observing', () => observing(deployment));
      const rotated = await step('Rotating', () => rotations(deployment));
      const rolledBack = await step('Rolling back', () => rollback(deployment));
      const replaced = await step('An emergency', () => emergency(deployment));
      return {
        date,
        emulator: store.version,
        counts: {
          ...sweep,
          issue,
          webhook,
          mail,
          ...audited,
          ...authorized,
          ...observed,
          ...rotated,
          ...peppered,
          rollback: rolledBack,
          emergency: replaced,
        },
      };
    }),
  );
}

async function issuing(deployment: CountedDeployment) {
  const { result, counts } = await deployment.count(() => Client.issue(deployment));
  await result.retire();
  return counts;
}
