/** Secrets Manager, the machine and operators at once, in whatever order their calls come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PENDING, staged } from '../../../lambdas/core/domain/secret-versions.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import type { DriveOutcome } from '../../../local/secrets-driver/drive-rotation.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';
import { Turns } from '../../support/turns.ts';

const [TOKEN, OTHER] = TOKENS;
const MOST_TRIES = 6;

const REQUESTS = {
  sweep: { purpose: 'scheduled', initiatedBy: 'keyturn:sweep' },
  operator: { purpose: 'manual' },
  emergency: { purpose: 'emergency', reason: 'leaked' },
  immediate: { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true },
} as const;
type Starter = keyof typeof REQUESTS;

interface Scene {
  readonly bench: SecretRotationBench;
  readonly turns: Turns;
}

async function setUp(seed: number): Promise<Scene> {
  const bench = await SecretRotationBench.make();
  const turns = new Turns(seed);
  const { turn } = turns;
  bench.world.table.turn = turn;
  bench.placing.turn = turn;
  bench.rotating.turn = turn;
  bench.whileWaiting = turn;
  return { bench, turns };
}

/** As Secrets Manager tries a rotation again, with the same token. */
async function service({ bench }: Scene, token: string, crash?: number): Promise<DriveOutcome> {
  let outcome: DriveOutcome = { outcome: 'refused', reason: 'not tried' };
  if (crash !== undefined)
    bench.rotating.crashAt = { write: crash >> 1, when: crash % 2 ? 'after' : 'before' };
  for (let tries = 0; tries < MOST_TRIES && outcome.outcome !== 'rotated'; tries += 1) {
    outcome = await bench.rotate(token);
  }
  return outcome;
}

async function start({ bench }: Scene, rotationId: string, starter: Starter): Promise<void> {
  await bench.world.table.turn();
  await bench.machine.start(rotationId, { keyId: bench.keyId, ...REQUESTS[starter] });
}

/** Every execution runs beside the others, from when it is started. */
async function machine({ bench }: Scene, isOver: () => boolean): Promise<void> {
  const running = new Map<string, Promise<void>>();
  while (!isOver()) {
    for (const { rotationId } of bench.machine.started) {
      if (!running.has(rotationId)) running.set(rotationId, bench.machine.run(rotationId));
    }
    await bench.world.table.turn();
  }
  await Promise.all(running.values());
}

/** Runs them at once, then lets the world come to rest: Secrets Manager and the machine finish what they have begun. */
async function playOut(scene: Scene, actors: readonly Promise<unknown>[], token = TOKEN): Promise<void> {
  const { bench, turns } = scene;
  let over = false;
  const all = Promise.all(actors).finally(() => {
    over = true;
  });
  await turns.until(Promise.all([all, machine(scene, () => over)]));
  bench.world.table.turn = async () => undefined;
  bench.placing.turn = async () => undefined;
  bench.rotating.turn = async () => undefined;
  bench.rotating.crashAt = undefined;
  bench.whileWaiting = () => bench.machine.stepAll('deliver');
  await bench.machine.drain();
  await bench.rotate(token);
  await bench.machine.drain();
}

async function expectRest({ bench }: Scene): Promise<void> {
  const { versions } = bench.secrets.find(bench.name);
  expect(bench.stages, 'clients find the accepted version').toContain(`AWSCURRENT:${bench.activeVersion}`);
  expect(await bench.clientGetsIn()).toBe(true);
  const deprecating = bench.world.record(bench.keyId).versions.find(({ status }) => status === 'deprecating');
  // One that an emergency has overtaken before it was placed was never in the secret.
  if (deprecating?.receivedAtMs !== undefined)
    expect(bench.stages).toContain(`AWSPREVIOUS:${deprecating.version}`);
  const pending = staged(
    versions.map(({ id, stages }) => ({ id, stages: [...stages] })),
    PENDING,
  );
  expect(pending === undefined || pending.stages.includes('AWSCURRENT'), 'nothing is stuck').toBe(true);
  expect(bench.secrets.texts, 'a text for each version and for each token').toBeLessThanOrEqual(
    1 + bench.generated + 2,
  );
  expect(chainHolds(bench.world, bench.keyId)).toBe(true);
}

const SEED = fc.integer();
const RUNS = { numRuns: 150 };

describe('whatever comes first', () => {
  it.each(['sweep', 'operator'] as const)(
    'Secrets Manager and the %s make one version between them, and clients always find one that gets in',
    async (starter) => {
      await fc.assert(
        fc.asyncProperty(SEED, async (seed) => {
          const scene = await setUp(seed);
          const { bench } = scene;
          const refused: string[] = [];
          const turn = bench.rotating.turn;
          bench.rotating.turn = async () => {
            await turn();
            if (!currentIsAccepted(bench)) refused.push(bench.stages);
          };
          await playOut(scene, [service(scene, TOKEN), start(scene, 'other', starter)]);

          expect(bench.generated).toBe(1);
          expect(refused).toEqual([]);
          await expectRest(scene);
        }),
        RUNS,
      );
    },
  );

  it('crashes of the function between any two writes make no second version', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.nat({ max: 5 }), async (seed, crash) => {
        const scene = await setUp(seed);
        await playOut(scene, [service(scene, TOKEN, crash), start(scene, 'other', 'operator')]);
        expect(scene.bench.generated).toBe(1);
        await expectRest(scene);
      }),
      RUNS,
    );
  });

  it('the same token twice at once is one rotation', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, async (seed) => {
        const scene = await setUp(seed);
        await playOut(scene, [service(scene, TOKEN), service(scene, TOKEN)]);
        expect(scene.bench.generated).toBe(1);
        expect(scene.bench.machine.started).toHaveLength(1);
        await expectRest(scene);
      }),
      RUNS,
    );
  });

  it.each(['emergency', 'immediate'] as const)(
    'an %s is overtaken by nothing, and leaves clients its version',
    async (starter) => {
      await fc.assert(
        fc.asyncProperty(SEED, async (seed) => {
          const scene = await setUp(seed);
          await playOut(scene, [service(scene, TOKEN), start(scene, 'e-1', starter)], OTHER);
          await expectRest(scene);
        }),
        RUNS,
      );
    },
  );

  it('a rollback leaves clients the version that it has gone back to, or a later rotation’s', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, fc.nat({ max: 30 }), async (seed, patience) => {
        const scene = await setUp(seed);
        const { bench } = scene;
        const rollback = async () => {
          for (let turn = 0; turn < patience; turn += 1) await bench.world.table.turn();
          await rollbackRotation(bench.world.deps, bench.keyId, { actor: OPERATOR, reason: 'a trial' }).catch(
            () => undefined,
          );
        };
        await playOut(scene, [service(scene, TOKEN), rollback()], OTHER);
        await expectRest(scene);
      }),
      RUNS,
    );
  });
});

function currentIsAccepted(bench: SecretRotationBench): boolean {
  const version = /AWSCURRENT:(\d+)/.exec(bench.stages)?.[1];
  const found = bench.world.record(bench.keyId).versions.find((each) => String(each.version) === version);
  return found?.status === 'active' || found?.status === 'deprecating';
}
