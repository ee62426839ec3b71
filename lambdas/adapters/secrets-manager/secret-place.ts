/** A secret for each key whose client reads it from Secrets Manager. Its text is written here, and never read. */
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Misconfigured, PlaceUnready } from '../../core/domain/errors.ts';
import type { Destination } from '../../core/domain/key-record.ts';
import { nextMove, type StageGoal } from '../../core/domain/secret-stages.ts';
import { formatSecretValue } from '../../core/domain/secret-value.ts';
import { holds, labelledVersion, labelOf, secretVersionId } from '../../core/domain/secret-versions.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { KeyPlace, PlacedVersion } from '../../core/ports/key-place.ts';
import { settleStages } from '../../core/use-cases/settle-stages.ts';
import { awaitOwnRotation } from './await-own-rotation.ts';
import { KeySecretVersions, type SecretDescription } from './key-secret-versions.ts';
import { isAccessDenied, SecretHome, type SecretHomeSettings } from './secret-home.ts';

export interface SecretPlaceSettings extends SecretHomeSettings {
  /** Where keys are used, told to clients beside the key; nothing is told of none. */
  readonly endpoint?: string;
}

export interface SecretPlaceDeps {
  readonly client: SecretsManagerClient;
  readonly kms: KMSClient;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export class SecretPlace implements KeyPlace {
  readonly #deps: Pick<SecretPlaceDeps, 'clock' | 'sleep'> & { readonly secrets: KeySecretVersions };
  readonly #home: SecretHome;
  readonly #endpoint: string | undefined;

  constructor({ client, kms, clock, sleep }: SecretPlaceDeps, settings: SecretPlaceSettings) {
    this.#deps = { secrets: new KeySecretVersions(client), clock, sleep };
    this.#home = new SecretHome(client, kms, settings);
    this.#endpoint = settings.endpoint || undefined;
  }

  /** None where there is no secret yet: it comes with the first version. */
  async trouble(destination: Destination): Promise<string | undefined> {
    const { name } = secretOf(destination);
    try {
      const found = await this.#deps.secrets.describe(name);
      return found && (await this.#home.trouble(name, found));
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      return `Access to the secret ${name} is denied: see its resource policy and the role of Keyturn's function.`;
    }
  }

  async put(destination: Destination, placed: PlacedVersion): Promise<void> {
    const { secrets } = this.#deps;
    const { name, readers = [] } = secretOf(destination);
    const { keyId, version, previousVersion } = placed;
    const goal: StageGoal = {
      keyId,
      version,
      ...(previousVersion === undefined ? {} : { previous: previousVersion }),
    };
    await this.#home.ensure(name, keyId, readers, await secrets.describe(name));
    await awaitOwnRotation(this.#deps, name, placed);
    if (nextMove(await this.#versionsOf(name), goal) === 'missing') await this.#write(name, placed);
    await settleStages(this.#deps, name, goal);
    await this.#home.ensureSchedule(name, await this.#found(name), placed.rotateEverySeconds);
  }

  /** A version that is not listed any more keeps its text and has lost its label: writing it again gives it none back. */
  async #write(name: string, { keyId, version, key, previousExpiresAtMs }: PlacedVersion): Promise<void> {
    const id = secretVersionId(keyId, version);
    const text = formatSecretValue({ key, keyId, version, endpoint: this.#endpoint, previousExpiresAtMs });
    const label = labelOf(version, id);
    await this.#deps.secrets.put(name, { id, text, stages: [label] });
    const isLabelled = (await this.#versionsOf(name)).some((found) => holds(found, version));
    if (!isLabelled) await this.#deps.secrets.move(name, { stage: label, to: id });
  }

  /** Where that version was never written, the later one loses its label at least: the next delivery replaces it. */
  async restore(destination: Destination, keyId: string, version: number): Promise<void> {
    const { secrets } = this.#deps;
    const { name } = secretOf(destination);
    const found = await secrets.describe(name);
    if (!found) return;
    if (found.versions.some((each) => holds(each, version))) {
      return settleStages(this.#deps, name, { keyId, version, back: true });
    }
    for (const each of found.versions) {
      const later = labelledVersion(each) ?? 0;
      if (later > version) await secrets.move(name, { stage: labelOf(later, each.id), from: each.id });
    }
    throw new PlaceUnready(
      `The secret ${name} has never held version ${version} of key ${keyId}: deliver it with 'keyturn deliver ${keyId} --again'.`,
    );
  }

  async remove(destination: Destination): Promise<void> {
    await this.#home.remove(secretOf(destination).name);
  }

  async addressOf(destination: Destination): Promise<string | undefined> {
    return (await this.#deps.secrets.describe(secretOf(destination).name))?.arn;
  }

  async #found(name: string): Promise<SecretDescription> {
    const found = await this.#deps.secrets.describe(name);
    if (!found) throw new PlaceUnready(`The secret ${name} was deleted while it was written.`);
    return found;
  }

  async #versionsOf(name: string): Promise<SecretDescription['versions']> {
    return (await this.#found(name)).versions;
  }
}

function secretOf(destination: Destination): Extract<Destination, { kind: 'secret' }> {
  if (destination.kind === 'secret') return destination;
  throw new Misconfigured(`A destination of kind '${destination.kind}' is no secret.`);
}
