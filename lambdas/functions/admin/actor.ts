/** Who asks, as it goes on record. */
import type { Checked } from '../../../rules/checked.ts';
import { cutText, parseFreeText } from '../../../rules/free-text.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import type { ActorClaim } from './contract.ts';

const LONGEST_PRINCIPAL = 300;
/** Said of whoever says nothing. */
export const UNSTATED = 'unstated';

/**
 * Lambda does not tell a function who invoked it: what the tool says is put on record as said. By the rules of all
 * words on record, or the rotations that it starts would be refused for it.
 */
export function actorFrom(claim: ActorClaim | undefined, requestId: string): Checked<Actor> {
  const principal = said(claim?.principal, 'actor.principal', UNSTATED);
  if (!principal.ok) return principal;
  const via = said(claim?.via, 'actor.via', 'invoke');
  if (!via.ok) return via;
  return { ok: true, value: { principal: principal.value, via: via.value, requestId } };
}

function said(value: unknown, what: string, unsaid: string): Checked<string> {
  if (typeof value !== 'string' || !value.trim()) return { ok: true, value: unsaid };
  const text = parseFreeText(value, what, value.length);
  return text.ok ? { ok: true, value: cutText(text.value, LONGEST_PRINCIPAL) } : text;
}
