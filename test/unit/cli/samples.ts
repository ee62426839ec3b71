/** Answers of the admin function, as tests need them. */
import { adminRefusal } from '../../../cli/admin-client.ts';
import type {
  AdminError,
  DeliveryView,
  IssuedKey,
  KeySummary,
  KeyView,
} from '../../../lambdas/functions/admin/contract.ts';
import type {
  MigrationView,
  RotationStarted,
  RotationView,
} from '../../../lambdas/functions/admin/rotation-contract.ts';

export const KEY_ID = 'Ab3dEf6hIj9k';
/** Of a key's shape, and of no deployment. */
export const KEY = `mk_live_${KEY_ID}_${'s'.repeat(43)}aaaaaa`;
export const NEW_KEY = `mk_live_${KEY_ID}_${'n'.repeat(43)}bbbbbb`;

export const ISSUED: IssuedKey = {
  keyId: KEY_ID,
  version: 1,
  owner: 'team@example.com',
  name: 'Billing agent',
  environment: 'live',
  scopes: ['tools:*'],
  policy: 'standard',
  delivery: 'operator',
  createdAt: '2026-11-23T14:00:00.000Z',
  key: KEY,
};

export const SUMMARY: KeySummary = {
  keyId: KEY_ID,
  status: 'enabled',
  owner: 'team@example.com',
  name: 'Billing agent',
  environment: 'live',
  scopes: ['tools:*'],
  policy: 'standard',
  delivery: 'operator',
  createdAt: '2026-11-20T14:00:00.000Z',
  dueAt: '2026-12-23T14:00:00.000Z',
  exemptUntil: null,
  activeVersion: 1,
  rotating: false,
};

/** As it was issued to an operator. */
export const DELIVERED: DeliveryView = {
  by: null,
  offeredAt: null,
  linkExpiresAt: null,
  failure: null,
  receivedAt: '2026-11-23T14:00:00.000Z',
  receivedBy: 'issue',
  disputedAt: null,
};

export const rotationView = (changes: Partial<RotationView> = {}): RotationView => ({
  rotationId: 'rot-1',
  purpose: 'manual',
  status: 'dual-key',
  fromVersion: 1,
  toVersion: 2,
  startedAt: '2026-11-23T14:00:00.000Z',
  gracePeriodEndsAt: '2026-11-23T15:00:00.000Z',
  extensions: 0,
  remindedAt: null,
  nextReminderAt: null,
  evidence: null,
  undelivered: null,
  held: false,
  executionArn: 'arn:aws:states:eu-central-1:111122223333:execution:rotation:rot-1',
  reason: null,
  initiatedBy: 'arn:aws:sts::111122223333:assumed-role/operator/kim',
  endedAt: null,
  stuckSince: null,
  failure: null,
  migration: null,
  stragglers: [],
  minutes: [],
  refusedAfterMs: null,
  firstRefusalAfterMs: null,
  ...changes,
});

export const migrationView = (changes: Partial<MigrationView> = {}): MigrationView => ({
  oldRequests: 63,
  newRequests: 37,
  newShare: 0.37,
  threshold: 0.95,
  oldLastUsedAt: '2026-11-23T13:59:48.000Z',
  newLastUsedAt: '2026-11-23T13:59:59.000Z',
  refusedRequests: 0,
  refusedShare: 0,
  ...changes,
});

export const keyView = (changes: Partial<KeyView> = {}): KeyView => ({
  keyId: KEY_ID,
  status: 'enabled',
  owner: 'team@example.com',
  name: 'Billing agent',
  environment: 'live',
  scopes: ['tools:*'],
  policy: 'standard',
  delivery: 'operator',
  createdAt: '2026-11-20T14:00:00.000Z',
  dueAt: '2026-12-23T14:00:00.000Z',
  exemptUntil: null,
  recipients: [],
  allowedAddresses: [],
  purpose: null,
  place: null,
  versions: [
    {
      version: 1,
      status: 'active',
      createdAt: '2026-11-20T14:00:00.000Z',
      expiresAt: null,
      lastUsedAt: '2026-11-23T13:58:00.000Z',
      requests: 42,
      delivery: DELIVERED,
    },
  ],
  rotation: null,
  claimable: false,
  waitsUntil: null,
  lost: false,
  mail: [],
  notices: { last: null, sent: 0, waiting: 0, parked: 0, bounced: 0 },
  ...changes,
});

export const STARTED: RotationStarted = {
  rotationId: 'rot-1',
  executionArn: 'arn:aws:states:eu-central-1:111122223333:execution:rotation:rot-1',
  revocationBoundMs: 5_500,
};

/** What the real client makes of a refusal. */
export const refusal = (code: AdminError['code'], more: Partial<AdminError> = {}) =>
  adminRefusal({ code, message: `Refused: ${code}.`, hint: 'Mend it.', ...more });
