/** Checks of exports of several sizes, in turns, each in a process of its own; and digests of days that are alike. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../../lib/bundle-options.ts';
import type { Progress } from '../../../local/progress.ts';
import { CHECKOUT } from '../../../local/state.ts';
import { machine } from '../machine.ts';
import { reply } from '../measure/round.ts';
import type { AuditChecked } from '../subjects/audit.ts';
import { countDigest } from './count-digest.ts';
import type { AuditPlan } from './plan.ts';
import { writeAudit } from './record.ts';
import type { AuditResults, AuditSize, CheckedSize } from './results.ts';

interface Export extends AuditSize {
  readonly path: string;
}

export async function measureAudit(progress: Progress, plan: AuditPlan): Promise<AuditResults> {
  const about = { date: new Date().toISOString(), machine: machine() };
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-audit-'));
  try {
    const script = join(directory, 'subject.mjs');
    await build({ ...bundleOptions(join(CHECKOUT, 'bench/src/subjects/audit.ts')), outfile: script });
    const step = progress.step.bind(progress);
    const growing = await step('Writing exports', () => exportsOf(directory, plan.growing));
    const sameChains = await step('Writing more of them', () => exportsOf(directory, plan.sameChains));
    return {
      ...about,
      growing: await step('Checking more chains and events', () => checks(script, growing, plan.rounds)),
      sameChains: await step('Checking more events', () => checks(script, sameChains, plan.rounds)),
      digests: await step('Taking digests', async () => {
        const taken = [];
        for (const size of plan.digests) taken.push(await countDigest(size, plan.newEvents));
        return taken;
      }),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function exportsOf(directory: string, sizes: readonly AuditSize[]): Promise<readonly Export[]> {
  const files: Export[] = [];
  for (const size of sizes) {
    const path = join(directory, `${size.events}-${size.chains}.jsonl`);
    await writeAudit(path, size);
    files.push({ ...size, path });
  }
  return files;
}

async function checks(
  script: string,
  files: readonly Export[],
  rounds: number,
): Promise<readonly CheckedSize[]> {
  const [{ path: warmUp }] = files as [Export];
  const checked = files.map(({ events, chains }) => ({
    events,
    chains,
    milliseconds: [] as number[],
    processorMilliseconds: [] as number[],
    liveMegabytes: 0,
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < files.length; turn += 1) {
      const place = (round + turn) % files.length;
      const one = checked[place] as (typeof checked)[number];
      const { milliseconds, processorMilliseconds } = await check(script, [warmUp, files[place]?.path ?? '']);
      one.milliseconds.push(milliseconds);
      one.processorMilliseconds.push(processorMilliseconds);
    }
  }
  for (const [place, { path }] of files.entries()) {
    const { liveMegabytes } = await check(script, [warmUp, path, 'live']);
    (checked[place] as (typeof checked)[number]).liveMegabytes = liveMegabytes;
  }
  return checked;
}

async function check(script: string, args: readonly string[]): Promise<AuditChecked> {
  const child = fork(script, [...args], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    return await reply<AuditChecked>(child);
  } finally {
    child.kill('SIGKILL');
  }
}
