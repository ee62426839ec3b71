/** One deployment in a story: the product's parts, the machine, the authorizers, and the books that are kept of it. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { Policy } from '../../rules/policy.ts';
import { resolvePolicies } from '../../rules/resolve-policy.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/random-bytes.ts';
import type { KeyBook } from './books.ts';
import { type Crash, DEPLOYMENTS, type Settings } from './commands.ts';
import { enterCommit } from './commit.ts';
import { Environment } from './environment.ts';
import { Gateway } from './gateway.ts';
import { Instances } from './instances.ts';
import { Ledger } from './ledger.ts';
import { Machine } from './machine.ts';
import { PEPPER, RUN } from './machine-definition.ts';
import type { Parts } from './parts.ts';
import { type Call, Process, type Task } from './process.ts';
import { Secrets } from './secrets.ts';
import { Tally } from './tally.ts';
import { Violation } from './violation.ts';
import { enterCall } from './watch.ts';
import { Workflows } from './workflows.ts';

const ENVIRONMENTS = 3;
/** What a step may fail with where the story gives it cause. */
const EXPECTED = new Set([
  'Broken',
  'WriteContention',
  'VerificationFailed',
  'SealBroken',
  'NoVerdict',
  'StepOutOfOrder',
  'PlaceUnready',
]);

const POLICIES_OF = DEPLOYMENTS.map((configured) => {
  const policies = resolvePolicies(configured);
  if (!policies.ok) throw new Error(policies.message);
  return policies.value;
});

export class World {
  readonly parts: Parts;
  readonly settings: Settings;
  readonly clock: ManualClock;
  readonly ledger: Ledger;
  readonly machine: Machine;
  readonly runs = new Workflows('run', RUN);
  readonly peppers = new Workflows('pepper', PEPPER);
  readonly gateway: Gateway;
  readonly secrets = new Secrets();
  tally = new Tally();
  readonly environments: Environment[] = [];
  /** Calls of the round, in order, for the story. */
  readonly calls: Call[] = [];
  /** The authorizers do not know new keys. */
  isDoubted = false;
  /** The first one; nothing after it counts. */
  violation: Violation | undefined;
  policies = POLICIES_OF[0] as ReadonlyMap<string, Policy>;
  readonly randomBytes = seededRandomBytes('model');
  #rotations = 0;
  readonly instances: Instances;

  /** @param clock the one that the parts read */
  constructor(parts: Parts, settings: Settings, clock: ManualClock) {
    this.parts = parts;
    this.settings = settings;
    this.clock = clock;
    parts.pepperSecret.lagMs = settings.secretLagSeconds * 1000;
    this.ledger = new Ledger(clock.read);
    this.instances = new Instances(parts, clock.read);
    this.machine = new Machine(clock.read);
    this.gateway = new Gateway(settings.cacheSeconds, () => this.ledger.moment());
    for (let each = 0; each < ENVIRONMENTS; each += 1) this.environments.push(this.freshEnvironment());
  }

  /** As `lib` reckons it: how long a use may take to be on record. */
  get evidenceLagSeconds(): number {
    const { memorySeconds, flushSeconds, cacheSeconds } = this.settings;
    return Math.max(memorySeconds, cacheSeconds) + flushSeconds + 1;
  }

  /** @returns false if these policies are deployed already */
  deploy(which: number): boolean {
    const policies = POLICIES_OF[which % POLICIES_OF.length];
    if (!policies || policies === this.policies) return false;
    this.policies = policies;
    return true;
  }

  policy(name: string): Policy {
    return this.policies.get(name) as Policy;
  }

  freshEnvironment(): Environment {
    return new Environment(this.parts, this.settings, this.clock.read);
  }

  process(task: Task, crash: Crash | undefined): Process {
    const watch = (call: Call) => this.#watch(call);
    return new Process(task, this.ledger.moment(), { clock: this.clock.read, watch, crash });
  }

  newRotationId(): string {
    this.#rotations += 1;
    return `rotation-${this.#rotations}`;
  }

  /** Notes the first violation. */
  judge(body: () => void): void {
    try {
      body();
    } catch (error) {
      this.#note(error);
    }
  }

  async judging(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.#note(error);
    }
  }

  /** Anything else that is thrown is a defect of the model. */
  #note(error: unknown): void {
    if (!(error instanceof Violation)) throw error;
    this.violation ??= error;
  }

  /** A process has answered: what it had refused is refused everywhere, also where answers are kept. */
  settle(process: Process): void {
    const at = this.ledger.moment();
    for (const book of this.ledger.keys) {
      for (const { refusal } of [book, ...book.versions.values()]) {
        if (refusal?.by === process) refusal.settled ??= at;
      }
    }
  }

  /** A key was given to its owner. */
  handOut(book: KeyBook, text: string, number: number, by: 'issue' | 'claim' | 'link' | 'renewal'): void {
    this.secrets.learn(text);
    const version = book.versions.get(number);
    if (version?.status === 'active' && number === 1) version.text ??= text;
    this.judge(() => {
      if (version?.text !== text) {
        throw new Violation(
          1,
          `The owner of key ${book.name} was given another key than that of version ${number}.`,
        );
      }
      const before = this.ledger.handedOut.get(text);
      if (before !== undefined && (before !== by || by !== 'renewal')) {
        throw new Violation(
          8,
          `Version ${number} of key ${book.name} was handed out by ${before}, and a second time by ${by}.`,
        );
      }
    });
    this.ledger.handedOut.set(text, by);
    if (version) version.isReceived = true;
  }

  /** What a process ended with, where it was not the model that broke it. */
  enterError(process: Process, error: Error): void {
    this.tally.count(`error: ${error.name}`);
    this.secrets.search(`in the error of '${process.task.kind}'`, error);
    if (process.task.kind === 'use' && error.name !== 'Broken') {
      throw new Violation(1, `A client was answered with an error: ${error.name}: ${error.message}`);
    }
    if (!EXPECTED.has(error.name)) {
      throw new Violation(0, `'${process.task.kind}' broke with ${error.name}: ${error.message}`);
    }
  }

  /** A change of a key, as it is stored now. */
  async committed({ process }: Call, book: KeyBook): Promise<void> {
    const [after, events] = [
      (await this.parts.store.find(book.keyId)) as KeyRecord,
      await this.parts.store.auditEvents(book.keyId),
    ];
    const at = this.ledger.moment();
    const event = events.at(-1) as AuditEvent;
    this.tally.count(`change: ${event.action}`);
    enterCommit({ world: this, process, book, before: book.record, after, event, at }, events);
  }

  async #watch(call: Call): Promise<void> {
    this.calls.push(call);
    if (call.result === 'stale') this.tally.count('race: a write comes too late');
    if (!this.violation) await this.judging(() => enterCall(this, call));
  }
}
