/**
 * One key, several executions, operators and clients at once, and a check of the invariants after each change of the
 * key and after each round. What comes when is the scheduler's; the model only says what may never be.
 */
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord, KeyVersion } from '../../lambdas/core/domain/key-record.ts';
import { authorize } from '../../lambdas/core/use-cases/authorize.ts';
import { changeKeyStatus } from '../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../lambdas/core/use-cases/claim-key.ts';
import { KeyMemory } from '../../lambdas/core/use-cases/key-memory.ts';
import { rollbackRotation } from '../../lambdas/core/use-cases/rollback-rotation.ts';
import { UseMeter } from '../../lambdas/core/use-cases/use-meter.ts';
import type { KeyStatus, VersionStatus } from '../../rules/words.ts';
import { Execution, type RotationRequest, type StepName, stepAfter } from './machine.ts';
import { MemoryKeyReader } from './memory-key-reader.ts';
import type { Commit } from './memory-table.ts';
import { type Authorizer, MemoryWorld, OPERATOR } from './memory-world.ts';

export type Action =
  | { readonly do: 'start'; readonly request: RotationRequest }
  /** The next step of an execution that still runs; or a step that any has run before, come again. */
  | {
      readonly do: 'step' | 'replay' | 'abandon' | 'kill';
      readonly execution: number;
      readonly which: number;
    }
  | { readonly do: 'use'; readonly key: number }
  | { readonly do: 'claim' }
  | { readonly do: 'rollback' }
  | { readonly do: 'status'; readonly to: KeyStatus }
  | { readonly do: 'crash'; readonly when: 'before' | 'after' }
  | { readonly do: 'object'; readonly objection: boolean };

interface Running {
  readonly execution: Execution;
  readonly ran: StepName[];
  next: StepName | 'wait' | undefined;
  waitUntilMs: number;
}

const MEMORY_MS = 5_000;
const RANK: Record<VersionStatus, number> = { pending: 0, active: 1, deprecating: 2, retired: 3 };
const NO_HEADERS = { method: undefined, name: undefined, protocolVersion: undefined };
/** What a step may fail with while the world is at fault: the machine tries again. */
const EXPECTED_FAULTS = new Set([
  'Crash',
  'WriteContention',
  'VerificationFailed',
  'SealBroken',
  'NoVerdict',
]);

export class RotationModel {
  readonly world = new MemoryWorld();
  readonly keyId: string;
  /** Every key that was ever made, whether or not its version came into being. */
  readonly keys: string[];
  readonly #executions: Running[] = [];
  readonly #retiredAtMs = new Map<number, number>();
  readonly #claimed: string[] = [];
  readonly #remembering: Authorizer;
  #refusedSinceMs: number | undefined;
  #wasImmediate = false;

  static async make(policy: string): Promise<RotationModel> {
    const world = new MemoryWorld();
    const { keyId, key } = await world.issue({ policy });
    return new RotationModel(world, keyId, key);
  }

  private constructor(world: MemoryWorld, keyId: string, key: string) {
    this.world = world;
    this.keyId = keyId;
    this.keys = [key];
    this.#remembering = world.authorizer({ memoryMs: MEMORY_MS });
    const seal = world.sealer.seal.bind(world.sealer);
    world.sealer.seal = (made, context, expiresAtMs) => {
      this.keys.push(made.reveal());
      return seal(made, context, expiresAtMs);
    };
    world.table.onCommit = (commit) => this.#checkCommit(commit);
  }

  async act(action: Action): Promise<void> {
    switch (action.do) {
      case 'start':
        return this.#start(action.request);
      case 'use':
        return this.#use(this.keys[action.key % this.keys.length] as string);
      case 'claim':
        return this.#claim();
      case 'status':
        await tolerating(() =>
          changeKeyStatus(this.world.deps, this.keyId, action.to, { actor: OPERATOR, reason: 'model' }),
        );
        return;
      case 'rollback':
        await tolerating(() =>
          rollbackRotation(this.world.deps, this.keyId, { actor: OPERATOR, reason: 'model' }),
        );
        return;
      case 'crash':
        return this.world.table.crashOnce(action.when);
      case 'object':
        this.world.verifier.objection = action.objection ? 'not known' : undefined;
        return;
      default: {
        const executions =
          action.do === 'replay'
            ? this.#executions
            : this.#executions.filter(({ next }) => next !== undefined);
        const running = executions[action.execution % Math.max(1, executions.length)];
        if (running) await this.#drive(running, action.do, action.which);
      }
    }
  }

  advance(seconds: number): void {
    this.world.clock.advanceSeconds(seconds);
  }

  /** What must hold between any two rounds. */
  async check(): Promise<void> {
    const record = this.world.record(this.keyId);
    const events = this.world.table.events.get(this.keyId) ?? [];
    must(firstBrokenLink(events) === undefined, 'the audit chain holds');
    must(events.length === record.revision, 'each change has exactly one event');
    const onRecord = [...this.world.table.rotations.values()];
    must(
      onRecord.every(({ endedAtMs }) => endedAtMs !== undefined),
      'a rotation is on record once it has ended',
    );
    must(record.rotation?.endedAtMs === undefined, 'a rotation that has ended leaves its key');
    const begun = events.filter(({ action }) => action === 'rotation.started').length;
    must(begun === onRecord.length + (record.rotation ? 1 : 0), 'every rotation is in its key or on record');
    must(new Set(this.#claimed).size === this.#claimed.length, 'a key is handed out once');

    const accepted = await this.#accepted();
    must(accepted.length <= 2, 'never more than two versions authenticate');
    must(
      record.status === 'enabled' ? accepted.length >= 1 : accepted.length === 0,
      'an enabled key always has a version that authenticates, another never',
    );
  }

  /** Whatever happened, a new rotation of an enabled key comes to its end. */
  async recover(): Promise<void> {
    this.world.verifier.objection = undefined;
    for (const { execution } of this.#executions) this.world.executions.kill(execution.rotationId);
    if (this.world.record(this.keyId).status !== 'enabled') return;
    const execution = new Execution(this.world, this.keyId, 'recovery');
    let step: StepName | 'wait' | undefined = 'begin';
    for (let count = 0; step && count < 20; count += 1) {
      if (step === 'wait') {
        this.world.clock.advanceSeconds(400 * 86_400);
        const { rotation } = this.world.record(this.keyId);
        await this.world.uses.noteFirstUse(this.keyId, rotation?.toVersion as number, this.world.clock.nowMs);
        step = 'judge';
      }
      const result = await this.#retried(execution, step);
      step = stepAfter(step, result);
      if (step === 'wait' && Date.parse(result.waitUntil as string) <= this.world.clock.nowMs) step = 'judge';
    }
    const record = this.world.record(this.keyId);
    must(record.rotation === undefined, 'a rotation comes to its end');
    must(
      record.versions.filter(({ status }) => status !== 'retired').length === 1,
      'at the end one version is accepted',
    );
    await this.check();
  }

  async #retried(execution: Execution, step: StepName) {
    try {
      return await execution.run(step);
    } catch {
      return execution.run(step);
    }
  }

  async #start(request: RotationRequest): Promise<void> {
    const execution = new Execution(this.world, this.keyId, `r-${this.#executions.length + 1}`, request);
    if (request['immediateInvalidation'] === true) this.#wasImmediate = true;
    const running: Running = { execution, ran: [], next: 'begin', waitUntilMs: 0 };
    this.#executions.push(running);
    await this.#step(running, 'begin');
  }

  async #drive(running: Running, how: 'step' | 'replay' | 'abandon' | 'kill', which: number): Promise<void> {
    const { execution, ran, next } = running;
    if (how === 'replay') {
      const again = ran[which % Math.max(1, ran.length)];
      if (again) await tolerating(() => execution.run(again));
    } else if (how === 'step' && next) {
      if (next !== 'wait') await this.#step(running, next);
      else if (this.world.clock.nowMs >= running.waitUntilMs) await this.#step(running, 'judge');
    } else if (how !== 'step' && next) {
      running.next = undefined;
      if (how === 'abandon') await tolerating(() => execution.abandon('gave up'));
      this.world.executions.kill(execution.rotationId);
    }
  }

  async #step(running: Running, step: StepName): Promise<void> {
    running.ran.push(step);
    const result = await tolerating(() => running.execution.run(step));
    // Ended meanwhile, or failed: the machine tries the step again.
    if (!result || running.next === undefined) return;
    running.next = stepAfter(step, result);
    if (running.next === undefined) this.world.executions.kill(running.execution.rotationId);
    if (result.waitUntil) running.waitUntilMs = Date.parse(result.waitUntil);
  }

  async #use(key: string): Promise<void> {
    const atMs = this.world.clock.nowMs;
    const decision = await this.#remembering.authorize(key);
    if (decision.outcome !== 'allowed') return;
    const retiredAtMs = this.#retiredAtMs.get(decision.identity.version) ?? Number.POSITIVE_INFINITY;
    must(atMs < retiredAtMs + MEMORY_MS, 'a retired version is refused within the bound');
    must(
      this.#refusedSinceMs === undefined || atMs < this.#refusedSinceMs + MEMORY_MS,
      'a disabled or revoked key is refused within the bound',
    );
  }

  async #claim(): Promise<void> {
    const claimed = await tolerating(() => claimKey(this.world.deps, this.keyId, OPERATOR));
    if (claimed?.outcome === 'claimed') this.#claimed.push(claimed.key.reveal());
  }

  /** Versions that get in now, asked of an authorizer that reads each time and counts nothing. */
  async #accepted(): Promise<readonly number[]> {
    const { peppers, clock, table, rules } = this.world;
    const turn = table.turn;
    table.turn = () => Promise.resolve();
    const nothing = async () => {};
    const nobody = { add: nothing, noteFirstUse: nothing, noteFirstRefusal: nothing };
    const memory = new KeyMemory(new MemoryKeyReader(table), 0);
    const deps = { memory, meter: new UseMeter(nobody, 0), peppers, clock: clock.read };
    const versions: number[] = [];
    for (const presented of this.keys) {
      const decision = await authorize(deps, rules, { presented, mcp: NO_HEADERS });
      if (decision.outcome === 'allowed') versions.push(decision.identity.version);
    }
    table.turn = turn;
    return versions;
  }

  #checkCommit({ before, after, event }: Commit): void {
    const nowMs = this.world.clock.nowMs;
    must(event.sequence === after.revision, 'each change has exactly one event');
    for (const status of ['pending', 'active', 'deprecating'] as const) {
      must(countOf(after, status) <= 1, `at most one version is ${status}`);
    }
    must(countOf(after, 'active') === 1, 'a version is active at every moment');
    if (after.status !== 'enabled') this.#refusedSinceMs ??= nowMs;
    else this.#refusedSinceMs = undefined;
    for (const old of before?.versions ?? []) {
      const now = after.versions.find(({ version }) => version === old.version);
      must(now !== undefined || old.status === 'retired', 'only a retired version is forgotten');
      if (now) this.#checkVersion(old, now, before as KeyRecord, event.action);
    }
  }

  #checkVersion(old: KeyVersion, now: KeyVersion, before: KeyRecord, action: string): void {
    const takenBack = action === 'rotation.rolled-back';
    must(
      RANK[now.status] >= RANK[old.status] || (takenBack && old.status === 'deprecating'),
      'the status of a version only moves forward, save for a rollback',
    );
    must(now.hash === old.hash, 'a version never changes its secret');
    if (now.status !== 'retired' || old.status === 'retired') return;
    this.#retiredAtMs.set(now.version, this.world.clock.nowMs);
    if (old.status === 'pending') return;
    const { rotation } = before;
    const onVerdict =
      action === 'version.retired' &&
      rotation?.fromVersion === old.version &&
      rotation.verdict?.decision === 'retire';
    const onOrder = action === 'version.activated' && rotation?.purpose === 'emergency';
    const onLoss =
      action === 'version.activated' &&
      rotation?.fromVersion !== old.version &&
      before.firstUsesMs[String(old.version)] === undefined;
    must(
      onVerdict || onOrder || onLoss || takenBack,
      'a version is retired on a verdict, on an order, or because it was lost and never used',
    );
    must(
      old.status === 'deprecating' || this.#wasImmediate || onLoss || takenBack,
      'an active version is retired by an order, or because it was lost and never used',
    );
  }
}

const countOf = (record: KeyRecord, status: VersionStatus): number =>
  record.versions.filter((version) => version.status === status).length;

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
