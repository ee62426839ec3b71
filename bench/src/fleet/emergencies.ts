/** Emergencies of many keys: what the run takes, and what the rotations take that it orders. */
import type { Progress } from '../../../local/progress.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { CountedDeployment } from '../cost/counted-deployment.ts';
import { add, type Counts, NO_COUNTS } from '../cost/counts.ts';
import type { StartedExecution } from '../count/counting-proxy.ts';
import { withEmptyStore } from '../store/local-store.ts';
import { dueDates, seedKeys } from './seed.ts';
import { writeRotations } from './written-rotations.ts';

export interface EmergencyResult {
  /** Keys that are held, and those of the emergency's target. */
  readonly held: number;
  readonly keys: number;
  readonly target: 'owner' | 'all';
  /** From the command to the report, without the rotations. */
  readonly run: Counts;
  /** All of them together; none where their end was written instead. */
  readonly rotations?: Counts;
}

interface Emergency extends Pick<EmergencyResult, 'held' | 'keys' | 'target'> {
  /** Whether its rotations are played, or their end is written. */
  readonly plays: boolean;
}

export interface EmergencyResults {
  readonly date: string;
  readonly emulator: string;
  readonly emergencies: readonly EmergencyResult[];
}

export interface EmergencyPlan {
  /** Keys of one owner; the first emergency is of all keys while there are no others. */
  readonly owned: number;
  readonly held: number;
}

export const FULL_EMERGENCIES: EmergencyPlan = { owned: 1_000, held: 10_000 };
export const QUICK_EMERGENCIES: EmergencyPlan = { owned: 50, held: 200 };

const OWNER = 'stolen@example.com';
/** Played at once; their counts do not depend on it. */
const ROTATIONS_AT_ONCE = 8;
const SECOND_MS = 1_000;

export function countEmergencies(
  progress: Progress,
  { owned, held }: EmergencyPlan,
): Promise<EmergencyResults> {
  const date = new Date().toISOString();
  return withEmptyStore(progress, (store) =>
    CountedDeployment.open({ ...store, key: '' }, { rotations: 'endsAtOnce' }, async (deployment) => {
      const seed = (keys: number, ownerOf: (place: number) => string) =>
        progress.step(`Seeding ${keys} keys`, () =>
          seedKeys({ ...store, dueAtMs: dueDates(keys, 0, deployment.time.nowMs), ownerOf }),
        );
      const counted = ({ plays, ...of }: Emergency): Promise<EmergencyResult> =>
        progress.step(`An emergency of ${of.keys} of ${of.held} keys`, async () => ({
          ...of,
          ...(await emergency(deployment, { ...of, plays })),
        }));
      await seed(owned, () => OWNER);
      const allOfFew = await counted({ held: owned, keys: owned, target: 'all', plays: true });
      await seed(held - owned, (place) => `team-${place % 90}@example.com`);
      const ofOwner = await counted({ held, keys: owned, target: 'owner', plays: true });
      const allOfMany = await counted({ held, keys: held, target: 'all', plays: false });
      return { date, emulator: store.version, emergencies: [allOfFew, ofOwner, allOfMany] };
    }),
  );
}

async function emergency(
  deployment: CountedDeployment,
  { keys, target, plays }: Emergency,
): Promise<Pick<EmergencyResult, 'run' | 'rotations'>> {
  deployment.time.moveTo(deployment.time.nowMs + DAY_MS);
  deployment.takeStartedRotations();
  let rotations = NO_COUNTS;
  const rotate = async () => {
    // A version that is made in the very millisecond of the command counts as known to the thief.
    deployment.time.moveTo(deployment.time.nowMs + SECOND_MS);
    const started = [...deployment.takeStartedRotations()];
    if (!plays) return writeRotations(deployment.store, started, deployment.time.nowMs);
    const { counts } = await deployment.count(() =>
      Promise.all(Array.from({ length: ROTATIONS_AT_ONCE }, () => playEach(deployment, started))),
    );
    rotations = add(rotations, counts);
  };
  const { result: runId, counts: run } = await deployment.count(async () => {
    const started = await deployment.admin('start-emergency', {
      ...(target === 'owner' ? { owner: OWNER } : { all: true }),
      reason: 'A laptop was stolen',
      immediateInvalidation: true,
    });
    await deployment.playEmergency(deployment.lastStarted, rotate);
    return started['runId'];
  });
  await allRefused(deployment, runId as string, keys);
  return plays ? { run, rotations } : { run };
}

async function playEach(deployment: CountedDeployment, started: StartedExecution[]): Promise<void> {
  for (let next = started.pop(); next; next = started.pop()) await deployment.playRotation(next);
}

/** @throws when not every key was replaced: then the counts are of something else */
async function allRefused(deployment: CountedDeployment, runId: string, keys: number): Promise<void> {
  const { totals } = await deployment.admin<{ readonly totals: Readonly<Record<string, number>> }>(
    'emergency-run',
    { runId },
  );
  if (totals['refused'] !== keys) throw new Error(`Of ${keys} keys: ${JSON.stringify(totals)}`);
}
