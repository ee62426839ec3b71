/** One run of everything, in this order: what is compared is always measured in turns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../local/progress.ts';
import { type BetterAuthStore, installBetterAuth, VERIFY_SCRIPT } from './better-auth.ts';
import { type Bundles, makeBundles } from './bundles.ts';
import { machine, versions } from './machine.ts';
import { measureRounds, type RoundsPlan, type Subject } from './measure/round.ts';
import { measureStarts } from './measure/start.ts';
import { FULL, QUICK, STEADY_LATENCY_MS } from './plan.ts';
import type { FromMemory, FromStart, Results, WithRead } from './results.ts';
import { withCannedStore } from './store/canned-store.ts';
import { subjectEnvironment, type Target } from './store/lambda-environment.ts';
import { withLocalStore } from './store/local-store.ts';

/** The deployed default. */
const MEMORY_SECONDS = 5;

export async function run(progress: Progress, quick: boolean): Promise<Results> {
  const plan = quick ? QUICK : FULL;
  const about = { date: new Date().toISOString(), quick, machine: machine() };
  const stores = await progress.step('Installing what is compared with', async () => installBetterAuth());
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  try {
    const bundles = await progress.step('Bundling', () => makeBundles(directory));
    return await withLocalStore(progress, async (local) => {
      const script = bundles['canned-store'].path;
      const step = progress.step.bind(progress);
      const localCloud = await step('With a read, on the local cloud', () =>
        withRead(bundles, local, plan.withRead),
      );
      const startOnLocalCloud = await step('From the start, on the local cloud', () =>
        fromStart(bundles, local, plan.starts),
      );
      const steadyStore = await step(`With a read, of ${STEADY_LATENCY_MS} ms`, () =>
        withCannedStore({ script, latencyMs: STEADY_LATENCY_MS }, local, (steady) =>
          withRead(bundles, steady, plan.withRead),
        ),
      );
      const atOnce = await withCannedStore({ script, latencyMs: 0 }, local, async (canned) => ({
        storeAtOnce: await step('With a read that is answered at once', () =>
          withRead(bundles, canned, plan.atOnce),
        ),
        startAtOnce: await step('From the start, answered at once', () =>
          fromStart(bundles, canned, plan.starts),
        ),
        fromMemory: await step('From memory', () => fromMemory(bundles, canned, plan.fromMemory, stores)),
      }));
      return {
        ...about,
        versions: versions(local.version),
        localCloud,
        startOnLocalCloud,
        steadyStore,
        ...atOnce,
        bundles,
      };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withRead(bundles: Bundles, target: Target, plan: RoundsPlan): Promise<WithRead> {
  const env = subjectEnvironment(target, 0);
  const names = ['floor', 'authorizer', 'plain'] as const;
  const rounds = await measureRounds(
    names.map((name) => subjectOf(bundles, 'rounds', name, env)),
    plan,
  );
  return Object.fromEntries(rounds) as unknown as WithRead;
}

async function fromStart(bundles: Bundles, target: Target, times: number): Promise<FromStart> {
  const env = subjectEnvironment(target, 0);
  const names = ['empty', 'authorizer', 'plain', 'plain-with-secret'] as const;
  const starts = await measureStarts(
    names.map((name) => subjectOf(bundles, 'start', name, env)),
    times,
  );
  return Object.fromEntries(starts) as unknown as FromStart;
}

async function fromMemory(
  bundles: Bundles,
  target: Target,
  plan: RoundsPlan,
  stores: readonly BetterAuthStore[],
): Promise<FromMemory> {
  const env = subjectEnvironment(target, MEMORY_SECONDS);
  const own = (['verify', 'authorizer'] as const).map((name) => subjectOf(bundles, 'rounds', name, env));
  const others = stores.map((store) => ({
    name: store,
    script: bundles.rounds.path,
    args: [VERIFY_SCRIPT],
    env: { ...env, BETTER_AUTH_STORE: store },
  }));
  return Object.fromEntries(await measureRounds([...own, ...others], plan)) as unknown as FromMemory;
}

const subjectOf = (
  bundles: Bundles,
  script: 'rounds' | 'start',
  name: keyof Bundles,
  env: NodeJS.ProcessEnv,
): Subject => ({ name, script: bundles[script].path, args: [bundles[name].path], env });
