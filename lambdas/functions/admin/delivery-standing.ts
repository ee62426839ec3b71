/** How the way of a version to its owner stands, as operators see it. */
import { KeyturnError } from '../../core/domain/errors.ts';
import { isoOrNull } from '../../core/domain/iso-time.ts';
import { activeVersion, type KeyRecord, wasReceived } from '../../core/domain/key-record.ts';
import { type ClaimDeps, findClaimable, findWaiting } from '../../core/use-cases/claim-key.ts';
import type { KeyView } from './contract.ts';

/** Keyturn's own errors are sentences for people; of any other only the name is told. */
export function failureOf(error: unknown): string {
  const { name, message } = error as Error;
  return error instanceof KeyturnError ? message : `${name}.`;
}

export async function standingOf(
  deps: Pick<ClaimDeps, 'store' | 'clock'>,
  record: KeyRecord,
): Promise<Pick<KeyView, 'claimable' | 'waitsUntil' | 'lost'>> {
  const active = activeVersion(record);
  const [claimable, waiting] = await Promise.all([findClaimable(deps, record), findWaiting(deps, record)]);
  const isReceived = active === undefined || wasReceived(record, active);
  return {
    claimable: claimable !== undefined,
    waitsUntil: isoOrNull(isReceived ? undefined : waiting?.expiresAtMs),
    lost: record.status !== 'revoked' && !isReceived && waiting === undefined,
  };
}
