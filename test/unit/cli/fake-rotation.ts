/** A rotation machine in memory: what it has done to a key by a given time. */
import { randomBytes } from 'node:crypto';
import { newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import type { KeyView, VersionView } from '../../../lambdas/functions/admin/contract.ts';
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { migrationView } from './samples.ts';

const ACCEPT_MS = 1_000;
const GRACE_MS = 20_000;
const EXTENSION_MS = 10_000;
const THRESHOLD = 0.95;

interface Version {
  readonly version: number;
  readonly secret: string;
  status: VersionView['status'];
  requests: number;
  retiredAtMs: number;
}

export interface FakeKey {
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly versions: Version[];
  status: KeyView['status'];
  rotation: RotationView | undefined;
  judgedFrom: { old: number; new: number };
  claimed: boolean;
}

/** What the rotation machine has done by now. */
export function advance(key: FakeKey, nowMs: number): FakeKey {
  const { rotation } = key;
  if (!rotation) return key;
  if (rotation.status === 'starting') accept(key, rotation, nowMs);
  while (key.rotation?.status === 'dual-key' && nowMs >= Date.parse(key.rotation.gracePeriodEndsAt ?? '')) {
    judge(key, key.rotation);
  }
  if (key.rotation?.status === 'dual-key') key.rotation = { ...key.rotation, migration: migrationOf(key) };
  return key;
}

function accept(key: FakeKey, rotation: RotationView, nowMs: number): void {
  const atMs = Date.parse(rotation.startedAt) + ACCEPT_MS;
  if (nowMs < atMs) return;
  const immediate = rotation.reason === 'immediate';
  const old = key.versions[key.versions.length - 1] as Version;
  old.status = immediate ? 'retired' : 'deprecating';
  old.retiredAtMs = atMs;
  const fresh = addVersion(key, 'active');
  key.claimed = false;
  key.judgedFrom = { old: old.requests, new: 0 };
  key.rotation = {
    ...rotation,
    toVersion: fresh.version,
    status: immediate ? 'completed' : 'dual-key',
    gracePeriodEndsAt: iso(atMs + GRACE_MS),
    ...(immediate && { endedAt: iso(atMs), refusedAfterMs: ACCEPT_MS }),
  };
}

function judge(key: FakeKey, rotation: RotationView): void {
  const migration = migrationOf(key);
  const atMs = Date.parse(rotation.gracePeriodEndsAt ?? '');
  const [old, fresh] = key.versions as [Version, Version];
  if ((migration.newShare ?? 0) >= THRESHOLD) {
    old.status = 'retired';
    old.retiredAtMs = atMs;
    const endedAt = iso(atMs);
    key.rotation = { ...rotation, status: 'completed', evidence: 'migrated', endedAt, migration };
    return;
  }
  key.judgedFrom = { old: old.requests, new: fresh.requests };
  key.rotation = {
    ...rotation,
    evidence: 'stragglers',
    extensions: rotation.extensions + 1,
    gracePeriodEndsAt: iso(atMs + EXTENSION_MS),
  };
}

function migrationOf(key: FakeKey) {
  const [old, fresh] = key.versions as [Version, Version];
  const oldRequests = old.requests - key.judgedFrom.old;
  const newRequests = fresh.requests - key.judgedFrom.new;
  const all = oldRequests + newRequests;
  const newShare = all === 0 ? null : newRequests / all;
  return migrationView({ oldRequests, newRequests, newShare, threshold: THRESHOLD });
}

export function addVersion(key: FakeKey, status: Version['status']): Version {
  const secret = newKeyText({ prefix: 'mk', environment: 'live', keyId: key.keyId }, randomBytes);
  const version = { version: key.versions.length + 1, secret, status, requests: 0, retiredAtMs: 0 };
  key.versions.push(version);
  return version;
}

const iso = (atMs: number): string => new Date(atMs).toISOString();
