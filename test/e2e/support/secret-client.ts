/** A client that reads its key from Secrets Manager now and then, and calls the API at a steady rate all the while. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { deployedSecret } from '../../../local/secrets-driver/deployed-secret.ts';
import { awsConfig } from './deployment.ts';
import { bearer, postCall } from './mcp.ts';

export const secretsManager = new SecretsManagerClient(awsConfig);

/** As a client reads it. */
export interface ReadSecret {
  readonly key: string;
  readonly keyId: string;
  readonly version: number;
  readonly endpoint: string;
  readonly previousVersionExpiresAt?: string;
}

export async function readSecret(secretId: string, VersionStage = 'AWSCURRENT'): Promise<ReadSecret> {
  const { SecretString } = await secretsManager.send(
    new GetSecretValueCommand({ SecretId: secretId, VersionStage }),
  );
  return JSON.parse(String(SecretString)) as ReadSecret;
}

/** The labels of AWS by the version of the key that they are on. */
export async function labelsOf(secretId: string): Promise<Readonly<Record<string, string>>> {
  const { VersionIdsToStages } = await secretsManager.send(new DescribeSecretCommand({ SecretId: secretId }));
  return Object.fromEntries(
    Object.entries(VersionIdsToStages ?? {}).flatMap(([id, stages]) =>
      stages.filter((stage) => stage.startsWith('AWS')).map((stage) => [stage, id]),
    ),
  );
}

export const driven = (secretId: string) =>
  deployedSecret({ secrets: secretsManager, lambda: new LambdaClient(awsConfig) }, secretId);

interface Called {
  readonly atMs: number;
  readonly version: number;
  readonly status: number;
}

export class SecretClient {
  readonly calls: Called[] = [];
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  #read: ReadSecret | undefined;

  private constructor(secretId: string, url: string, pollMs: number, callMs: number) {
    const read = async () => {
      this.#read = await readSecret(secretId);
    };
    const call = async () => {
      const secret = this.#read;
      if (!secret) return;
      const { status } = await postCall(url, bearer(secret.key));
      this.calls.push({ atMs: Date.now(), version: secret.version, status });
    };
    this.#running = Promise.all([this.#every(pollMs, read), this.#every(callMs, call)]);
  }

  static start(secretId: string, url: string, { pollMs = 500, callMs = 200 } = {}): SecretClient {
    return new SecretClient(secretId, url, pollMs, callMs);
  }

  get refused(): readonly Called[] {
    return this.calls.filter(({ status }) => status !== 200);
  }

  /** Versions that it has called with, in order. */
  get versions(): readonly number[] {
    return [...new Set(this.calls.map(({ version }) => version))];
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #every(milliseconds: number, act: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await act();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
  }
}
