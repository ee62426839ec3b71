/** What operators ask about scheduled rotation: exempt a key, sweep now, see what a sweep would do. */
import { parseFreeText } from '../../../rules/free-text.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import {
  type ExemptOutcome,
  endExemption,
  exemptKey,
  parseExemptUntil,
} from '../../core/use-cases/exempt-key.ts';
import { previewSweep, sweepDueKeys } from '../../core/use-cases/sweep-due-keys.ts';
import { type AdminDeps, type Answer, LONGEST_REASON, show } from './actions.ts';
import { badRequest, revokedKey, success, unknownKey } from './outcomes.ts';

/** The function ends after 30 seconds, and the last wave and the answer take some of them. */
const LONGEST_SWEEP_MS = 15_000;
const PREVIEWED = 100;

interface ExemptInput {
  readonly keyId: string;
  readonly reason: string;
  readonly until: string;
}

export async function exempt(deps: AdminDeps, input: ExemptInput, actor: Actor): Answer<'exempt'> {
  const { keyId } = input;
  const reason = parseFreeText(input.reason, 'reason', LONGEST_REASON);
  if (!reason.ok) return badRequest(reason);
  const until = parseExemptUntil(input.until, deps.clock());
  if (!until.ok) return badRequest(until);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  const by = { actor, reason: reason.value };
  return answerFor(deps, keyId, await exemptKey(deps, keyId, until.value, by));
}

export async function unexempt(
  deps: AdminDeps,
  { keyId, reason }: { readonly keyId: string; readonly reason: string },
  actor: Actor,
): Answer<'unexempt'> {
  const checked = parseFreeText(reason, 'reason', LONGEST_REASON);
  if (!checked.ok) return badRequest(checked);
  if (!isKeyId(keyId)) return unknownKey(keyId);
  return answerFor(deps, keyId, await endExemption(deps, keyId, { actor, reason: checked.value }));
}

async function answerFor(deps: AdminDeps, keyId: string, outcome: ExemptOutcome): Answer<'exempt'> {
  if (outcome === 'unknown-key') return unknownKey(keyId);
  if (outcome === 'revoked') return revokedKey(keyId);
  return show(deps, { keyId });
}

/** As the scheduled sweep, in the time that an operator waits, and so without spreading the starts. */
export async function sweep(deps: AdminDeps): Answer<'sweep'> {
  const { startsPerSecond } = deps;
  const endsAtMs = deps.clock() + LONGEST_SWEEP_MS;
  return success(await sweepDueKeys(deps, { startsPerSecond, spreadMs: 0, endsAtMs }));
}

export async function preview(deps: AdminDeps): Answer<'preview-sweep'> {
  const { keys, more } = await previewSweep(deps, PREVIEWED);
  return success({
    keys: keys.map(({ key, verdict }) => ({
      keyId: key.keyId,
      owner: key.owner,
      dueAt: new Date(key.dueAtMs).toISOString(),
      verdict,
      exemptUntil: key.exemption ? new Date(key.exemption.untilMs).toISOString() : null,
    })),
    more,
  });
}
