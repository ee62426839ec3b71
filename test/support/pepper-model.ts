/**
 * Keys that are issued, rotated and used while the pepper rotates, by functions whose memories of it are of any age. What
 * comes when is the scheduler's; the model only says what may never be: that a key which is accepted is refused, that a
 * request ends in an error, that something is done to the pepper and is not on record, that a pepper gets out.
 */
import { type AuditEvent, firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { pepperVersionsIn } from '../../lambdas/core/domain/pepper-events.ts';
import { isNewer } from '../../lambdas/core/domain/pepper-name.ts';
import { LONGEST_RUN_MS } from '../../lambdas/core/domain/pepper-timing.ts';
import type { Pepper, Peppers } from '../../lambdas/core/ports/peppers.ts';
import type { CachedPeppers } from '../../lambdas/core/use-cases/cached-peppers.ts';
import type { PepperPurpose } from '../../lambdas/core/use-cases/pepper-order.ts';
import { ROTATION } from '../model/machine-definition.ts';
import { Execution, type RotationRequest, type StepName } from './machine.ts';
import type { Authorizer } from './memory-world.ts';
import { PepperExecution } from './pepper-machine.ts';
import { PepperWorld } from './pepper-world.ts';

/** What a function hashes under: what it remembers, what it took some time ago, or what it reads as it starts. */
export type Hashing = 'memory' | 'taken' | 'start';

export type Action =
  /** A function takes the pepper that is current to it, and goes on with it later. */
  | { readonly do: 'take'; readonly writer: number }
  | { readonly do: 'issue'; readonly writer: number; readonly by: Hashing }
  /** The old version of a key is replaced at once. */
  | { readonly do: 'renew'; readonly key: number; readonly writer: number; readonly by: Hashing }
  | { readonly do: 'rotate'; readonly key: number }
  | { readonly do: 'key-step'; readonly rotation: number; readonly writer: number; readonly by: Hashing }
  | { readonly do: 'use'; readonly key: number; readonly authorizer: number }
  /** An environment starts in the place of another, and reads the peppers while it does. */
  | { readonly do: 'start-authorizer'; readonly authorizer: number }
  | { readonly do: 'pepper-start'; readonly purpose: PepperPurpose }
  | { readonly do: 'pepper-step' | 'pepper-replay'; readonly execution: number; readonly which: number }
  | { readonly do: 'crash'; readonly when: 'before' | 'after' }
  | { readonly do: 'lag'; readonly milliseconds: number };

interface Writer {
  readonly memory: CachedPeppers;
  taken: { readonly pepper: Pepper; readonly atMs: number } | undefined;
}

interface KeyRotation {
  readonly execution: Execution;
  next: StepName | 'wait' | undefined;
  waitUntilMs: number;
}

const INDEX_LAG_MS = 19_000;
const MEMORIES_MS = [0, 5_000, 300_000];
/** What a step may fail with while the world is at fault: the machine tries again. */
const EXPECTED_FAULTS = new Set(['Crash', 'WriteContention', 'NoVerdict', 'StepOutOfOrder']);

export class PepperModel {
  readonly world = new PepperWorld();
  readonly #authorizers: Authorizer[];
  readonly #writers: Writer[];
  /** By key id and version. Those that were not issued lie sealed until they are looked for. */
  readonly #texts = new Map<string, string>();
  readonly #rotations: KeyRotation[] = [];
  readonly #runs: PepperExecution[] = [];
  readonly #secretsSeen = new Set<string>();

  constructor() {
    const { world } = this;
    world.walk.lagMs = INDEX_LAG_MS;
    this.#authorizers = MEMORIES_MS.map((memoryMs) => world.freshAuthorizer(memoryMs));
    this.#writers = [this.#newWriter(), this.#newWriter()];
  }

  advance(seconds: number): void {
    this.world.clock.advanceSeconds(seconds);
  }

  async act(action: Action): Promise<void> {
    switch (action.do) {
      case 'take': {
        const writer = this.#writer(action.writer);
        writer.taken = { pepper: await writer.memory.current(), atMs: this.world.clock.nowMs };
        return;
      }
      case 'issue': {
        this.world.writer = this.#hashing(action.writer, action.by);
        const { keyId, key } = await this.world.issue({ policy: 'drill' });
        this.#texts.set(`${keyId}/1`, key);
        return;
      }
      case 'renew':
        return this.#renew(action.key, this.#hashing(action.writer, action.by));
      case 'rotate':
        return void this.#startRotation(action.key, { purpose: 'manual', gracePeriod: 'PT1M' });
      case 'key-step':
        return this.#stepRotation(action.rotation, this.#hashing(action.writer, action.by));
      case 'use':
        return this.#use(action.key, this.#authorizers[action.authorizer % this.#authorizers.length]);
      case 'start-authorizer':
        return this.#startAuthorizer(action.authorizer % MEMORIES_MS.length);
      case 'pepper-start':
        this.#runs.push(new PepperExecution(this.world, action.purpose, `p-${this.#runs.length}`));
        return;
      case 'pepper-step':
      case 'pepper-replay':
        return this.#runPepper(action.do, action.execution, action.which);
      case 'crash':
        return this.world.secret.crashOnce(action.when);
      case 'lag':
        this.world.secret.lagMs = action.milliseconds;
    }
  }

  /** What must hold between any two rounds: every accepted version gets in, by these authorizers and by a new one. */
  async check(authorizers: readonly number[]): Promise<void> {
    const asked = [
      ...authorizers.map((each) => this.#authorizers[each % this.#authorizers.length] as Authorizer),
      this.world.freshAuthorizer(),
    ];
    for (const { text } of await this.#accepted()) {
      for (const authorizer of asked) {
        const decision = await authorizer.authorize(text);
        must(
          decision.outcome === 'allowed',
          `an accepted version is let in, not ${JSON.stringify(decision)}`,
        );
      }
    }
    await this.#checkRecord();
  }

  /** Whatever happened, every execution comes to its end, and a clean-up after it leaves what is needed and no more. */
  async recover(): Promise<void> {
    this.world.secret.lagMs = 0;
    this.#runs.push(new PepperExecution(this.world, 'clean-up', 'last'));
    for (const run of this.#runs) {
      for (let tries = 0; run.next !== undefined && tries < 40; tries += 1) {
        this.world.clock.nowMs = Math.max(this.world.clock.nowMs, run.waitUntilMs);
        await tolerating(() => run.step());
      }
      must(run.next === undefined, 'an execution comes to its end');
    }
    const { current, secrets } = this.world.secret.set;
    const needed = new Set(
      [...this.world.table.keys.values()].flatMap(({ versions }) =>
        versions.filter(({ status }) => status !== 'retired').map(({ pepperVersion }) => pepperVersion),
      ),
    );
    const kept = [...secrets.keys()].filter(
      (name) => name !== current && !isNewer(name, current) && !needed.has(name),
    );
    must(kept.length === 0, `a pepper that nothing needs is dropped, ${kept} too`);
    await this.check([0, 1, 2]);
    const executions = this.#runs.map(({ result, ran }) => [result, ran]);
    const said = JSON.stringify([await this.world.pepperEvents(), executions]);
    for (const text of this.#secretsSeen)
      must(!said.includes(text), 'no pepper is on record or in an execution');
  }

  async #checkRecord(): Promise<void> {
    const { secret } = this.world;
    const events = await this.world.pepperEvents();
    for (const each of secret.set.secrets.values()) this.#secretsSeen.add(Buffer.from(each).toString());
    must(firstBrokenLink(events) === undefined, 'the chain of the pepper holds');
    const outcomes = events.filter(isOutcome).map(({ detail }) => String(detail['fromRevision']));
    must(new Set(outcomes).size === outcomes.length, 'what was done is on record once');
    must(
      events.filter(isOutcome).length >= secret.writes - 1,
      'what was done is on record, the last write perhaps later',
    );
    const announced = events.filter(({ action }) => action === 'pepper.adding').flatMap(pepperVersionsIn);
    const unsaid = [...secret.set.secrets.keys()].filter((name) => name !== '1' && !announced.includes(name));
    must(unsaid.length === 0, 'no pepper is there that was not announced');
  }

  async #use(key: number, authorizer: Authorizer | undefined): Promise<void> {
    const accepted = await this.#accepted();
    const used = accepted[key % Math.max(1, accepted.length)];
    if (!used || !authorizer) return;
    const { outcome } = await authorizer.authorize(used.text);
    const stillAccepted = this.#isAccepted(used.keyId, used.version);
    must(!stillAccepted || outcome === 'allowed', 'an accepted version is let in while others act');
  }

  async #accepted() {
    const versions = [...this.world.table.keys.values()].flatMap(({ keyId, versions }) =>
      versions.map(({ version }) => ({ keyId, version })),
    );
    const accepted = versions.filter(({ keyId, version }) => this.#isAccepted(keyId, version));
    return Promise.all(
      accepted.map(async ({ keyId, version }) => ({
        keyId,
        version,
        text: await this.#text(keyId, version),
      })),
    );
  }

  async #text(keyId: string, version: number): Promise<string> {
    const name = `${keyId}/${version}`;
    const text = this.#texts.get(name) ?? (await this.world.sealedKey(keyId, version));
    this.#texts.set(name, text);
    return text;
  }

  #isAccepted(keyId: string, version: number): boolean {
    const record = this.world.table.keys.get(keyId);
    const found = record?.versions.find((each) => each.version === version);
    return found?.status === 'active' || found?.status === 'deprecating';
  }

  #writer(number: number): Writer {
    return this.#writers[number % this.#writers.length] as Writer;
  }

  #hashing(number: number, by: Hashing): Peppers {
    const place = number % this.#writers.length;
    if (by === 'start') this.#writers[place] = this.#newWriter();
    const { memory, taken } = this.#writer(number);
    // A function ends when its time is over: what it took before that it does not use.
    const isHeld = by === 'taken' && taken && this.world.clock.nowMs - taken.atMs < LONGEST_RUN_MS;
    return {
      current: () => (isHeld ? Promise.resolve(taken.pepper) : memory.current()),
      byVersion: (version) => memory.byVersion(version),
    };
  }

  #newWriter(): Writer {
    return { memory: this.world.environment(), taken: undefined };
  }

  async #startAuthorizer(place: number): Promise<void> {
    const peppers = this.world.environment();
    this.#authorizers[place] = this.world.authorizer({ memoryMs: MEMORIES_MS[place] as number, peppers });
    await peppers.warm();
  }

  async #renew(key: number, writer: Peppers): Promise<void> {
    const request = { purpose: 'emergency', reason: 'a model', immediateInvalidation: true };
    const rotation = this.#startRotation(key, request);
    while (rotation?.next !== undefined) await this.#step(rotation, writer);
  }

  #startRotation(key: number, request: RotationRequest): KeyRotation | undefined {
    const keyIds = [...this.world.table.keys.keys()];
    const keyId = keyIds[key % Math.max(1, keyIds.length)];
    if (keyId === undefined || this.world.record(keyId).rotation) return undefined;
    const execution = new Execution(this.world, keyId, `r-${this.#rotations.length}`, request);
    const rotation: KeyRotation = { execution, next: 'begin', waitUntilMs: 0 };
    this.#rotations.push(rotation);
    return rotation;
  }

  async #stepRotation(number: number, writer: Peppers): Promise<void> {
    const running = this.#rotations.filter(({ next }) => next !== undefined);
    const rotation = running[number % Math.max(1, running.length)];
    if (rotation && this.world.clock.nowMs >= rotation.waitUntilMs) await this.#step(rotation, writer);
  }

  async #step(rotation: KeyRotation, writer: Peppers): Promise<void> {
    const step = rotation.next === 'wait' ? 'judge' : (rotation.next as StepName);
    this.world.writer = writer;
    const result = await tolerating(() => rotation.execution.run(step));
    if (!result) return;
    rotation.next = stepAfter(step, result.next);
    rotation.waitUntilMs = result.waitUntil ? Date.parse(result.waitUntil) : 0;
  }

  async #runPepper(how: 'pepper-step' | 'pepper-replay', number: number, which: number): Promise<void> {
    const runs = this.#runs.filter(({ next, ran }) =>
      how === 'pepper-step' ? next !== undefined : ran.length > 0,
    );
    const run = runs[number % Math.max(1, runs.length)];
    if (!run) return;
    if (how === 'pepper-replay') {
      const again = run.ran[which % run.ran.length] as (typeof run.ran)[number];
      await tolerating(() => run.run(again.step, again.given));
    } else if (this.world.clock.nowMs >= run.waitUntilMs) {
      await tolerating(() => run.step());
    }
  }
}

/** What follows a step's answer by the rotation machine's own file. */
function stepAfter(step: StepName, next: string): KeyRotation['next'] {
  const state = ROTATION.next(`${step[0]?.toUpperCase()}${step.slice(1)}`, next);
  if (ROTATION.isEnd(state)) return undefined;
  return (ROTATION.stepOf(state) as StepName | undefined) ?? 'wait';
}

const isOutcome = ({ detail }: AuditEvent): boolean => detail['announcedBy'] !== undefined;

function must(holds: boolean, invariant: string): void {
  if (!holds) throw new Error(`Broken invariant: ${invariant}.`);
}

/** @returns undefined where the call failed by a fault that the model itself causes */
async function tolerating<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && EXPECTED_FAULTS.has(error.name)) return undefined;
    throw error;
  }
}
