/** The pepper secret as it is rotated: read with its version, and written on that version alone. */
import { randomUUID } from 'node:crypto';
import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { formatPeppers, type PepperSet, parsePeppers } from '../../core/domain/peppers.ts';
import type { PepperSecret, StoredPeppers } from '../../core/ports/pepper-rotation.ts';
import { unreadable } from './secret-peppers.ts';

/** Carried by a value that was written and is not the current one yet; nobody reads by it. */
const NEXT = 'KEYTURN_NEXT';

export class SecretsManagerPepperSecret implements PepperSecret {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;

  constructor(client: SecretsManagerClient, secretId: string) {
    this.#client = client;
    this.#secretId = secretId;
  }

  async read(): Promise<StoredPeppers> {
    const { SecretString, VersionId } = await this.#value();
    return { set: parsePeppers(SecretString ?? ''), revision: String(VersionId) };
  }

  /**
   * A write that would simply become the current value could undo another that came between read and write. So the
   * new value is put aside first. Then the label AWSCURRENT is moved to it, from the very version that was read: Secrets
   * Manager refuses to move it from there when it is not there any more.
   */
  async replace(revision: string, set: PepperSet): Promise<string | undefined> {
    const { VersionId } = await this.#client.send(
      new PutSecretValueCommand({
        SecretId: this.#secretId,
        SecretString: formatPeppers(set),
        VersionStages: [NEXT],
        // The SDK's own retries must not make two values of one.
        ClientRequestToken: randomUUID(),
      }),
    );
    try {
      await this.#client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: this.#secretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: VersionId,
          RemoveFromVersionId: revision,
        }),
      );
      return VersionId;
    } catch (error) {
      if (error instanceof InvalidParameterException) return undefined;
      throw error;
    }
  }

  async #value() {
    try {
      return await this.#client.send(new GetSecretValueCommand({ SecretId: this.#secretId }));
    } catch (error) {
      throw unreadable(error);
    }
  }
}
