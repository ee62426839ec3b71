/** Policy against fact: how old a key's version in use is, and how old its policy lets it become. */
import type { KeyStatus } from '../../../../rules/words.ts';
import { OVERDUE_MS } from '../overdue.ts';
import type { ReportKey } from './report-key.ts';

export const STANDINGS = [
  'within',
  'due',
  'overdue',
  'exempt',
  'rotating',
  'unknown-policy',
  'refused',
] as const;
/**
 * `within` its policy, or past it and why: `due` (the daily sweep has had no chance yet), `overdue`, `exempt`, `rotating`.
 * `refused`: disabled or revoked, so that its age matters to nobody.
 */
export type Standing = (typeof STANDINGS)[number];

/** How often a policy wants a new version; by name, as deployed. */
export type RotateEvery = ReadonlyMap<string, number>;

export interface KeyRow {
  readonly keyId: string;
  readonly owner: string;
  readonly name: string;
  readonly environment: string;
  readonly status: KeyStatus;
  readonly policy: string;
  /** null: the policy is not deployed any more. */
  readonly rotateEverySeconds: number | null;
  readonly createdAt: string;
  readonly activeVersion: number | null;
  /** Since when the version in use is accepted. */
  readonly activeSince: string | null;
  readonly ageSeconds: number | null;
  /** When the last rotation brought the version in use; null while that is the one the key was issued with. */
  readonly rotatedAt: string | null;
  readonly dueAt: string;
  readonly exemptUntil: string | null;
  readonly exemptReason: string | null;
  readonly standing: Standing;
  readonly why: string | null;
}

export interface PolicyRow {
  readonly policy: string;
  readonly rotateEverySeconds: number | null;
  /** Enabled keys. */
  readonly keys: number;
  readonly standings: Readonly<Record<Standing, number>>;
  /** Of enabled keys, in seconds. */
  readonly oldestSeconds: number | null;
}

export function keyRowOf(key: ReportKey, policies: RotateEvery, nowMs: number): KeyRow {
  const active = key.versions.find(({ status }) => status === 'active');
  const since = active ? (active.activeSince ?? key.createdAt) : null;
  const ageSeconds = since === null ? null : Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  const exemption = key.exemption && Date.parse(key.exemption.until) > nowMs ? key.exemption : null;
  const rotateEverySeconds = policies.get(key.policy) ?? null;
  return {
    keyId: key.keyId,
    owner: key.owner,
    name: key.name,
    environment: key.environment,
    status: key.status,
    policy: key.policy,
    rotateEverySeconds,
    createdAt: key.createdAt,
    activeVersion: active?.version ?? null,
    activeSince: since,
    ageSeconds,
    rotatedAt: active && active.version > 1 ? since : null,
    dueAt: key.dueAt,
    exemptUntil: exemption?.until ?? null,
    exemptReason: exemption?.reason ?? null,
    ...standingOf(key, { ageSeconds, exemption, rotateEverySeconds }, nowMs),
  };
}

interface Facts extends Pick<KeyRow, 'ageSeconds' | 'rotateEverySeconds'> {
  readonly exemption: ReportKey['exemption'];
}

function standingOf(
  key: ReportKey,
  { ageSeconds, exemption, rotateEverySeconds }: Facts,
  nowMs: number,
): Pick<KeyRow, 'standing' | 'why'> {
  if (key.status !== 'enabled') return { standing: 'refused', why: `The key is ${key.status}.` };
  if (rotateEverySeconds === null) {
    return { standing: 'unknown-policy', why: `Policy '${key.policy}' is not deployed.` };
  }
  if (ageSeconds !== null && ageSeconds <= rotateEverySeconds) return { standing: 'within', why: null };
  if (key.rotation) {
    const { purpose, startedAt } = key.rotation;
    return { standing: 'rotating', why: `A ${purpose} rotation has run since ${startedAt}.` };
  }
  if (exemption) return { standing: 'exempt', why: exemption.reason };
  const dueForMs = nowMs - Date.parse(key.dueAt);
  if (dueForMs <= OVERDUE_MS) return { standing: 'due', why: `Due at ${key.dueAt}; swept once a day.` };
  return { standing: 'overdue', why: `Due since ${key.dueAt}, and no rotation runs.` };
}

export function policyRowsOf(rows: readonly KeyRow[]): readonly PolicyRow[] {
  const byPolicy = new Map<string, KeyRow[]>();
  for (const row of rows) {
    if (row.status !== 'enabled') continue;
    const ofIt = byPolicy.get(row.policy) ?? [];
    ofIt.push(row);
    byPolicy.set(row.policy, ofIt);
  }
  return [...byPolicy]
    .map(([policy, ofIt]) => ({
      policy,
      rotateEverySeconds: ofIt[0]?.rotateEverySeconds ?? null,
      keys: ofIt.length,
      standings: countStandings(ofIt),
      oldestSeconds: ofIt.reduce<number | null>(
        (oldest, { ageSeconds }) => (ageSeconds === null ? oldest : Math.max(oldest ?? 0, ageSeconds)),
        null,
      ),
    }))
    .sort((one, other) => (one.policy < other.policy ? -1 : 1));
}

function countStandings(rows: readonly KeyRow[]): PolicyRow['standings'] {
  const counts = Object.fromEntries(STANDINGS.map((standing) => [standing, 0])) as Record<Standing, number>;
  for (const { standing } of rows) counts[standing] += 1;
  return counts;
}
