/** What operators ask about the public key that a client renews with: see it, approve or reject what is proposed, remove it. */
import { parseFreeText } from '../../../rules/free-text.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { iso, isoOrNull } from '../../core/domain/iso-time.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import {
  approveRenewalKey,
  type RenewalDecision,
  rejectRenewalKey,
  removeRenewalKey,
} from '../../core/use-cases/decide-renewal-key.ts';
import { standingProposal } from '../../core/use-cases/propose-renewal-key.ts';
import type { AdminDeps, Answer } from './actions.ts';
import { badRequest, failure, revokedKey, success, unknownKey } from './outcomes.ts';
import type { ReasonedInput } from './reasoned-actions.ts';
import type { RenewalView } from './renewal-contract.ts';

const LONGEST_REASON = 500;

export async function renewal(deps: AdminDeps, { keyId }: { readonly keyId: string }): Answer<'renewal'> {
  const record = isKeyId(keyId) ? await deps.store.find(keyId) : undefined;
  return record ? success(renewalView(record, deps.clock())) : unknownKey(keyId);
}

export async function approveRenewal(
  deps: AdminDeps,
  { keyId, thumbprint }: { readonly keyId: string; readonly thumbprint: string },
  actor: Actor,
): Answer<'approve-renewal'> {
  if (!isKeyId(keyId)) return unknownKey(keyId);
  return answerTo(deps, keyId, await approveRenewalKey(deps, keyId, { actor, thumbprint }));
}

export const rejectRenewal = (
  deps: AdminDeps,
  input: ReasonedInput,
  actor: Actor,
): Answer<'reject-renewal'> => withReason(deps, input, actor, rejectRenewalKey);

export const removeRenewal = (
  deps: AdminDeps,
  input: ReasonedInput,
  actor: Actor,
): Answer<'remove-renewal'> => withReason(deps, input, actor, removeRenewalKey);

async function withReason(
  deps: AdminDeps,
  { keyId, reason: stated }: ReasonedInput,
  actor: Actor,
  act: typeof rejectRenewalKey,
): Answer<'renewal'> {
  const reason = parseFreeText(stated, 'reason', LONGEST_REASON);
  if (!reason.ok) return badRequest(reason);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  return answerTo(deps, keyId, await act(deps, keyId, { actor, reason: reason.value }));
}

async function answerTo(deps: AdminDeps, keyId: string, decision: RenewalDecision): Answer<'renewal'> {
  switch (decision) {
    case 'changed':
      return renewal(deps, { keyId });
    case 'unknown-key':
      return unknownKey(keyId);
    case 'revoked':
      return revokedKey(keyId);
    case 'nothing-proposed':
      return failure(
        'nothing-proposed',
        `No public key waits for approval at key '${keyId}': none was proposed, or the proposal has lapsed.`,
        'A proposal stands for a week, while the version that it was made with is the active one. Let the client propose again.',
      );
    case 'other-thumbprint':
      return failure(
        'other-thumbprint',
        `What waits at key '${keyId}' has another thumbprint: nothing was changed.`,
        "If the key's owner did not propose it, somebody else holds the API key: `keyturn emergency`. If it is a typing error, write all 43 characters.",
      );
    case 'nothing-registered':
      return failure(
        'nothing-registered',
        `No public key is registered for key '${keyId}'.`,
        'See it with `keyturn renewal`.',
      );
  }
}

function renewalView(record: KeyRecord, nowMs: number): RenewalView {
  const { keyId, status, delivery, destination, renewalRefusedAtMs } = record;
  const proposal = standingProposal(record, nowMs);
  return {
    keyId,
    status,
    delivery,
    registered:
      destination?.kind === 'renewal'
        ? { thumbprint: destination.thumbprint, curve: destination.publicKey.crv }
        : null,
    proposal: proposal
      ? {
          thumbprint: proposal.thumbprint,
          curve: proposal.publicKey.crv,
          version: proposal.version,
          proposedAt: iso(proposal.atMs),
          expiresAt: iso(proposal.expiresAtMs),
          address: proposal.address,
          userAgent: proposal.userAgent,
        }
      : null,
    refusedAt: isoOrNull(renewalRefusedAtMs),
  };
}
