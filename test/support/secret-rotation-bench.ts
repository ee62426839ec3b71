/** A key whose client reads it from a secret, with the rotation machine, the rotation function and Secrets Manager in memory. */
import type { KMSClient } from '@aws-sdk/client-kms';
import { KeySecretVersions } from '../../lambdas/adapters/secrets-manager/key-secret-versions.ts';
import { SecretPlace } from '../../lambdas/adapters/secrets-manager/secret-place.ts';
import { activeVersion } from '../../lambdas/core/domain/key-record.ts';
import { CURRENT } from '../../lambdas/core/domain/secret-versions.ts';
import { setSecretVersion, testSecretVersion } from '../../lambdas/core/use-cases/check-secret-version.ts';
import { createSecretVersion } from '../../lambdas/core/use-cases/create-secret-version.ts';
import type { SecretCall } from '../../lambdas/core/use-cases/find-secret-turn.ts';
import { finishSecretVersion } from '../../lambdas/core/use-cases/finish-secret-version.ts';
import { offerVersion } from '../../lambdas/core/use-cases/offer-version.ts';
import type { SecretRotationDeps, SecretStep } from '../../lambdas/core/use-cases/secret-rotation-deps.ts';
import {
  type DrivenSecret,
  type DriveOutcome,
  driveRotation,
  driveTest,
  type Step,
} from '../../local/secrets-driver/drive-rotation.ts';
import { drivenInMemory } from './driven-in-memory.ts';
import { MemoryMachine } from './memory-machine.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { MemorySecretsClient } from './memory-secrets-client.ts';
import { MemoryWorld, OPERATOR, type WorldOptions } from './memory-world.ts';
import { PLACE_SETTINGS } from './secret-place-bench.ts';

export const TOKENS = [1, 2, 3].map((digit) => `${digit}1111111-2222-3333-4444-555555555555`) as [
  string,
  string,
  string,
];

const STEP_USE_CASES: Readonly<
  Record<Step, (deps: SecretRotationDeps, call: SecretCall) => Promise<SecretStep>>
> = {
  createSecret: createSecretVersion,
  setSecret: setSecretVersion,
  testSecret: testSecretVersion,
  finishSecret: finishSecretVersion,
};

export class SecretRotationBench {
  readonly world: MemoryWorld;
  readonly secrets: MemorySecrets;
  /** Of the machine's steps and of operators. */
  readonly placing: MemorySecretsClient;
  /** Of the rotation function. */
  readonly rotating: MemorySecretsClient;
  readonly machine: MemoryMachine;
  readonly deps: SecretRotationDeps;
  keyId = '';
  /** What happens while somebody waits; by default the machine goes on, up to the delivery. */
  whileWaiting: () => Promise<void> = () => this.machine.stepAll('deliver');

  private constructor(options: WorldOptions) {
    const sleep = async (milliseconds: number) => {
      this.world.clock.nowMs += milliseconds;
      await this.whileWaiting();
    };
    let secrets: MemorySecrets | undefined;
    let placing: MemorySecretsClient | undefined;
    this.world = new MemoryWorld({
      ...options,
      places: (clock) => {
        secrets = new MemorySecrets(clock);
        placing = new MemorySecretsClient(secrets);
        const kms = { send: async () => ({ KeyMetadata: { KeyState: 'Enabled' } }) } as unknown as KMSClient;
        return {
          'secrets-manager': new SecretPlace({ client: placing.client, kms, clock, sleep }, PLACE_SETTINGS),
        };
      },
    });
    this.secrets = secrets as unknown as MemorySecrets;
    this.placing = placing as unknown as MemorySecretsClient;
    this.rotating = new MemorySecretsClient(this.secrets, { isRotationFunction: true });
    this.machine = new MemoryMachine(this.world);
    const { store, sealer, verifier, clock } = this.world.deps;
    this.deps = {
      secrets: new KeySecretVersions(this.rotating.client),
      store,
      sealer,
      verifier,
      machine: this.machine,
      executions: this.machine,
      clock,
      sleep,
      endpoint: 'https://api.example.com/mcp',
    };
  }

  /** With a key that was issued, and placed in its secret. */
  static async make(options: WorldOptions & { readonly policy?: string } = {}): Promise<SecretRotationBench> {
    const bench = new SecretRotationBench(options);
    const { keyId } = await bench.world.issue({
      delivery: 'secrets-manager',
      policy: options.policy ?? 'standard',
    });
    bench.keyId = keyId;
    await offerVersion(bench.world.deps, keyId, { actor: OPERATOR });
    bench.world.clock.advanceSeconds(60);
    return bench;
  }

  get name(): string {
    return `keyturn/${this.keyId}`;
  }

  get #secret() {
    return this.secrets.find(this.name);
  }

  /** One call of Secrets Manager to the rotation function. */
  step(step: Step, token: string): Promise<SecretStep> {
    return STEP_USE_CASES[step](this.deps, { secretId: this.#secret.arn, token });
  }

  /** As Secrets Manager begins a rotation. */
  begin(token: string): void {
    this.secrets.beginRotation(this.name, token);
  }

  rotate(token: string, onStep?: (step: Step) => void | Promise<void>): Promise<DriveOutcome> {
    return driveRotation(this.#driven(), { token, ...(onStep ? { onStep } : {}) });
  }

  test(token: string): Promise<DriveOutcome> {
    return driveTest(this.#driven(), { token });
  }

  #driven(): DrivenSecret {
    return drivenInMemory(this.secrets, this.name, (step, token) => this.step(step, token));
  }

  /** Which version of the key each label of AWS names, such as `AWSCURRENT:2 AWSPREVIOUS:1`. */
  get stages(): string {
    return this.#secret.versions
      .flatMap(({ stages, text }) => {
        const version = text === undefined ? 'empty' : JSON.parse(text).version;
        return [...stages].filter((stage) => stage.startsWith('AWS')).map((stage) => `${stage}:${version}`);
      })
      .sort()
      .join(' ');
  }

  /** The id of what clients read now. */
  get currentId(): string | undefined {
    return this.#secret.versions.find(({ stages }) => stages.has(CURRENT))?.id;
  }

  /** What the key's client reads now. */
  get currentKey(): string {
    const text = this.#secret.versions.find(({ stages }) => stages.has(CURRENT))?.text;
    return text === undefined ? '' : JSON.parse(text).key;
  }

  /** A rotation by an operator or the sweep, up to its delivery. */
  async rotateBy(rotationId: string, request: object = {}): Promise<void> {
    await this.machine.start(rotationId, { keyId: this.keyId, purpose: 'manual', ...request });
    await this.machine.drain();
  }

  /** Whether the client gets in with what it reads. */
  async clientGetsIn(): Promise<boolean> {
    return (await this.world.authorizer().authorize(this.currentKey)).outcome === 'allowed';
  }

  get activeVersion(): number | undefined {
    return activeVersion(this.world.record(this.keyId))?.version;
  }

  /** How many new versions were made of the key. */
  get generated(): number {
    return this.world.actions(this.keyId).filter((action) => action === 'version.generated').length;
  }
}
