/** Records, versions and rotations as a test needs them: complete, and changed where the test says. */
import { type AuditEvent, CHAIN_START, chainEvent, keyChain } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord, KeyVersion, Rotation } from '../../lambdas/core/domain/key-record.ts';
import type { KeyMailNotice } from '../../lambdas/core/domain/notice.ts';
import type { SealedKey } from '../../lambdas/core/ports/key-sealer.ts';
import type { KeyChange } from '../../lambdas/core/ports/key-store.ts';
import { START_MS } from './manual-clock.ts';

const ACTOR = { principal: 'a test', via: 'vitest' };

export const TERMS: Rotation['terms'] = {
  rotateEverySeconds: 90 * 86_400,
  migrationThreshold: 0.95,
  extensionSeconds: 86_400,
  maxExtensions: 7,
  afterMaxExtensions: 'hold',
};

export const sampleVersion = (version: number, changes: Partial<KeyVersion> = {}): KeyVersion => ({
  version,
  status: 'active',
  hash: `hash-of-${version}`,
  pepperVersion: '1',
  createdAtMs: START_MS,
  ...changes,
});

export const sampleRotation = (changes: Partial<Rotation> = {}): Rotation => ({
  rotationId: 'r-1',
  purpose: 'manual',
  status: 'starting',
  fromVersion: 1,
  initiatedBy: 'ops',
  executionArn: 'arn:aws:states:::execution:rotation:r-1',
  startedAtMs: START_MS,
  graceSeconds: 72 * 3600,
  immediate: false,
  notifyClients: true,
  alertSecurity: true,
  terms: TERMS,
  extensions: 0,
  windowBase: { sinceMs: 0, oldRequests: 0, newRequests: 0 },
  ...changes,
});

export const sampleSealed = (
  keyId: string,
  version: number,
  changes: Partial<SealedKey> = {},
): SealedKey => ({
  keyId,
  version,
  environment: 'live',
  ciphertext: 'Y2lwaGVydGV4dA==',
  wrappedDataKey: 'ZGF0YSBrZXk=',
  expiresAtMs: START_MS + 86_400_000,
  ...changes,
});

/** A new key and the event that says so. */
export function sampleKey(
  keyId: string,
  changes: Partial<KeyRecord> = {},
): { readonly record: KeyRecord; readonly event: AuditEvent } {
  const event = chainEvent(keyChain({ keyId, owner: changes.owner ?? 'team@example.com' }), CHAIN_START, {
    action: 'key.issued',
    actor: ACTOR,
    atMs: START_MS,
    detail: { owner: 'team@example.com', scopes: ['tools:*'] },
  });
  const record: KeyRecord = {
    keyId,
    owner: 'team@example.com',
    name: 'A client',
    environment: 'live',
    scopes: ['tools:*'],
    policy: 'standard',
    delivery: 'operator',
    allowedAddresses: [],
    status: 'enabled',
    createdAtMs: START_MS,
    dueAtMs: START_MS + 90 * 86_400_000,
    versions: [sampleVersion(1)],
    audit: { sequence: event.sequence, hash: event.hash },
    revision: 1,
    firstUsesMs: {},
    firstRefusalsMs: {},
    ...changes,
  };
  return { record, event };
}

/** A change of a key as the use cases make it: one revision on, chained to the event before. */
export function sampleChange(
  before: KeyRecord,
  changes: Partial<KeyRecord>,
  seal?: NonNullable<KeyChange['seal']>,
): KeyChange {
  const event = chainEvent(keyChain(before), before.audit, {
    action: 'version.generated',
    actor: ACTOR,
    atMs: START_MS + before.revision,
    rotationId: 'r-1',
    detail: { version: 2, immediate: false },
  });
  const after: KeyRecord = {
    ...before,
    ...changes,
    revision: before.revision + 1,
    audit: { sequence: event.sequence, hash: event.hash },
  };
  return { before, after, event, ...(seal ? { seal } : {}) };
}

/** A mail to one recipient of a key. */
export const sampleNotice = (keyId: string, changes: Partial<KeyMailNotice> = {}): KeyMailNotice => {
  const { kind = 'rotation-started', recipient = 'team@example.com', rotationId = 'r-1' } = changes;
  return {
    noticeId: `${rotationId}#${kind}#${recipient}`,
    partition: `KEY#${keyId}`,
    madeAtMs: START_MS,
    keyId,
    owner: 'team@example.com',
    rotationId,
    channel: 'mail',
    kind,
    recipient,
    facts: { keyName: 'A client', environment: 'live', delivery: 'operator', atMs: START_MS, version: 2 },
    ...changes,
  };
};
