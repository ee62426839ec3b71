/** Makes reports over records of different sizes, in turns, each in a process of its own. */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../../local/progress.ts';
import { makeBundles } from '../bundles.ts';
import { machine } from '../machine.ts';
import { reply } from '../measure/round.ts';
import type { EvidenceResults, Made, Size } from './results.ts';

export interface EvidencePlan {
  readonly sizes: readonly Size[];
  readonly rounds: number;
}

/** What others are compared with comes first. */
export const FULL_EVIDENCE: EvidencePlan = {
  sizes: [
    { events: 25_000, keys: 1_000 },
    { events: 50_000, keys: 2_000 },
    { events: 100_000, keys: 4_000 },
    { events: 100_000, keys: 1_000 },
  ],
  rounds: 9,
};

export const QUICK_EVIDENCE: EvidencePlan = {
  sizes: [
    { events: 2_500, keys: 100 },
    { events: 5_000, keys: 200 },
  ],
  rounds: 2,
};

export async function measureEvidence(
  progress: Progress,
  { sizes, rounds }: EvidencePlan,
): Promise<EvidenceResults> {
  const about = { date: new Date().toISOString(), machine: machine() };
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const { evidence } = await progress.step('Bundling', () => makeBundles(directory));
    const made = sizes.map((size) => ({ ...size, rounds: [] as Made[] }));
    await progress.step(`Making reports in turns, ${rounds} rounds`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        for (const size of made) size.rounds.push(await reportOf(evidence.path, size));
      }
    });
    return { ...about, sizes: made };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function reportOf(script: string, { events, keys }: Size): Promise<Made> {
  const child = fork(script, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    await reply(child);
    const made = reply<Made>(child);
    child.send({ events, keys } satisfies Size);
    return await made;
  } finally {
    child.kill('SIGKILL');
  }
}
