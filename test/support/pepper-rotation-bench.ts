/** The pepper's secret with its labels, the pepper machine, and Secrets Manager, which rotates it by the rotation function. */
import { KeySecretVersions } from '../../lambdas/adapters/secrets-manager/key-secret-versions.ts';
import { SecretsManagerPepperSecret } from '../../lambdas/adapters/secrets-manager/pepper-secret.ts';
import { type PepperSet, parsePeppers } from '../../lambdas/core/domain/peppers.ts';
import { CURRENT } from '../../lambdas/core/domain/secret-versions.ts';
import { CachedPeppers } from '../../lambdas/core/use-cases/cached-peppers.ts';
import type { SecretCall } from '../../lambdas/core/use-cases/find-secret-turn.ts';
import { finishPepper } from '../../lambdas/core/use-cases/finish-pepper.ts';
import type { PepperDeps } from '../../lambdas/core/use-cases/pepper-deps.ts';
import { parsePepperOrder } from '../../lambdas/core/use-cases/pepper-order.ts';
import type { PepperTurnDeps } from '../../lambdas/core/use-cases/pepper-turn.ts';
import type { SecretStep } from '../../lambdas/core/use-cases/secret-rotation-deps.ts';
import { setPepper, stagePepper, testPepper } from '../../lambdas/core/use-cases/stage-pepper.ts';
import {
  type DrivenSecret,
  type DriveOutcome,
  driveRotation,
  driveTest,
  type Step,
} from '../../local/secrets-driver/drive-rotation.ts';
import { drivenInMemory } from './driven-in-memory.ts';
import { FIRST_PEPPER } from './memory-pepper-secret.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { MemorySecretsClient } from './memory-secrets-client.ts';
import { PepperExecution } from './pepper-machine.ts';
import { PepperWorld } from './pepper-world.ts';
import { seededRandomBytes } from './random-bytes.ts';

// As CloudFormation names it.
const NAME = 'KeysStorePepper44170FEA-1a2B3c4D5e6F';

const STEP_USE_CASES: Readonly<
  Record<Step, (deps: PepperTurnDeps, call: SecretCall) => Promise<SecretStep>>
> = { createSecret: stagePepper, setSecret: setPepper, testSecret: testPepper, finishSecret: finishPepper };

/** Told of each value that becomes the current one. */
class WatchedSecrets extends MemorySecrets {
  readonly became: { readonly before: PepperSet; readonly after: PepperSet; readonly id: string }[] = [];

  override move(secretId: string, stage: string, from: string | undefined, to: string | undefined): void {
    const current = () =>
      parsePeppers(this.find(secretId).versions.find(({ stages }) => stages.has(CURRENT))?.text ?? '');
    const before = stage === CURRENT && current();
    super.move(secretId, stage, from, to);
    if (before && to !== undefined) this.became.push({ before, after: current(), id: to });
  }
}

export class PepperRotationBench extends PepperWorld {
  readonly secrets: WatchedSecrets;
  /** Of the machine's steps. */
  readonly writing: MemorySecretsClient;
  /** Of the rotation function. */
  readonly rotating: MemorySecretsClient;
  readonly turnDeps: PepperTurnDeps;
  override readonly pepperDeps: PepperDeps;
  /** By their names; each does a step when it is told to. */
  readonly runs = new Map<string, PepperExecution>();
  /** What executions were started with. */
  readonly inputs: unknown[] = [];
  whileWaiting: () => Promise<void> = () => Promise.resolve();

  constructor() {
    super();
    this.secrets = new WatchedSecrets(this.clock.read);
    this.writing = new MemorySecretsClient(this.secrets);
    this.rotating = new MemorySecretsClient(this.secrets, { isRotationFunction: true });
    const secret = this.secrets.create(NAME);
    secret.rotation = { enabled: true, functionArn: 'rotate-secrets', rules: {} };
    this.secrets.put(NAME, 'first', JSON.stringify({ current: '1', '1': FIRST_PEPPER }), undefined, false);
    const common = { record: this.pepperRecord, clock: this.clock.read };
    this.pepperDeps = {
      ...common,
      secret: new SecretsManagerPepperSecret(this.writing.client, NAME),
      keys: this.walk,
      randomBytes: seededRandomBytes('machine'),
    };
    this.turnDeps = {
      ...common,
      secrets: new KeySecretVersions(this.rotating.client),
      peppers: new SecretsManagerPepperSecret(this.rotating.client, NAME),
      machine: { start: (name, request) => this.start(name, request) },
      randomBytes: seededRandomBytes('function'),
      sleep: async (milliseconds) => {
        this.clock.nowMs += milliseconds;
        await this.whileWaiting();
      },
    };
    this.clock.advanceSeconds(60);
  }

  override environment(): CachedPeppers {
    return new CachedPeppers(async () => this.#current?.text ?? '', this.clock.read);
  }

  start = async (name: string, request: unknown): Promise<string> => {
    if (!this.runs.has(name)) {
      const order = parsePepperOrder(request);
      if (!order.ok) throw new Error(order.message);
      this.inputs.push(request);
      this.runs.set(name, new PepperExecution(this, order.value, name));
    }
    return name;
  };

  /** Every execution to its end; waits pass. */
  async drain(): Promise<void> {
    for (const execution of this.runs.values()) await execution.toEnd();
  }

  get #secret() {
    return this.secrets.find(NAME);
  }

  get #current() {
    return this.#secret.versions.find(({ stages }) => stages.has(CURRENT));
  }

  get secretName(): string {
    return NAME;
  }

  get currentId(): string | undefined {
    return this.#current?.id;
  }

  get set(): PepperSet {
    return parsePeppers(this.#current?.text ?? '');
  }

  get names(): readonly string[] {
    return [...this.set.secrets.keys()];
  }

  textOf(id: string): string | undefined {
    return this.#secret.versions.find((version) => version.id === id)?.text;
  }

  /** Ids by the label of AWS that they carry. */
  get labels(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#secret.versions.flatMap(({ id, stages }) =>
        [...stages].filter((stage) => stage.startsWith('AWS')).map((stage) => [stage, id]),
      ),
    );
  }

  /** As a person does in a console. */
  overwrite(set: Readonly<Record<string, string>>): void {
    this.secrets.put(NAME, `by-hand-${this.secrets.texts}`, JSON.stringify(set), undefined, false);
  }

  turnOff(): void {
    this.#secret.rotation = { enabled: false, functionArn: undefined, rules: {} };
  }

  begin(token: string): void {
    this.secrets.beginRotation(NAME, token);
  }

  step(step: Step, token: string): Promise<SecretStep> {
    return STEP_USE_CASES[step](this.turnDeps, { secretId: this.#secret.arn, token });
  }

  rotate(token: string, onStep?: (step: Step) => void | Promise<void>): Promise<DriveOutcome> {
    return driveRotation(this.#driven(), { token, ...(onStep ? { onStep } : {}) });
  }

  test(token: string): Promise<DriveOutcome> {
    return driveTest(this.#driven(), { token });
  }

  #driven(): DrivenSecret {
    return drivenInMemory(this.secrets, NAME, (step, token) => this.step(step, token));
  }
}
