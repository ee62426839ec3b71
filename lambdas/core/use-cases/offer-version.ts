/** Brings the accepted version to where its owner gets it, by the key's delivery or another one. */
import type { Policy } from '../../../rules/policy.ts';
import type { Delivery } from '../../../rules/words.ts';
import type { Actor } from '../domain/audit-event.ts';
import {
  activeVersion,
  type Destination,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  type Offer,
  versionWith,
  wasLinkDisputed,
  wasReceived,
} from '../domain/key-record.ts';
import { isToOfferAgain, offeredAtMs } from '../domain/offer-again.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeyPlace, LinkSender, PlacedVersion } from '../ports/key-place.ts';
import type { KeySealer } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { findWaiting } from './claim-key.ts';
import { note, noteOffer, type Waiting } from './note-offer.ts';
import { offerLink } from './offer-link.ts';

export interface OfferDeps {
  readonly store: KeyStore;
  readonly sealer: KeySealer;
  readonly places: Readonly<Record<'secrets-manager' | 'vault', KeyPlace>>;
  readonly links: LinkPaths;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** How claim links are made and sent. */
export interface LinkPaths {
  /** Absent: no address to send from is configured. */
  readonly sender?: LinkSender;
  /** Where the page stands, without the key's id and the token. */
  readonly pageUrl: string;
}

export interface Offering {
  /** Default: the key's delivery; in a rotation the way it was offered last, since an operator may have chosen another. */
  readonly by?: Delivery;
  /** Although it was offered before. Default: in a rotation, whenever there is occasion. */
  readonly again?: boolean;
  /** Somebody asks who can be given a link where no mail is sent: an operator, never the machine. */
  readonly takesLink?: boolean;
  readonly actor: Actor;
  readonly rotationId?: string;
}

export type OfferOutcome =
  | { readonly outcome: 'offered'; readonly version: KeyVersion; readonly link?: Plaintext }
  /** It could not go out, and that is on record with the reason. */
  | { readonly outcome: 'undelivered'; readonly version: KeyVersion; readonly why: string }
  /** Its owner has it already, or it was offered before and is not to be offered again. */
  | { readonly outcome: 'received' | 'offered-before'; readonly version: KeyVersion }
  /** No seal waits any more: it has expired, or the key has no accepted version. */
  | { readonly outcome: 'unknown-key' | 'revoked' | 'nothing-waits' | 'no-destination' };

/** Throws what the place or the sender throws: it is not on record as out then, and can be repeated. */
export async function offerVersion(deps: OfferDeps, keyId: string, asked: Offering): Promise<OfferOutcome> {
  const record = await deps.store.find(keyId);
  if (!record) return { outcome: 'unknown-key' };
  if (record.status === 'revoked') return { outcome: 'revoked' };
  const version = activeVersion(record);
  if (!version) return { outcome: 'nothing-waits' };
  if (version.receivedAtMs !== undefined) return { outcome: 'received', version };
  const again = isAgain(record, asked);
  if (version.offer && version.offer.failure === undefined && !again) {
    return { outcome: 'offered-before', version };
  }
  const how = { ...asked, again };
  const by = how.by ?? (how.rotationId === undefined ? record.delivery : wayOf(record, version));
  const isWithOperator = by === 'operator' && deliveryOf(record, version) === 'operator';
  // It lies where `claim` finds it: to say so once more for each rotation would be a write for nothing.
  if (isWithOperator && !how.again) return { outcome: 'offered-before', version };
  // A place gets it all the same: its client may have read what a crash has kept off the record.
  if (!isPlace(by) && wasReceived(record, version)) return { outcome: 'received', version };
  const sealed = await findWaiting(deps, record);
  if (!sealed) return { outcome: 'nothing-waits' };
  if (isWithOperator) return { outcome: 'offered-before', version };
  const waiting = { record, version, sealed };
  if (by === 'claim-link') return offerLink(deps, waiting, how);
  if (by === 'operator' || by === 'renewal-key') {
    if (by === 'renewal-key' && record.destination?.kind !== 'renewal') return { outcome: 'no-destination' };
    return noteOffer(deps, waiting, { by, atMs: offeredAtMs(record, deps.clock()) }, how);
  }
  return place(deps, waiting, by, how);
}

/** Asked of the key as it stands: what another environment has sent on the same occasion is not sent again. */
const isAgain = (record: KeyRecord, { again, rotationId }: Offering): boolean =>
  again ?? (rotationId !== undefined && record.rotation?.rotationId === rotationId && isToOfferAgain(record));

/** Nothing goes by itself to where the last link was read by somebody else: the operator takes it, or says how. */
function wayOf(record: KeyRecord, version: KeyVersion): Delivery {
  const way = deliveryOf(record, version);
  return way === 'claim-link' && wasLinkDisputed(record) ? 'operator' : way;
}

const KINDS = { 'secrets-manager': 'secret', vault: 'vault' } as const;

const isPlace = (by: Delivery): boolean => by in KINDS;

/**
 * Written to the place first and on record after it: repeated, it writes the same once more. If the version was taken
 * back meanwhile, or the key revoked, the place is put right, since whoever did that may have been there before this
 * write; also when the write seems to have failed, for it may have come through.
 */
async function place(
  deps: OfferDeps,
  waiting: Waiting,
  by: keyof typeof KINDS,
  how: Offering,
): Promise<OfferOutcome> {
  const { record, version, sealed } = waiting;
  const { destination, keyId } = record;
  if (destination?.kind !== KINDS[by]) return { outcome: 'no-destination' };
  const turned = await turnTo(deps, waiting, by, how);
  if (turned) return turned;
  const right = () => putRight(deps, waiting, destination, by);
  const placed = {
    keyId,
    version: version.version,
    key: await deps.sealer.open(sealed),
    ...besides(deps, record, how),
  };
  try {
    await deps.places[by].put(destination, placed);
  } catch (error) {
    await right().catch(() => undefined);
    throw error;
  }
  const nowMs = deps.clock();
  const noted = await note(deps, keyId, version.version, how, (current) => ({
    version: {
      ...current,
      offer: { by, atMs: offeredAtMs(record, nowMs) },
      receivedAtMs: nowMs,
      receivedBy: 'placed',
    },
    destroy: [sealed],
  }));
  if (noted.outcome === 'nothing-waits') await right();
  return noted;
}

/**
 * A version that waits to be taken another way is not waiting there any more once it is on its way to the place: or it
 * would be handed out twice.
 *
 * @returns how it ended, if it was taken before that
 */
async function turnTo(
  deps: OfferDeps,
  waiting: Waiting,
  by: keyof typeof KINDS,
  how: Offering,
): Promise<OfferOutcome | undefined> {
  if (deliveryOf(waiting.record, waiting.version) === by) return undefined;
  const atMs = offeredAtMs(waiting.record, deps.clock());
  const offer: Offer = { by, atMs, failure: 'It is not in its place yet.' };
  const turned = await noteOffer(deps, waiting, offer, how);
  return turned.outcome === 'offered' ? undefined : turned;
}

/** What a place may want to know of a version beside its key. */
function besides(
  { policies }: OfferDeps,
  record: KeyRecord,
  { rotationId }: Offering,
): Omit<PlacedVersion, 'keyId' | 'version' | 'key'> {
  const old = versionWith(record, 'deprecating');
  const policy = policies.get(record.policy);
  return {
    ...(old?.expiresAtMs === undefined ? {} : { previousExpiresAtMs: old.expiresAtMs }),
    ...(old ? { previousVersion: old.version } : {}),
    ...(rotationId === undefined ? {} : { rotationId }),
    ...(policy ? { rotateEverySeconds: policy.rotateEverySeconds } : {}),
  };
}

async function putRight(
  { store, places }: OfferDeps,
  { record: { keyId }, version }: Waiting,
  destination: Destination,
  by: keyof typeof KINDS,
): Promise<void> {
  const record = await store.find(keyId);
  if (record?.status === 'revoked') return places[by].remove(destination, keyId);
  const active = record && activeVersion(record);
  if (active && active.version !== version.version) {
    await places[by].restore(destination, keyId, active.version);
  }
}
