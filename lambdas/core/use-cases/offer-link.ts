/** Offers a version by a claim link: mailed to its owner, or handed to the operator who asks where no mail is sent. */
import { createHash } from 'node:crypto';
import type { Policy } from '../../../rules/policy.ts';
import { type KeyRecord, type Offer, versionWith } from '../domain/key-record.ts';
import { offeredAtMs } from '../domain/offer-again.ts';
import { Plaintext } from '../domain/plaintext.ts';
import type { ClaimLink, PreviousVersion } from '../ports/key-place.ts';
import { noteFailure } from './note-failure.ts';
import { note, noteOffer } from './note-offer.ts';
import type { OfferDeps, Offering, OfferOutcome, Waiting } from './offer-deps.ts';

const TOKEN_BYTES = 32;
export const NO_SENDER =
  'No address to send from is configured: give ApiKeyLifecycle notifications.from, deploy, and deliver it again.';

/** From the moment that a link is made until its mail is. */
export const LINK_NOT_OUT = 'The link is not out yet.';

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** The link's hash is on record before the link is out, and that it is out only after it: a crash makes another link. */
export async function offerLink(deps: OfferDeps, waiting: Waiting, how: Offering): Promise<OfferOutcome> {
  const { record, version, sealed } = waiting;
  const { sender, pageUrl } = deps.links;
  const by = { ...how, by: 'claim-link' as const, version: version.version };
  if (!sender && !how.takesLink) return noteFailure(deps, record.keyId, by, NO_SENDER);
  const token = Buffer.from(deps.randomBytes(TOKEN_BYTES)).toString('base64url');
  const nowMs = deps.clock();
  const expiresAtMs = Math.min(nowMs + lifetimeSeconds(deps, record) * 1000, sealed.expiresAtMs);
  const link = { tokenHash: tokenHash(token), expiresAtMs };
  const offer: Offer = { by: 'claim-link', atMs: offeredAtMs(record, nowMs), link };
  const made = await noteOffer(deps, waiting, { ...offer, failure: LINK_NOT_OUT }, how);
  if (made.outcome !== 'offered') return made;
  const url = new Plaintext(`${pageUrl}/${record.keyId}/${token}`);
  const why = await sender?.send({ ...mailOf(waiting), ...link, url });
  if (why !== undefined) return noteFailure(deps, record.keyId, { ...by, tokenHash: link.tokenHash }, why);
  const noted = await note(deps, record.keyId, version.version, how, ({ offer: now, ...current }) =>
    // Another link may have been made meanwhile, or the mail may have come back: what is on record is that.
    now?.link?.tokenHash === link.tokenHash && now.failure === LINK_NOT_OUT
      ? { version: { ...current, offer } }
      : undefined,
  );
  const cameBack = noted.outcome === 'offered' ? noted.version.offer?.failure : undefined;
  if (noted.outcome === 'offered' && cameBack !== undefined) {
    return { outcome: 'undelivered', version: noted.version, why: cameBack };
  }
  return noted.outcome === 'offered' && !sender ? { ...noted, link: url } : noted;
}

const lifetimeSeconds = ({ policies }: OfferDeps, { policy }: KeyRecord): number =>
  // A policy that is not deployed any more still has keys; the standard one always is.
  (policies.get(policy) ?? (policies.get('standard') as Policy)).claimLinkSeconds;

function mailOf({ record, version }: Waiting): Omit<ClaimLink, 'url' | 'tokenHash' | 'expiresAtMs'> {
  const previous = previousOf(record, version.version);
  return {
    to: record.owner,
    keyId: record.keyId,
    keyName: record.name,
    environment: record.environment,
    version: version.version,
    again: version.offer?.link !== undefined,
    ...(previous ? { previous } : {}),
  };
}

function previousOf(record: KeyRecord, version: number): PreviousVersion | undefined {
  const old = versionWith(record, 'deprecating');
  if (old?.refuseAfterMs !== undefined) return { state: 'refused-at', atMs: old.refuseAfterMs };
  if (old?.expiresAtMs !== undefined) return { state: 'ends', atMs: old.expiresAtMs };
  return version > 1 ? { state: 'refused' } : undefined;
}
