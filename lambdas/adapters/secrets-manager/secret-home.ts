/** What surrounds the versions of a key's secret: that it is there, who may read it, when it rotates, when it goes. */
import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  InvalidRequestException,
  MalformedPolicyDocumentException,
  PutResourcePolicyCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RotateSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PlaceUnready } from '../../core/domain/errors.ts';
import type { SecretDescription } from './key-secret-versions.ts';
import { lacksPolicy, readerPolicy } from './reader-policy.ts';
import { rotationRules, sameRules } from './rotation-rules.ts';

export interface SecretHomeSettings {
  readonly kmsKeyId: string;
  readonly rotationFunctionArn: string;
  readonly rotationRoleArn: string;
  /** Whether Secrets Manager rotates by a schedule of its own. */
  readonly schedule: boolean;
  readonly recoveryDays: number;
}

export class SecretHome {
  readonly #client: SecretsManagerClient;
  readonly #kms: KMSClient;
  readonly #settings: SecretHomeSettings;

  constructor(client: SecretsManagerClient, kms: KMSClient, settings: SecretHomeSettings) {
    this.#client = client;
    this.#kms = kms;
    this.#settings = settings;
  }

  /** Empty at first: its text comes when the policy is there that says who may read it. */
  async ensure(
    name: string,
    keyId: string,
    readers: readonly string[],
    found: SecretDescription | undefined,
  ): Promise<void> {
    if (found?.deletedAtMs !== undefined) throw new PlaceUnready(deleted(name, found.deletedAtMs));
    if (!found) await this.#create(name, keyId);
    if (readers.length > 0) await this.#ensurePolicy(name, readers);
  }

  async #create(name: string, keyId: string): Promise<void> {
    try {
      await this.#client.send(
        new CreateSecretCommand({
          Name: name,
          Description: `Keyturn: API key ${keyId}`,
          KmsKeyId: this.#settings.kmsKeyId,
          Tags: [{ Key: 'keyturn:keyId', Value: keyId }],
        }),
      );
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  }

  async #ensurePolicy(name: string, readers: readonly string[]): Promise<void> {
    const { rotationRoleArn } = this.#settings;
    const { ResourcePolicy } = await this.#client.send(new GetResourcePolicyCommand({ SecretId: name }));
    if (!lacksPolicy(ResourcePolicy, rotationRoleArn)) return;
    try {
      await this.#client.send(
        new PutResourcePolicyCommand({
          SecretId: name,
          ResourcePolicy: readerPolicy(readers, rotationRoleArn),
          BlockPublicPolicy: true,
        }),
      );
    } catch (error) {
      // Readers are checked by their form when they are stated; that they are there, nobody but IAM knows.
      if (!(error instanceof MalformedPolicyDocumentException)) throw error;
      throw new PlaceUnready(
        `Secrets Manager does not take the policy of the secret ${name}: one of its readers does not exist. Make it, and deliver again: ${readers.join(', ')}.`,
      );
    }
  }

  /** Without a rotation at once: Secrets Manager runs `testSecret` and then waits for the schedule. */
  async ensureSchedule(
    name: string,
    found: SecretDescription,
    rotateEverySeconds: number | undefined,
  ): Promise<void> {
    if (rotateEverySeconds === undefined) return;
    const { rotationFunctionArn, schedule } = this.#settings;
    const rules = schedule ? rotationRules(rotateEverySeconds) : undefined;
    if (!rules) {
      if (found.rotationEnabled) await this.#client.send(new CancelRotateSecretCommand({ SecretId: name }));
      return;
    }
    const isSet = found.rotationEnabled && found.rotationLambdaArn === rotationFunctionArn;
    if (isSet && sameRules(rules, found.rotationRules)) return;
    try {
      await this.#client.send(
        new RotateSecretCommand({
          SecretId: name,
          RotationLambdaARN: rotationFunctionArn,
          RotationRules: rules,
          RotateImmediately: false,
        }),
      );
    } catch (error) {
      // A rotation by Secrets Manager is under way, which keeps the schedule as it is: the next delivery sets it.
      if (!(error instanceof InvalidRequestException)) throw error;
    }
  }

  /** @returns why nothing could be written there now */
  async trouble(name: string, found: SecretDescription): Promise<string | undefined> {
    if (found.deletedAtMs !== undefined) return deleted(name, found.deletedAtMs);
    const keyId = found.kmsKeyId ?? this.#settings.kmsKeyId;
    try {
      const { KeyMetadata } = await this.#kms.send(new DescribeKeyCommand({ KeyId: keyId }));
      if (KeyMetadata?.KeyState === 'Enabled') return undefined;
      return `The KMS key ${keyId} of the secret ${name} is ${KeyMetadata?.KeyState}: enable it, or cancel its deletion.`;
    } catch (error) {
      if (isAccessDenied(error)) {
        return `The secret ${name} is encrypted under the KMS key ${keyId}, which Keyturn may not use: encrypt it under ${this.#settings.kmsKeyId} again.`;
      }
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await this.#client.send(
        new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: this.#settings.recoveryDays }),
      );
    } catch (error) {
      // It is gone, or on its way.
      if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException) return;
      throw error;
    }
  }
}

export const isAccessDenied = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AccessDeniedException';

const deleted = (name: string, atMs: number): string =>
  `The secret ${name} is scheduled for deletion on ${new Date(atMs).toISOString()}: restore it with 'aws secretsmanager restore-secret'.`;
