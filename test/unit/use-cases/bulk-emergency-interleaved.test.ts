/**
 * Emergencies of many keys under whatever comes between: two machines of one run, rotations that stand anywhere, other
 * rotations and emergencies, crashes, stopped executions, keys that come, go and hide in the index.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isComplete } from '../../../lambdas/core/domain/emergency-run.ts';
import { exposureOf } from '../../../lambdas/core/domain/exposure.ts';
import { type AdvanceInput, advanceEmergency } from '../../../lambdas/core/use-cases/advance-emergency.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { type PlanPlace, planEmergency } from '../../../lambdas/core/use-cases/plan-emergency.ts';
import { AT_ONCE, BulkWorld, WITH_GRACE } from '../../support/bulk-world.ts';
import { Execution, type RotationRequest } from '../../support/machine.ts';
import { chainHolds } from '../../support/rotation-world.ts';

const KEYS = 4;
const BY = { actor: { principal: 'ops', via: 'cli' }, reason: 'a test' };

/** What happens, and to which of what there is. */
const happening = fc.tuple(
  fc.constantFrom(
    'plan',
    'advance',
    'advance',
    'step',
    'step',
    'step',
    'time',
    'crash',
    'manual',
    'emergency',
    'other-steps',
    'disable',
    'enable',
    'hide',
    'show',
    'throttle',
    'release',
    'issue',
    'stop',
  ),
  fc.nat(11),
);

/** One run, played by two machines at once, each with its own place. */
class Story {
  readonly world = new BulkWorld();
  readonly ids: string[] = [];
  readonly others: Execution[] = [];
  readonly places: [PlanPlace | null, PlanPlace | null] = [null, null];
  readonly batches: AdvanceInput[] = [];
  readonly #atOnce: boolean;

  constructor(atOnce: boolean) {
    this.#atOnce = atOnce;
  }

  async begin(): Promise<void> {
    for (let made = 0; made < KEYS; made += 1) this.ids.push((await this.world.issue()).keyId);
    this.world.clock.advanceSeconds(60);
    await this.world.startRun(this.#atOnce ? AT_ONCE : WITH_GRACE);
    this.world.clock.advanceSeconds(1);
  }

  async happens(what: string, which: number): Promise<void> {
    const { world } = this;
    const keyId = this.ids[which % this.ids.length] as string;
    const attempt = world.run().orders.length;
    const actions: Readonly<Record<string, () => unknown>> = {
      plan: async () => {
        const place = this.places[which % 2] ?? null;
        const plan = await planEmergency(world.bulk, { runId: 'run-1', attempt, place }, world.limits);
        this.places[which % 2] = plan.place;
        for (const { keyIds } of plan.batches ?? [])
          this.batches.push({ runId: 'run-1', attempt, keyIds, round: 0 });
      },
      advance: async () => {
        const at = which % Math.max(1, this.batches.length);
        const batch = this.batches[at];
        if (batch) this.batches[at] = await advanceEmergency(world.bulk, batch);
      },
      step: () => {
        const names = [...world.started.keys()];
        const name = names[which % Math.max(1, names.length)];
        return name && world.stepExecution(name);
      },
      time: () => world.clock.advanceSeconds(which * which * 10),
      crash: () => world.runs.crashAt(which % 2 === 0 ? 'before' : 'after', which % 3),
      manual: () => this.#other(keyId, {}),
      emergency: () =>
        this.#other(keyId, { purpose: 'emergency', reason: 'x', immediateInvalidation: which % 2 === 0 }),
      'other-steps': () =>
        this.others[which % Math.max(1, this.others.length)]?.runAll('generate', 'verify', 'activate'),
      disable: () => changeKeyStatus(world.deps, keyId, 'disabled', BY),
      enable: () => changeKeyStatus(world.deps, keyId, 'enabled', BY),
      hide: () => world.hidden.add(keyId),
      show: () => world.hidden.clear(),
      throttle: () => world.throttled.add(keyId),
      release: () => world.throttled.clear(),
      issue: () => world.issue(),
      stop: () => {
        world.executions.kill(`run-1-${attempt}`);
        return world.resumeRun();
      },
    };
    try {
      await actions[what]?.();
    } catch (error) {
      // A rotation that is overtaken finds itself out of order, as its machine would.
      expect(['Crash', 'StepOutOfOrder', 'SealBroken']).toContain((error as Error).name);
    }
  }

  async #other(keyId: string, request: RotationRequest): Promise<void> {
    const execution = new Execution(this.world, keyId, `other-${this.others.length}`, request);
    this.others.push(execution);
    await execution.run('begin');
  }

  /** Nothing stands in the way any more: what is on its way ends, and the run is resumed until it is complete. */
  async ends(): Promise<number> {
    const { world } = this;
    world.hidden.clear();
    world.throttled.clear();
    world.runs.crashAt('before', Number.POSITIVE_INFINITY);
    for (const keyId of this.ids) await changeKeyStatus(world.deps, keyId, 'enabled', BY);
    for (const other of this.others) {
      const { rotation } = world.record(other.keyId);
      if (rotation?.rotationId !== other.rotationId) continue;
      const steps = ['begin', 'generate', 'verify', 'activate'] as const;
      await other.runAll(...steps.slice(['starting', 'verifying', 'dual-key'].indexOf(rotation.status) + 1));
    }
    for (let resumptions = 1; resumptions < 6; resumptions += 1) {
      world.executions.kill(`run-1-${world.run().orders.length}`);
      const { end } = await world.resumed();
      if (end && isComplete(end)) return resumptions;
    }
    return Number.POSITIVE_INFINITY;
  }
}

const acceptedOf = (world: BulkWorld, keyId: string): number =>
  world.record(keyId).versions.filter(({ status }) => status === 'active' || status === 'deprecating').length;

describe('whatever comes between', () => {
  it.each([true, false])(
    'no version that was there is accepted without an end (at once: %s)',
    async (atOnce) => {
      const check = async (happenings: readonly (readonly [string, number])[]) => {
        const story = new Story(atOnce);
        await story.begin();
        const { world } = story;
        const other = await world.issue({ owner: 'other@example.com' });
        for (const [what, which] of happenings) {
          await story.happens(what, which);
          for (const keyId of story.ids) expect(acceptedOf(world, keyId)).toBeLessThanOrEqual(2);
        }

        expect(await story.ends()).toBeLessThan(6);
        const compromise = { sinceMs: world.run().startedAtMs, immediate: atOnce };
        for (const keyId of story.ids) {
          expect(exposureOf(world.record(keyId), compromise, world.clock.nowMs).state).not.toBe('exposed');
          expect(['refused', 'dual-key']).toContain(world.keyOf(keyId).outcome);
          expect(chainHolds(world, keyId)).toBe(true);
          const begun = (world.table.events.get(keyId) ?? []).filter(
            ({ action, rotationId }) => action === 'rotation.started' && rotationId?.startsWith('run-'),
          );
          expect(new Set(begun.map(({ rotationId }) => rotationId)).size).toBe(begun.length);
          expect(begun.length).toBeLessThanOrEqual(world.run().orders.length);
        }
        expect(world.run().end?.totals.keys).toBe(KEYS);
        expect(world.statuses(other.keyId)).toBe('1:active');
      };
      await fc.assert(fc.asyncProperty(fc.array(happening, { maxLength: 60 }), check), { numRuns: 80 });
    },
    60_000,
  );
});
