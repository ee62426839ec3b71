/** Brings the accepted version to where its owner gets it, by the key's delivery or another one. */
import { createHash } from 'node:crypto';
import type { Policy } from '../../../rules/policy.ts';
import type { Delivery } from '../../../rules/words.ts';
import type { Actor, AuditEntry } from '../domain/audit-event.ts';
import {
  activeVersion,
  type Destination,
  deliveryOf,
  type KeyRecord,
  type KeyVersion,
  type Offer,
  versionOf,
  versionWith,
} from '../domain/key-record.ts';
import { Plaintext } from '../domain/plaintext.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeyPlace, LinkSender, PlacedVersion } from '../ports/key-place.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { findWaiting } from './claim-key.ts';

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
  readonly lifetimeSeconds: number;
}

export interface Offering {
  /** Default: the key's delivery. */
  readonly by?: Delivery;
  /** Although it was offered before. */
  readonly again?: boolean;
  readonly actor: Actor;
  readonly rotationId?: string;
}

export type OfferOutcome =
  | { readonly outcome: 'offered'; readonly version: KeyVersion; readonly link?: Plaintext }
  /** Its owner has it already, or it was offered before and is not to be offered again. */
  | { readonly outcome: 'received' | 'offered-before'; readonly version: KeyVersion }
  /** No seal waits any more: it has expired, or the key has no accepted version. */
  | { readonly outcome: 'unknown-key' | 'nothing-waits' | 'no-destination' };

const TOKEN_BYTES = 32;

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Throws what the place or the sender throws: nothing is on record as offered then, and it can be repeated. */
export async function offerVersion(deps: OfferDeps, keyId: string, how: Offering): Promise<OfferOutcome> {
  const record = await deps.store.find(keyId);
  if (!record) return { outcome: 'unknown-key' };
  const version = activeVersion(record);
  if (!version) return { outcome: 'nothing-waits' };
  if (version.receivedAtMs !== undefined) return { outcome: 'received', version };
  if (version.offer && version.offer.failure === undefined && !how.again) {
    return { outcome: 'offered-before', version };
  }
  const by = how.by ?? record.delivery;
  // It lies where `claim` finds it: to say so once more for each rotation would be a write for nothing.
  if (by === 'operator' && deliveryOf(record, version) === 'operator') {
    return { outcome: 'offered-before', version };
  }
  const sealed = await findWaiting(deps, record);
  if (!sealed) return { outcome: 'nothing-waits' };
  const waiting = { record, version, sealed };
  if (by === 'claim-link') return offerLink(deps, waiting, how);
  if (by === 'operator') return noteOffer(deps, waiting, { by, atMs: deps.clock() }, how);
  if (by === 'renewal-key') {
    if (record.destination?.kind !== 'renewal') return { outcome: 'no-destination' };
    return noteOffer(deps, waiting, { by, atMs: deps.clock() }, how);
  }
  return place(deps, waiting, by, how);
}

interface Waiting {
  readonly record: KeyRecord;
  readonly version: KeyVersion;
  readonly sealed: SealedKey;
}

const KINDS = { 'secrets-manager': 'secret', vault: 'vault' } as const;

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
    version: { ...current, offer: { by, atMs: nowMs }, receivedAtMs: nowMs, receivedBy: 'placed' },
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
  const offer: Offer = { by, atMs: deps.clock(), failure: 'It is not in its place yet.' };
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

/** The link's hash is on record before the link is out, and that it is out only after it: a crash makes another link. */
async function offerLink(deps: OfferDeps, waiting: Waiting, how: Offering): Promise<OfferOutcome> {
  const { record, version, sealed } = waiting;
  const token = Buffer.from(deps.randomBytes(TOKEN_BYTES)).toString('base64url');
  const nowMs = deps.clock();
  const expiresAtMs = Math.min(nowMs + deps.links.lifetimeSeconds * 1000, sealed.expiresAtMs);
  const offer: Offer = { by: 'claim-link', atMs: nowMs, link: { tokenHash: tokenHash(token), expiresAtMs } };
  const made = await noteOffer(deps, waiting, { ...offer, failure: 'The link is not out yet.' }, how);
  if (made.outcome !== 'offered') return made;
  const url = new Plaintext(`${deps.links.pageUrl}/${record.keyId}/${token}`);
  if (!deps.links.sender) return { ...made, link: url };
  await deps.links.sender.send({
    to: record.owner,
    keyId: record.keyId,
    keyName: record.name,
    version: version.version,
    url,
    expiresAtMs,
  });
  return note(deps, record.keyId, version.version, how, (current) =>
    // Another link may have been made meanwhile: what is on record is that one.
    current.offer?.link?.tokenHash === offer.link?.tokenHash ? { version: { ...current, offer } } : undefined,
  );
}

const noteOffer = (
  deps: OfferDeps,
  { record, version }: Waiting,
  offer: Offer,
  how: Offering,
): Promise<OfferOutcome> =>
  note(deps, record.keyId, version.version, how, (current) => ({ version: { ...current, offer } }));

interface Noted {
  readonly version: KeyVersion;
  readonly destroy?: readonly SealedKey[];
}

/** @param change of the version as it stands now; undefined when there is nothing to note any more */
function note(
  deps: OfferDeps,
  keyId: string,
  number: number,
  { actor, rotationId }: Offering,
  change: (current: KeyVersion) => Noted | undefined,
): Promise<OfferOutcome> {
  return changeKey(deps.store, keyId, (record): Decision<OfferOutcome> => {
    const current = record && versionOf(record, number);
    if (!record || record.status === 'revoked' || current?.status !== 'active') {
      return { result: { outcome: 'nothing-waits' } };
    }
    if (current.receivedAtMs !== undefined) return { result: { outcome: 'received', version: current } };
    const noted = change(current);
    if (!noted) return { result: { outcome: 'offered', version: current } };
    const { version, destroy } = noted;
    const offer = version.offer as Offer;
    const entry: AuditEntry = {
      action: 'version.offered',
      actor,
      atMs: deps.clock(),
      ...(rotationId === undefined ? {} : { rotationId }),
      detail: {
        version: number,
        by: offer.by,
        received: version.receivedAtMs !== undefined,
        out: offer.failure === undefined,
      },
    };
    return {
      result: { outcome: 'offered', version },
      change: {
        after: { ...record, versions: replaceVersion(record, version) },
        entry,
        ...(destroy ? { seal: { destroy } } : {}),
      },
    };
  });
}
