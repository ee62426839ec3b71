/** The pepper secret as it is rotated: read with its version, and written on that version alone. */
import { randomUUID } from 'node:crypto';
import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
  type UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager';
import {
  formatPeppers,
  type PepperSet,
  parsePeppers,
  type StoredPeppers,
} from '../../core/domain/peppers.ts';
import { CURRENT, PENDING } from '../../core/domain/secret-versions.ts';
import type { PepperSecret } from '../../core/ports/pepper-rotation.ts';
import { unreadable } from './secret-peppers.ts';

/** Carried by a value that was written and is not the current one yet; nobody reads by it. */
const NEXT = 'KEYTURN_NEXT';

export class SecretsManagerPepperSecret implements PepperSecret {
  readonly #client: SecretsManagerClient;
  readonly #secretId: string;
  /** The version on which AWSPENDING was found beside AWSCURRENT. */
  #leftPending: string | undefined;

  constructor(client: SecretsManagerClient, secretId: string) {
    this.#client = client;
    this.#secretId = secretId;
  }

  async read(): Promise<StoredPeppers> {
    const { SecretString, VersionId, VersionStages } = await this.#value();
    this.#leftPending = VersionStages?.includes(PENDING) ? VersionId : undefined;
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
    const move = { VersionStage: CURRENT, MoveToVersionId: VersionId, RemoveFromVersionId: revision };
    if (!(await this.#move(move))) return undefined;
    // A rotation by Secrets Manager is over with its version in use. Left on one that is not, the label blocks the next.
    if (this.#leftPending === revision)
      await this.#move({ VersionStage: PENDING, RemoveFromVersionId: revision });
    return VersionId;
  }

  /** @returns whether the label was where it was to be taken from */
  async #move(move: Omit<UpdateSecretVersionStageCommandInput, 'SecretId'>): Promise<boolean> {
    try {
      await this.#client.send(new UpdateSecretVersionStageCommand({ SecretId: this.#secretId, ...move }));
      return true;
    } catch (error) {
      if (error instanceof InvalidParameterException) return false;
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
