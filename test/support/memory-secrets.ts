/** Secrets with the labels that Secrets Manager moves and the calls that it refuses, as its documentation says. */
import {
  InvalidParameterException,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-secrets-manager';
import { CURRENT, PENDING, PREVIOUS } from '../../lambdas/core/domain/secret-versions.ts';
import type { Clock } from '../../lambdas/core/ports/ambient.ts';
import { DAY_MS } from '../../rules/time-units.ts';

export interface MemoryVersion {
  readonly id: string;
  text: string | undefined;
  stages: Set<string>;
  readonly createdAtMs: number;
}

export interface MemorySecret {
  readonly arn: string;
  readonly name: string;
  readonly kmsKeyId: string | undefined;
  versions: MemoryVersion[];
  policy?: string;
  deletedAtMs?: number;
  rotation?: { enabled: boolean; functionArn: string | undefined; rules: Readonly<Record<string, unknown>> };
  /** The token of the rotation by Secrets Manager that is under way: no other may put a text under it. */
  rotating?: string;
}

const about = (message: string) => ({ message, $metadata: {} });

export class MemorySecrets {
  readonly secrets = new Map<string, MemorySecret>();
  /** Texts that were put: a call that repeats one puts none. */
  texts = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** By name or ARN. */
  find(secretId: string): MemorySecret {
    const found = [...this.secrets.values()].find(({ arn, name }) => name === secretId || arn === secretId);
    if (!found)
      throw new ResourceNotFoundException(about("Secrets Manager can't find the specified secret."));
    return found;
  }

  create(name: string, kmsKeyId?: string): MemorySecret {
    const there = this.secrets.get(name);
    if (there?.deletedAtMs !== undefined) {
      throw new InvalidRequestException(about(`A secret named ${name} is already scheduled for deletion.`));
    }
    if (there) throw new ResourceExistsException(about(`The secret ${name} already exists.`));
    const secret: MemorySecret = {
      arn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`,
      name,
      kmsKeyId,
      versions: [],
    };
    this.secrets.set(name, secret);
    return secret;
  }

  /** Of a secret that may be written. */
  usable(secretId: string): MemorySecret {
    const secret = this.find(secretId);
    if (secret.deletedAtMs === undefined) return secret;
    throw new InvalidRequestException(about('The secret was marked for deletion.'));
  }

  put(
    secretId: string,
    id: string,
    text: string | undefined,
    stages: readonly string[] | undefined,
    byRotation: boolean,
  ): void {
    const secret = this.usable(secretId);
    const there = secret.versions.find((version) => version.id === id);
    if (there && there.text === text) return;
    if (there?.text !== undefined) {
      throw new ResourceExistsException(about('That token is already in use for a version of the secret.'));
    }
    if (secret.rotating === id && !byRotation) {
      throw new InvalidRequestException(
        about('Only the rotation function may put the version that it rotates.'),
      );
    }
    const version = there ?? { id, text: undefined, stages: new Set<string>(), createdAtMs: this.#clock() };
    if (!there) secret.versions.push(version);
    version.text = text;
    if (text !== undefined) this.texts += 1;
    const first = !secret.versions.some(({ stages: labels }) => labels.has(CURRENT));
    for (const stage of new Set([...(stages ?? [CURRENT]), ...(first ? [CURRENT] : [])])) {
      this.#attach(secret, stage, version);
    }
    this.#forget(secret);
  }

  /** A label that another version has must be named as taken from there. */
  move(secretId: string, stage: string, from: string | undefined, to: string | undefined): void {
    const secret = this.usable(secretId);
    const holder = secret.versions.find(({ stages }) => stages.has(stage));
    const target = secret.versions.find(({ id }) => id === to);
    if (to !== undefined && !target) throw new ResourceNotFoundException(about('There is no such version.'));
    if (holder && holder.id !== to && holder.id !== from) {
      throw new InvalidParameterException(about(`${stage} is attached to ${holder.id}.`));
    }
    if (from !== undefined && holder?.id !== from) {
      throw new InvalidParameterException(about(`${stage} is not attached to ${from}.`));
    }
    if (target) this.#attach(secret, stage, target);
    else holder?.stages.delete(stage);
    this.#forget(secret);
  }

  /** As Secrets Manager begins a rotation: a version without a text, under the token. */
  beginRotation(secretId: string, token: string): void {
    const secret = this.usable(secretId);
    const pending = secret.versions.find(({ stages }) => stages.has(PENDING));
    if (pending && pending.id !== token && !pending.stages.has(CURRENT)) {
      throw new InvalidRequestException(
        about("A previous rotation isn't complete. That rotation will be reattempted."),
      );
    }
    secret.rotating = token;
    if (secret.versions.some(({ id }) => id === token)) return;
    const version = { id: token, text: undefined, stages: new Set<string>(), createdAtMs: this.#clock() };
    secret.versions.push(version);
    this.#attach(secret, PENDING, version);
  }

  delete(secretId: string, days: number): void {
    this.usable(secretId).deletedAtMs = this.#clock() + days * DAY_MS;
  }

  #attach(secret: MemorySecret, stage: string, version: MemoryVersion): void {
    const holder = secret.versions.find(({ stages }) => stages.has(stage));
    if (holder === version) return;
    holder?.stages.delete(stage);
    version.stages.add(stage);
    if (stage === CURRENT && holder) this.#attach(secret, PREVIOUS, holder);
  }

  /** What has no label may be gone: here it is gone at once. */
  #forget(secret: MemorySecret): void {
    secret.versions = secret.versions.filter(({ stages }) => stages.size > 0);
  }
}
