/**
 * A client that holds the active key proposes a public key to renew with. Whoever holds a leaked key can do that too, so a
 * proposal is nothing until an operator approves it by its thumbprint, which the key's owner tells by another way.
 */
import { type RenewalKey, thumbprintOf } from '../../../rules/renewal-key.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { Actor } from '../domain/audit-event.ts';
import { activeVersion, type KeyRecord, type RenewalProposal } from '../domain/key-record.ts';
import { isPlaced } from '../domain/placed-delivery.ts';
import type { SpentNonces } from '../ports/renewal.ts';
import type { ChallengeAbout, ChallengeDeps } from './challenges.ts';
import { changeKey, type Decision } from './change-key.ts';
import type { ClaimDeps } from './claim-key.ts';
import type { RenewalRefusal } from './note-refused-renewal.ts';
import { verifyProof } from './verify-proof.ts';

export interface ProposeDeps extends Pick<ClaimDeps, 'store'>, ChallengeDeps {
  readonly nonces: SpentNonces;
}

export interface ProposeRequest extends ChallengeAbout {
  readonly proof: unknown;
  /** The version that the authorizer found in the request. */
  readonly version: number;
  readonly address: string;
  readonly userAgent: string;
  readonly actor: Actor;
}

export type ProposeOutcome =
  /** Also when the same was proposed before. */
  | { readonly outcome: 'proposed'; readonly thumbprint: string; readonly expiresAtMs: number }
  | { readonly outcome: 'registered'; readonly thumbprint: string }
  | { readonly outcome: 'refused'; readonly fault: RenewalRefusal }
  /** Another one waits for the operator: a proposal cannot push it out of the way. */
  | { readonly outcome: 'not-active' | 'another-waits' | 'delivered-otherwise' };

export const PROPOSAL_LIFETIME_MS = 7 * DAY_MS;

export async function proposeRenewalKey(deps: ProposeDeps, request: ProposeRequest): Promise<ProposeOutcome> {
  const expected = { ...request, purpose: 'proposal' as const, publicKey: undefined };
  const verified = await verifyProof(deps, request.proof, expected);
  if (!verified.proven) return { outcome: 'refused', fault: verified.fault };
  const { nonce, expiresAtMs } = verified.challenge;
  if ((await deps.nonces.spend(request.keyId, nonce, expiresAtMs)) === 'used') {
    return { outcome: 'refused', fault: 'replayed' };
  }
  const publicKey = verified.proof.publicKey as RenewalKey;
  return changeKey(deps.store, request.keyId, (record) =>
    decide(record, { publicKey, thumbprint: thumbprintOf(publicKey), request, nowMs: deps.clock() }),
  );
}

/** What stands for the operator to decide on: neither expired nor proposed with a version that is not the active one. */
export function standingProposal(record: KeyRecord, nowMs: number): RenewalProposal | undefined {
  const { proposal } = record;
  const stands =
    proposal && nowMs < proposal.expiresAtMs && activeVersion(record)?.version === proposal.version;
  return stands ? proposal : undefined;
}

function decide(
  record: KeyRecord | undefined,
  proposed: {
    readonly publicKey: RenewalKey;
    readonly thumbprint: string;
    readonly request: ProposeRequest;
    readonly nowMs: number;
  },
): Decision<ProposeOutcome> {
  const { publicKey, thumbprint, request, nowMs } = proposed;
  const { version, address, userAgent, actor } = request;
  if (record?.status !== 'enabled' || activeVersion(record)?.version !== version) {
    return { result: { outcome: 'not-active' } };
  }
  // Where a client reads its key in a place, a public key would change nothing.
  if (isPlaced(record.delivery)) return { result: { outcome: 'delivered-otherwise' } };
  if (record.destination?.kind === 'renewal' && record.destination.thumbprint === thumbprint) {
    return { result: { outcome: 'registered', thumbprint } };
  }
  const waiting = standingProposal(record, nowMs);
  if (waiting && waiting.thumbprint !== thumbprint) return { result: { outcome: 'another-waits' } };
  if (waiting) return { result: { outcome: 'proposed', thumbprint, expiresAtMs: waiting.expiresAtMs } };
  const expiresAtMs = nowMs + PROPOSAL_LIFETIME_MS;
  const proposal = { publicKey, thumbprint, version, atMs: nowMs, expiresAtMs, address, userAgent };
  return {
    result: { outcome: 'proposed', thumbprint, expiresAtMs },
    change: {
      after: { ...record, proposal },
      entry: {
        action: 'renewal.proposed',
        actor,
        origin: { address, userAgent },
        atMs: nowMs,
        detail: { version, thumbprint, address, userAgent },
      },
    },
  };
}
