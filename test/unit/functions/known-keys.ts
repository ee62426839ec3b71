/** The keys that the authorizer's tests present: one of every kind. */
import { newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import type { KeyRecord, KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import { type IssuedKey, issuedKey } from '../../support/issued-key.ts';
import { seededRandomBytes } from '../../support/random-bytes.ts';

export const EXPIRES_AT_MS = Date.parse('2099-01-01T00:00:00Z');

/** Issues a key, and changes its record and its one version. */
async function key(
  seed: string,
  changes: Partial<KeyRecord> = {},
  version: Partial<KeyVersion> = {},
): Promise<Omit<IssuedKey, 'event'>> {
  const { record, text } = await issuedKey({}, seed);
  const versions = record.versions.map((each) => ({ ...each, ...version }));
  return { text, record: { ...record, versions, ...changes } };
}

export const active = await key('active');
export const deprecating = await key(
  'deprecating',
  {},
  { status: 'deprecating', expiresAtMs: EXPIRES_AT_MS },
);
export const limited = await key('limited', { scopes: ['tools:search', 'orders:read'] });
/** Allowed from elsewhere than the events come from. */
export const elsewhere = await key('elsewhere', { allowedAddresses: ['198.51.100.0/24'] });
export const home = await key('home', { allowedAddresses: ['203.0.113.0/24'] });
export const ofTest = await issuedKey({ environment: 'test' }, 'test');

export const REFUSED = {
  retired: await key('retired', {}, { status: 'retired' }),
  pending: await key('pending', {}, { status: 'pending' }),
  expired: await key('expired', {}, { status: 'deprecating', refuseAfterMs: Date.now() - 1 }),
  disabled: await key('disabled', { status: 'disabled' }),
  revoked: await key('revoked', { status: 'revoked' }),
};

/** A key of this system that is not in the table. */
export const unknown = await issuedKey({}, 'unknown');
/** Whole in its form, by the id of a key that is there. */
export const wrongSecret = newKeyText(
  { prefix: 'mk', environment: 'live', keyId: active.record.keyId },
  seededRandomBytes('wrong'),
);

export const KNOWN: readonly KeyRecord[] = [
  ...[active, deprecating, limited, elsewhere, home, ofTest, ...Object.values(REFUSED)].map(
    ({ record }) => record,
  ),
];

export const bearer = (text: string) => ({ Authorization: `Bearer ${text}` });

/** Whether an answer in the form of a policy lets the request pass. */
export const isAllowed = (answer: unknown): boolean =>
  (answer as { policyDocument: { Statement: [{ Effect: string }] } }).policyDocument.Statement[0].Effect ===
  'Allow';
