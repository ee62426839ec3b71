/** A client of secrets in memory, as the AWS SDK has it: counted, seen late, and broken off when told. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { CURRENT, PREVIOUS } from '../../lambdas/core/domain/secret-versions.ts';
import type { MemorySecret, MemorySecrets, MemoryVersion } from './memory-secrets.ts';
import { Crash } from './memory-table.ts';

type Input = Readonly<Record<string, unknown>>;

const WRITES = new Set([
  'CreateSecret',
  'PutSecretValue',
  'UpdateSecretVersionStage',
  'PutResourcePolicy',
  'RotateSecret',
  'CancelRotateSecret',
  'DeleteSecret',
]);

export class MemorySecretsClient {
  /** Names of the calls that change something, in order. */
  readonly writes: string[] = [];
  readonly calls: { readonly name: string; readonly input: Input }[] = [];
  /** Awaited by each call before it acts: where others may come between. */
  turn: () => Promise<void> = async () => undefined;
  /** The write of this number, from 0 on, throws before or after it is made. */
  crashAt: { readonly write: number; readonly when: 'before' | 'after' } | undefined;
  /** How many more descriptions show what was there before the last write. */
  staleViews = 0;
  /** How many more reads of the current value show the one before it. */
  staleValues = 0;
  readonly #secrets: MemorySecrets;
  readonly #isRotationFunction: boolean;
  #before = new Map<string, object>();

  constructor(secrets: MemorySecrets, { isRotationFunction = false } = {}) {
    this.#secrets = secrets;
    this.#isRotationFunction = isRotationFunction;
  }

  get client(): SecretsManagerClient {
    return this as unknown as SecretsManagerClient;
  }

  async send(command: { readonly input: object }): Promise<object> {
    const name = command.constructor.name.replace(/Command$/, '');
    const input = command.input as Input;
    await this.turn();
    return this.call(name, input);
  }

  /** At once, without waiting for a turn. */
  call(name: string, input: Input): object {
    this.calls.push({ name, input });
    if (!WRITES.has(name)) return this.#read(name, input);
    const crash = this.crashAt?.write === this.writes.length ? this.crashAt.when : undefined;
    if (crash === 'before') throw this.#crash('before');
    this.#remember();
    const answer = this.#write(name, input);
    this.writes.push(name);
    if (crash === 'after') throw this.#crash('after');
    return answer;
  }

  #crash(when: string): Crash {
    this.crashAt = undefined;
    return new Crash(`The connection broke ${when} the write.`);
  }

  #remember(): void {
    this.#before = new Map([...this.#secrets.secrets].map(([name, secret]) => [name, describe(secret)]));
  }

  #read(name: string, { SecretId, VersionId }: Input): object {
    const secret = this.#secrets.find(String(SecretId));
    switch (name) {
      case 'DescribeSecret':
        if (this.staleViews > 0) {
          this.staleViews -= 1;
          return this.#before.get(secret.name) ?? describe(secret);
        }
        return describe(secret);
      case 'GetSecretValue': {
        const isStale = VersionId === undefined && this.staleValues > 0;
        if (isStale) this.staleValues -= 1;
        const isAsked = ({ id, stages }: MemoryVersion) =>
          VersionId === undefined ? stages.has(isStale ? PREVIOUS : CURRENT) : id === VersionId;
        const version =
          secret.versions.find(isAsked) ??
          secret.versions.find(({ stages }) => isStale && stages.has(CURRENT));
        if (version?.text !== undefined)
          return { SecretString: version.text, VersionId: version.id, VersionStages: [...version.stages] };
        throw new ResourceNotFoundException({ message: 'There is no such value.', $metadata: {} });
      }
      case 'ListSecretVersionIds':
        return {
          Versions: secret.versions.map(({ id, createdAtMs }) => ({
            VersionId: id,
            CreatedDate: new Date(Math.floor(createdAtMs / 1000) * 1000),
          })),
        };
      case 'GetResourcePolicy':
        return secret.policy === undefined ? {} : { ResourcePolicy: secret.policy };
      default:
        throw new Error(`${name} is not known here.`);
    }
  }

  #write(name: string, input: Input): object {
    const text = (field: string) => input[field] as string;
    const secretId = text('SecretId');
    switch (name) {
      case 'CreateSecret':
        this.#secrets.create(text('Name'), text('KmsKeyId'));
        return {};
      case 'PutSecretValue':
        this.#secrets.put(
          secretId,
          text('ClientRequestToken'),
          text('SecretString'),
          input['VersionStages'] as string[] | undefined,
          this.#isRotationFunction,
        );
        return { VersionId: text('ClientRequestToken') };
      case 'UpdateSecretVersionStage':
        this.#secrets.move(
          secretId,
          text('VersionStage'),
          text('RemoveFromVersionId'),
          text('MoveToVersionId'),
        );
        return {};
      case 'PutResourcePolicy':
        this.#secrets.usable(secretId).policy = text('ResourcePolicy');
        return {};
      case 'DeleteSecret':
        this.#secrets.delete(secretId, input['RecoveryWindowInDays'] as number);
        return {};
      case 'RotateSecret':
        this.#secrets.usable(secretId).rotation = {
          enabled: true,
          functionArn: text('RotationLambdaARN'),
          rules: input['RotationRules'] as Input,
        };
        return {};
      default:
        this.#secrets.usable(secretId).rotation = { enabled: false, functionArn: undefined, rules: {} };
        return {};
    }
  }
}

const describe = (secret: MemorySecret): object => ({
  ARN: secret.arn,
  Name: secret.name,
  KmsKeyId: secret.kmsKeyId,
  ...(secret.deletedAtMs === undefined ? {} : { DeletedDate: new Date(secret.deletedAtMs) }),
  RotationEnabled: secret.rotation?.enabled ?? false,
  ...(secret.rotation?.functionArn ? { RotationLambdaARN: secret.rotation.functionArn } : {}),
  RotationRules: secret.rotation?.rules ?? {},
  VersionIdsToStages: Object.fromEntries(
    secret.versions.filter(({ stages }) => stages.size > 0).map(({ id, stages }) => [id, [...stages]]),
  ),
});
