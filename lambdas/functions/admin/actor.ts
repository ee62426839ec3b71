/** Who asks, as it goes on record. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { cutText, parseFreeText } from '../../../rules/free-text.ts';
import { changesNothing } from '../../../rules/read-only-actions.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { requestDigest } from '../../core/domain/identity-proof.ts';
import type { IdentityVerifier } from '../../core/ports/identity-verifier.ts';
import type { ActorClaim, AdminRequest } from './contract.ts';

export interface ActorDeps {
  readonly identities: IdentityVerifier;
  /** Of the admin function: what proofs are made for. */
  readonly functionName: string;
  /** Told why a proof could not be looked into. */
  readonly onUnknown: (why: string) => void;
}

const LONGEST_PRINCIPAL = 300;
/** Names of Keyturn's own parts, and of clients that a key or a signature has proven: no tool that asks is one of them. */
const OWN_NAMES = /^(?:keyturn:|key:|(?:claim|unsubscribe)-link$|unproven$)/i;
const OWN_WAYS = /^execution\//i;
/** Said of whoever says nothing. */
export const UNSTATED = 'unstated';

/**
 * Lambda does not tell a function who invoked it. A tool proves it, or what it says is put on record as said; one that
 * proves something else is refused. When nobody can be asked, what is said goes on record as well: a proof is not
 * needed, so refusing would only keep an operator from ending a leaked key.
 */
export async function actorOf(
  { identities, functionName, onUnknown }: ActorDeps,
  request: AdminRequest,
  requestId: string,
): Promise<Checked<Actor>> {
  const stated = actorFrom(request?.actor, requestId);
  const proof = request?.actor?.proof;
  if (!stated.ok || changesNothing(request.action)) return stated;
  if (proof === undefined) return stated;
  const identity = await identities.verify(proof, requestDigest(functionName, request));
  if (identity.outcome === 'refused')
    return refused(
      identity.why,
      'Set the clock, use credentials of the account, and send it again with `keyturn`.',
    );
  if (identity.outcome === 'unknown') {
    onUnknown(identity.why);
    return stated;
  }
  return { ok: true, value: { ...stated.value, principal: identity.arn, proven: true } };
}

/** By the rules of all words on record, or the rotations that it starts would be refused for it. */
function actorFrom(claim: ActorClaim | undefined, requestId: string): Checked<Actor> {
  const principal = said(claim?.principal, 'actor.principal', UNSTATED, OWN_NAMES);
  if (!principal.ok) return principal;
  const via = said(claim?.via, 'actor.via', 'invoke', OWN_WAYS);
  if (!via.ok) return via;
  return { ok: true, value: { principal: principal.value, proven: false, via: via.value, requestId } };
}

function said(value: unknown, what: string, unsaid: string, own: RegExp): Checked<string> {
  if (typeof value !== 'string' || !value.trim()) return { ok: true, value: unsaid };
  const text = parseFreeText(value, what, value.length);
  if (!text.ok) return text;
  if (own.test(text.value))
    return refused(
      `${what} '${cutText(text.value, 60)}' is what Keyturn itself is on record as.`,
      'Say who you are.',
    );
  return { ok: true, value: cutText(text.value, LONGEST_PRINCIPAL) };
}
