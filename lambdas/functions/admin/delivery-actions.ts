/** What operators ask about the way of a new key to its owner: take it, offer it again, or by another way. */
import { DELIVERIES, type Delivery } from '../../../rules/words.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { MailNotSent } from '../../core/domain/errors.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { activeVersion } from '../../core/domain/key-record.ts';
import { claimKey } from '../../core/use-cases/claim-key.ts';
import { noteFailure } from '../../core/use-cases/note-failure.ts';
import type { Offering, OfferOutcome } from '../../core/use-cases/offer-deps.ts';
import { offerVersion } from '../../core/use-cases/offer-version.ts';
import type { AdminDeps, Answer } from './actions.ts';
import type { DeliverInput } from './contract.ts';
import { failureOf } from './delivery-standing.ts';
import { failure, revokedKey, success, unknownKey } from './outcomes.ts';
import { deliveryView } from './views.ts';

export async function claim(
  deps: AdminDeps,
  { keyId }: { readonly keyId: string },
  actor: Actor,
): Answer<'claim'> {
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const claimed = await claimKey(deps, keyId, actor);
  switch (claimed.outcome) {
    case 'claimed':
      return success({ keyId, version: claimed.version, key: claimed.key.reveal() });
    case 'unknown-key':
      return unknownKey(keyId);
    case 'revoked':
      return revokedKey(keyId);
    case 'nothing-to-claim':
      return failure(
        'nothing-to-claim',
        `No new key of '${keyId}' waits to be claimed: it was taken, goes another way, has expired, or none was made.`,
        'See its delivery with `keyturn show`. One that goes another way is brought here by `keyturn deliver <keyId> --by operator`. If it was lost, `keyturn rollback` a rotation that runs, then `keyturn rotate`: it makes another.',
      );
  }
}

/** Offers the version that waits: once more, or by another way than the key's own. */
export async function deliver(deps: AdminDeps, input: DeliverInput, actor: Actor): Answer<'deliver'> {
  const { keyId, by } = input;
  if (by !== undefined && !(DELIVERIES as readonly string[]).includes(by)) {
    return failure(
      'bad-request',
      `by '${String(by)}' is no delivery.`,
      `Choose one of ${DELIVERIES.join(', ')}.`,
    );
  }
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const how: Offering = { actor, again: true, takesLink: true, ...(by ? { by: by as Delivery } : {}) };
  const offered = await offerOnRecord(deps, keyId, how);
  switch (offered.outcome) {
    case 'offered':
    case 'offered-before':
      return success({
        keyId,
        version: offered.version.version,
        ...deliveryView(offered.version),
        ...(offered.outcome === 'offered' && offered.link ? { link: offered.link.reveal() } : {}),
      });
    case 'undelivered':
      return failure(
        'not-delivered',
        `Version ${offered.version.version} of '${keyId}' was not delivered: ${offered.why}`,
        'The key waits on: mend it and repeat the command, or choose another way with --by.',
      );
    case 'unknown-key':
      return unknownKey(keyId);
    case 'revoked':
      return revokedKey(keyId);
    case 'received':
      return nothingToDeliver(
        `Version ${offered.version.version} of '${keyId}' was received by its owner already.`,
        'See when and how with `keyturn show`. A key is handed out once: if it was lost, rotate.',
      );
    case 'nothing-waits':
      return nothingToDeliver(
        `No new key of '${keyId}' waits: the sealed key has expired, or the key has no accepted version.`,
        'Rotate it: a new version is made and delivered. If its rotation still runs, `keyturn rollback` that one first.',
      );
    case 'no-destination':
      return nothingToDeliver(
        `Key '${keyId}' has no destination for that delivery.`,
        'A secret, a vault path or a public key is stated when the key is issued: choose claim-link or operator.',
      );
  }
}

/** What a place or the mail service threw is on record too: whoever looks later must see it. */
async function offerOnRecord(deps: AdminDeps, keyId: string, how: Offering): Promise<OfferOutcome> {
  const record = await deps.store.find(keyId);
  const version = record && activeVersion(record)?.version;
  try {
    return await offerVersion(deps, keyId, how);
  } catch (error) {
    const tried = { ...how, ...(version === undefined ? {} : { version }) };
    const noted = await noteFailure(deps, keyId, tried, failureOf(error));
    if (error instanceof MailNotSent) return noted;
    throw error;
  }
}

const nothingToDeliver = (message: string, hint: string) => failure('nothing-to-deliver', message, hint);
