/** Versions of keys' secrets and their labels, in Secrets Manager. */
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  InvalidParameterException,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { PlaceUnready } from '../../core/domain/errors.ts';
import { Plaintext } from '../../core/domain/plaintext.ts';
import type { StageMove } from '../../core/domain/secret-stages.ts';
import type { NewSecretVersion, SecretState, SecretVersions } from '../../core/ports/secret-versions.ts';

/** What is known of a secret beside its text. */
export interface SecretDescription extends SecretState {
  readonly arn: string;
  /** Absent: under the key that AWS manages. */
  readonly kmsKeyId?: string;
  readonly rotationLambdaArn?: string;
  readonly rotationRules: NonNullable<DescribeSecretCommandOutput['RotationRules']>;
}

export class KeySecretVersions implements SecretVersions {
  readonly #client: SecretsManagerClient;

  constructor(client: SecretsManagerClient) {
    this.#client = client;
  }

  async describe(secretId: string): Promise<SecretDescription | undefined> {
    const found = await ifThere(() => this.#client.send(new DescribeSecretCommand({ SecretId: secretId })));
    return found && descriptionFrom(found);
  }

  /** A version that Secrets Manager has made for its rotation has no text yet, and is not found then. */
  async read(secretId: string, versionId: string): Promise<Plaintext | undefined> {
    try {
      const command = new GetSecretValueCommand({ SecretId: secretId, VersionId: versionId });
      const found = await ifThere(() => this.#client.send(command));
      return found?.SecretString === undefined ? undefined : new Plaintext(found.SecretString);
    } catch (error) {
      // By its name alone: an error of the SDK may quote the answer that it could not read.
      const name = error instanceof Error ? error.name : 'unknown';
      throw new PlaceUnready(`The secret ${secretId} cannot be read: ${name}.`);
    }
  }

  async madeAtMs(secretId: string, versionId: string): Promise<number | undefined> {
    let NextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListSecretVersionIdsCommand({ SecretId: secretId, ...(NextToken ? { NextToken } : {}) }),
      );
      const found = page.Versions?.find(({ VersionId }) => VersionId === versionId);
      if (found) return found.CreatedDate?.getTime();
      NextToken = page.NextToken;
    } while (NextToken);
    return undefined;
  }

  async put(secretId: string, { id, text, stages }: NewSecretVersion): Promise<void> {
    try {
      await this.#client.send(
        new PutSecretValueCommand({
          SecretId: secretId,
          ClientRequestToken: id,
          SecretString: text.reveal(),
          VersionStages: [...stages],
        }),
      );
    } catch (error) {
      // Another text under the same id: the same key, with an announced end that has been moved since.
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  }

  async move(secretId: string, { stage, from, to }: StageMove): Promise<'moved' | 'stale'> {
    try {
      await this.#client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: stage,
          ...(from === undefined ? {} : { RemoveFromVersionId: from }),
          ...(to === undefined ? {} : { MoveToVersionId: to }),
        }),
      );
      return 'moved';
    } catch (error) {
      if (error instanceof InvalidParameterException || error instanceof ResourceNotFoundException)
        return 'stale';
      throw error;
    }
  }
}

function descriptionFrom(found: DescribeSecretCommandOutput): SecretDescription {
  return {
    arn: found.ARN as string,
    name: found.Name as string,
    rotationEnabled: found.RotationEnabled === true,
    rotationRules: found.RotationRules ?? {},
    versions: Object.entries(found.VersionIdsToStages ?? {}).map(([id, stages]) => ({ id, stages })),
    ...(found.DeletedDate ? { deletedAtMs: found.DeletedDate.getTime() } : {}),
    ...(found.KmsKeyId ? { kmsKeyId: found.KmsKeyId } : {}),
    ...(found.RotationLambdaARN ? { rotationLambdaArn: found.RotationLambdaARN } : {}),
  };
}

async function ifThere<Found>(call: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
