/** One run of the fleet's benchmark on a local cloud of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSweep } from '../../../lib/sweep-config.ts';
import type { Progress } from '../../../local/progress.ts';
import { makeBundles } from '../bundles.ts';
import { createMachine, STANDS_IN } from '../cost/machines.ts';
import { machine } from '../machine.ts';
import { withLocalCloud } from '../store/local-cloud.ts';
import { measureSweeps } from './measure-sweeps.ts';
import type { FleetPlan } from './plan.ts';
import type { FleetResults } from './results.ts';

export async function runFleet(progress: Progress, plan: FleetPlan): Promise<FleetResults> {
  const about = { date: new Date().toISOString(), machine: machine(), ...resolveSweep({}) };
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const bundles = await progress.step('Bundling', () => makeBundles(directory));
    return await withLocalCloud(progress, async ({ endpoint, version }) => {
      const machineArn = await createMachine(endpoint, 'rotation', STANDS_IN.endsAtOnce);
      const sweeping = { endpoint, machineArn, script: bundles.sweep.path, nowMs: Date.now() };
      return {
        date: about.date,
        machine: about.machine,
        startsPerSecond: about.startsPerSecond,
        emulator: version,
        sweeps: await measureSweeps(progress, sweeping, plan),
      };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
