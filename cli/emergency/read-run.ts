import type {
  EmergencyRunKeyView,
  EmergencyRunView,
} from '../../lambdas/functions/admin/emergency-contract.ts';
import type { AdminClient } from '../admin-client.ts';

/** A run with every key of it. */
export interface WholeRun extends EmergencyRunView {
  readonly keys: readonly EmergencyRunKeyView[];
}

/** All pages of it. */
export async function readKeys(admin: AdminClient, run: EmergencyRunView): Promise<WholeRun> {
  const keys: EmergencyRunKeyView[] = [];
  let nextToken: string | null = null;
  do {
    const input: { runId: string; nextToken?: string } = {
      runId: run.runId,
      ...(nextToken ? { nextToken } : {}),
    };
    const page = await admin.call('emergency-run-keys', input);
    keys.push(...page.keys);
    nextToken = page.nextToken;
  } while (nextToken !== null);
  return { ...run, keys };
}
