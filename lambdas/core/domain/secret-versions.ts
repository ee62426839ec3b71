/** The versions of a key's secret: which of them holds which version of the key, and under which labels. */
import { createHash } from 'node:crypto';

/** What clients read. */
export const CURRENT = 'AWSCURRENT';
/** What was the current one before. */
export const PREVIOUS = 'AWSPREVIOUS';
/** What a rotation by Secrets Manager itself is about to make the current one. */
export const PENDING = 'AWSPENDING';

export interface SecretVersion {
  readonly id: string;
  readonly stages: readonly string[];
}

const LABEL = /^keyturn-(\d+)\.[0-9A-Fa-f]{8}$/;

/**
 * Says which version of the key lies there, so that nobody has to read the secret to know it. A label is on one version
 * at a time: of two that hold the same, each has its own.
 */
export const labelOf = (version: number, id: string): string => `keyturn-${version}.${id.slice(0, 8)}`;

/** The version of the key that one is labelled with; undefined of one that is empty, or that somebody else has put. */
export function labelledVersion({ stages }: SecretVersion): number | undefined {
  const numbers = stages.flatMap((stage) => LABEL.exec(stage)?.[1] ?? []).map(Number);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

/**
 * The id under which a version of a key is written where Secrets Manager has given none: always the same, so that a
 * write that is repeated makes no second version.
 */
export function secretVersionId(keyId: string, version: number): string {
  const hex = createHash('sha256').update(`keyturn/${keyId}/${version}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export const holds = (found: SecretVersion, version: number): boolean => labelledVersion(found) === version;

export const staged = (versions: readonly SecretVersion[], stage: string): SecretVersion | undefined =>
  versions.find(({ stages }) => stages.includes(stage));
