/** Gives a new key to whoever has its link, once. */
import type { Environment } from '../../../rules/words.ts';
import type { Visitor } from '../domain/audit-event.ts';
import { deliveryOf, type KeyRecord, type KeyVersion, versionWith } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { type ClaimDeps, takeKey } from './claim-key.ts';
import { type RefuseDeps, type RefusedLink, refuseLink } from './refuse-link.ts';
import { isLinkOf, versionOfLink } from './version-of-link.ts';

export type LinkDeps = ClaimDeps & RefuseDeps;

export interface LinkRequest extends Visitor {
  readonly keyId: string;
  readonly token: string;
}

/** What the owner is told of the key beside it. */
export interface ClaimedKey {
  readonly keyId: string;
  readonly name: string;
  readonly environment: Environment;
  readonly version: number;
  /** The version that is accepted beside it, and until when that is announced. */
  readonly previous?: { readonly version: number; readonly expiresAtMs: number };
}

export interface TakenLink {
  readonly outcome: 'taken';
  readonly version: number;
  readonly takenAtMs: number;
  /** When somebody reported that it was not them. */
  readonly disputedAtMs?: number;
}

/** Of a link that is right and gives nothing, or nothing now: said to whoever has it alone. */
export type SpentLink =
  | TakenLink
  | { readonly outcome: 'expired'; readonly version: number; readonly expiredAtMs: number }
  /** `withdrawn`: another version has taken the place of this one, or the key is revoked. */
  | { readonly outcome: 'disabled' | 'withdrawn'; readonly version: number };

export type LinkOutcome =
  | { readonly outcome: 'claimed'; readonly key: Plaintext; readonly about: ClaimedKey }
  | SpentLink
  | RefusedLink;

/** Nothing is read or written after the key was taken: what fails then would lose it. */
export async function takeByLink(deps: LinkDeps, request: LinkRequest): Promise<LinkOutcome> {
  const { keyId, token, actor, origin } = request;
  const record = await deps.store.find(keyId);
  const version = versionOfLink(record, token);
  if (!record || !version) return refuseLink(deps, record, request);
  const taken = await takeKey(deps, keyId, {
    by: 'link',
    actor,
    ...(origin ? { origin } : {}),
    // Asked of the key as it stands then: the link may have been replaced meanwhile, or the key disabled.
    mayTake: (current, candidate) =>
      current.status === 'enabled' &&
      deliveryOf(current, candidate) === 'claim-link' &&
      isLinkOf(candidate, token) &&
      isOpen(candidate, deps.clock()),
  });
  if (taken.outcome === 'claimed') {
    return { outcome: 'claimed', key: taken.key, about: about(record, taken.version) };
  }
  const latest = await deps.store.find(keyId);
  const spent = versionOfLink(latest, token);
  return latest && spent ? standing(latest, spent, deps.clock()) : refuseLink(deps, latest, request);
}

const isOpen = ({ offer }: KeyVersion, nowMs: number): boolean => (offer?.link?.expiresAtMs ?? 0) > nowMs;

function about(record: KeyRecord, version: number): ClaimedKey {
  const { keyId, name, environment } = record;
  const old = versionWith(record, 'deprecating');
  return {
    keyId,
    name,
    environment,
    version,
    ...(old?.expiresAtMs === undefined
      ? {}
      : { previous: { version: old.version, expiresAtMs: old.expiresAtMs } }),
  };
}

/** Why a link that is right gave nothing. */
function standing({ status }: KeyRecord, version: KeyVersion, nowMs: number): SpentLink {
  const number = { version: version.version };
  const taken = takenOf(version);
  if (taken) return taken;
  if (status === 'revoked' || version.status !== 'active') return { outcome: 'withdrawn', ...number };
  if (!isOpen(version, nowMs)) {
    return { outcome: 'expired', ...number, expiredAtMs: version.offer?.link?.expiresAtMs ?? 0 };
  }
  return { outcome: status === 'disabled' ? 'disabled' : 'withdrawn', ...number };
}

export function takenOf(version: KeyVersion): TakenLink | undefined {
  const { receivedAtMs, claimDisputedAtMs } = version;
  if (receivedAtMs === undefined) return undefined;
  return {
    outcome: 'taken',
    version: version.version,
    takenAtMs: receivedAtMs,
    ...(claimDisputedAtMs === undefined ? {} : { disputedAtMs: claimDisputedAtMs }),
  };
}
