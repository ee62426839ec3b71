/** Gives a new key to the client whose public key is registered, encrypted so that it alone can read it. */
import type { AnswerKey } from '../../../rules/renewal-key.ts';
import type { Visitor } from '../domain/audit-event.ts';
import { deliveryOf, type KeyRecord } from '../domain/key-record.ts';
import type { AnswerEncrypter, SpentNonces } from '../ports/renewal.ts';
import type { ChallengeAbout, ChallengeDeps } from './challenges.ts';
import { type ClaimDeps, type ClaimOutcome, takeKey } from './claim-key.ts';
import { noteRefusedRenewal, type RenewalRefusal } from './note-refused-renewal.ts';
import { verifyProof } from './verify-proof.ts';

export interface RenewDeps extends ClaimDeps, ChallengeDeps {
  readonly nonces: SpentNonces;
  readonly encrypter: AnswerEncrypter;
}

export interface RenewRequest extends ChallengeAbout, Visitor {
  readonly proof: unknown;
}

export type RenewOutcome =
  | {
      readonly outcome: 'renewed';
      readonly version: number;
      readonly jwe: string;
      /** It was handed out before; the answer may have been lost. */
      readonly again: boolean;
    }
  /** Said only to who has proved to hold the private key. */
  | { readonly outcome: 'nothing-waits' }
  /** Whoever asks is told no reason. */
  | { readonly outcome: 'refused'; readonly fault: RenewalRefusal };

/**
 * The API key plays no part in it: who holds that and not the private key gets nothing, and who has lost the API key but
 * not the private key gets it still.
 */
export async function renewKey(deps: RenewDeps, request: RenewRequest): Promise<RenewOutcome> {
  const { keyId, actor, origin } = request;
  const record = await deps.store.find(keyId);
  const { publicKey, thumbprint } = registeredIn(record);
  const verified = await verifyProof(deps, request.proof, { ...request, purpose: 'renewal', publicKey });
  if (!verified.proven) return refuse(deps, record, request, verified.fault);
  const { nonce, expiresAtMs } = verified.challenge;
  if ((await deps.nonces.spend(keyId, nonce, expiresAtMs)) === 'used') {
    return refuse(deps, record, request, 'replayed');
  }

  const taken = await takeRenewed(deps, keyId, { thumbprint, actor, ...(origin ? { origin } : {}) });
  if (taken.outcome !== 'claimed') return { outcome: 'nothing-waits' };
  const { version, key, again } = taken;
  const jwe = await deps.encrypter.encrypt({ keyId, version, key }, verified.proof.answerKey as AnswerKey);
  return { outcome: 'renewed', version, jwe, again };
}

/** As the holder of the private key to the public key of this thumbprint, which has been proved. */
export const takeRenewed = (
  deps: ClaimDeps,
  keyId: string,
  { thumbprint, actor, origin }: Visitor & { readonly thumbprint: string | undefined },
): Promise<ClaimOutcome> =>
  takeKey(deps, keyId, {
    by: 'renewal',
    actor: { ...actor, principal: `key:${thumbprint}` },
    ...(origin ? { origin } : {}),
    // Asked of the key as it stands then: another public key may have been approved meanwhile, or this one removed.
    mayTake: (current, version) =>
      thumbprint !== undefined &&
      current.status === 'enabled' &&
      registeredIn(current).thumbprint === thumbprint &&
      deliveryOf(current, version) === 'renewal-key',
  });

const registeredIn = (record: KeyRecord | undefined) =>
  record?.destination?.kind === 'renewal'
    ? record.destination
    : { publicKey: undefined, thumbprint: undefined };

async function refuse(
  deps: RenewDeps,
  record: KeyRecord | undefined,
  { actor, origin }: RenewRequest,
  fault: RenewalRefusal,
): Promise<RenewOutcome> {
  await noteRefusedRenewal(deps, record, { fault, actor, ...(origin ? { origin } : {}) });
  return { outcome: 'refused', fault };
}
