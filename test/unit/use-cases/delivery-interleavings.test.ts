/** A new key on its way, with the machine, operators and its owner at once, in whatever order their calls come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WriteContention } from '../../../lambdas/core/domain/errors.ts';
import { activeVersion } from '../../../lambdas/core/domain/key-record.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../../lambdas/core/use-cases/claim-key.ts';
import { deliverVersion, noteUndelivered } from '../../../lambdas/core/use-cases/deliver-version.ts';
import { offerVersion } from '../../../lambdas/core/use-cases/offer-version.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { takeByLink } from '../../../lambdas/core/use-cases/take-by-link.ts';
import type { Delivery } from '../../../rules/words.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryClaimTries } from '../../support/memory-claim-tries.ts';
import { NeverHeld } from '../../support/memory-place.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { Turns } from '../../support/turns.ts';

const BY = { actor: OPERATOR, reason: 'a trial' };
const MOST_TRIES = 3;

/** How a write to the place ends: it may fail before it is made, or seem to. */
type Fault = 'none' | 'before' | 'after';

class Scene {
  readonly world = new MemoryWorld();
  readonly turns: Turns;
  readonly #faults: Fault[];
  /** Versions by who was handed them, in order. */
  readonly handedOut: string[] = [];
  keyId = '';
  /** That clients find a version in the place which was taken back, and that it never held the one before. */
  wasTold = false;

  constructor(seed: number, faults: readonly Fault[]) {
    this.turns = new Turns(seed);
    this.#faults = [...faults];
  }

  /** @param diverted which way the new version goes instead; chosen before it is on its way to the place */
  async setUp(diverted: Delivery | undefined): Promise<void> {
    const { world } = this;
    this.keyId = (await world.issue({ delivery: 'vault' })).keyId;
    await offerVersion(world.deps, this.keyId, { actor: OPERATOR });
    await new Execution(world, this.keyId).toDualKey();
    if (diverted) await this.deliver(diverted);
    const place = world.places.vault;
    const put = place.put.bind(place);
    place.put = async (destination, placed) => {
      const fault = this.#faults.shift() ?? 'none';
      if (fault === 'before') throw new Error('unreachable');
      await put(destination, placed);
      this.#note(placed.version, 'place');
      if (fault === 'after') throw new Error('timed out');
    };
    place.beforeWrite = this.turns.turn;
    world.table.turn = this.turns.turn;
  }

  /** The same place may be given the same version again: its client reads one key there. */
  #note(version: number, by: string): void {
    const line = `${version} by ${by}`;
    if (by !== 'place' || !this.handedOut.includes(line)) this.handedOut.push(line);
  }

  async machine(rotationId = 'r-1'): Promise<void> {
    const step = { keyId: this.keyId, rotationId };
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        await deliverVersion(this.world.deps, step);
        return;
      } catch (error) {
        if (tries === MOST_TRIES - 1) {
          await noteUndelivered(this.world.deps, { ...step, failure: String(error) });
        }
      }
    }
  }

  async deliver(by?: Delivery): Promise<void> {
    const how = { actor: OPERATOR, again: true, ...(by ? { by } : {}) };
    await offerVersion(this.world.deps, this.keyId, how).catch(() => undefined);
  }

  async claim(): Promise<void> {
    const claimed = await claimKey(this.world.deps, this.keyId, OPERATOR);
    if (claimed.outcome === 'claimed') this.#note(claimed.version, 'claim');
  }

  async openLink(): Promise<void> {
    const { world, keyId } = this;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await world.table.turn();
      const token = world.links.sent.at(-1)?.url.reveal().split('/').at(-1);
      if (token === undefined) continue;
      const deps = { ...world.deps, tries: new MemoryClaimTries() };
      const taken = await takeByLink(deps, { keyId, token, actor: OPERATOR });
      if (taken.outcome === 'claimed') this.#note(taken.about.version, 'link');
    }
  }

  async rollback(): Promise<void> {
    await rollbackRotation(this.world.deps, this.keyId, BY).catch((error: unknown) => {
      if (!(error instanceof NeverHeld)) throw error;
      this.wasTold = true;
    });
  }

  async revoke(): Promise<void> {
    await changeKeyStatus(this.world.deps, this.keyId, 'revoked', BY);
  }

  async emergency(immediateInvalidation: boolean): Promise<void> {
    const request = { purpose: 'emergency', reason: 'leaked', immediateInvalidation };
    const execution = new Execution(this.world, this.keyId, 'e-1', request);
    for (const step of ['begin', 'generate', 'verify', 'activate'] as const) {
      const { next } = await execution.run(step);
      if (next === 'refuse' || next === 'answer-running') return;
    }
    await this.machine('e-1');
  }
}

const ACTS = {
  machine: (scene: Scene) => scene.machine(),
  again: (scene: Scene) => scene.deliver(),
  'by-vault': (scene: Scene) => scene.deliver('vault'),
  claim: (scene: Scene) => scene.claim(),
  'open-link': (scene: Scene) => scene.openLink(),
  rollback: (scene: Scene) => scene.rollback(),
  revoke: (scene: Scene) => scene.revoke(),
  emergency: (scene: Scene) => scene.emergency(false),
  immediate: (scene: Scene) => scene.emergency(true),
} as const;
type Act = keyof typeof ACTS;

function expectRest({ world, keyId, handedOut, wasTold }: Scene): void {
  const record = world.record(keyId);
  const active = activeVersion(record);
  const twice = handedOut.filter((one) =>
    handedOut.some((other) => other !== one && other.split(' ')[0] === one.split(' ')[0]),
  );
  expect({ handedOut, twice }).toEqual({ handedOut, twice: [] });
  const placed = world.places.vault.current.get(keyId);
  if (record.status === 'revoked') expect(placed, 'a revoked key').toBeUndefined();
  else if (active?.receivedBy === 'placed') expect(placed, 'what clients find').toBe(active.version);
  else if (!wasTold)
    expect(placed ?? 0, 'none that was taken back').toBeLessThanOrEqual(active?.version ?? 0);
  const accepted = record.versions.filter(({ status }) => status === 'active' || status === 'deprecating');
  expect(accepted.length).toBeLessThanOrEqual(2);
  for (const { version, status, receivedAtMs } of record.versions) {
    const isSealed = world.table.seals.has(`${keyId}/${version}`);
    if (status === 'retired' || receivedAtMs !== undefined) expect(isSealed, `seal ${version}`).toBe(false);
  }
  expect(chainHolds(world, keyId)).toBe(true);
}

const RUNS = { numRuns: 200 };
const SEED = fc.integer();
const DIVERTED = fc.constantFrom<Delivery | undefined>(undefined, 'operator', 'claim-link');
const FAULTS = fc.array(fc.constantFrom<Fault>('none', 'before', 'after'), { maxLength: 4 });
const SOME_ACTS = fc.array(fc.constantFrom(...(Object.keys(ACTS) as Act[])), { minLength: 1, maxLength: 4 });

describe('whatever comes first', () => {
  it('each version is handed out once at most, and clients find the accepted one', async () => {
    await fc.assert(
      fc.asyncProperty(SEED, DIVERTED, FAULTS, SOME_ACTS, async (seed, diverted, faults, acts) => {
        const scene = new Scene(seed, faults);
        await scene.setUp(diverted);
        const all = Promise.allSettled(['machine' as const, ...acts].map((act) => ACTS[act](scene)));
        await scene.turns.until(all);
        const failed = (await all).filter((each) => each.status === 'rejected');
        // Of so many at once one may lose every race: it has changed nothing then.
        const others = failed.filter(({ reason }) => !(reason instanceof WriteContention));
        expect(others.map(({ reason }) => String(reason))).toEqual([]);
        expectRest(scene);
      }),
      RUNS,
    );
  }, 60_000);
});
