/** What a presented key is: which version of which key, or why it is none. */
import type { ApiRules, AuthorizationDecision, Unauthenticated } from '../domain/authorization.ts';
import { PepperMissing } from '../domain/errors.ts';
import { parseKey } from '../domain/key-format.ts';
import type { KeyVersion } from '../domain/key-record.ts';
import { matchVersion } from '../domain/match-version.ts';
import type { AuthorizableKey } from '../ports/authorization.ts';
import type { Peppers } from '../ports/peppers.ts';
import type { KeyMemory } from './key-memory.ts';

export interface RecognizeDeps {
  readonly memory: KeyMemory;
  readonly peppers: Pick<Peppers, 'byVersion'>;
}

type RefusalDecision = Extract<AuthorizationDecision, { outcome: 'unauthenticated' }>;

/** With the key that it is about, where there is one. */
type Refusal = RefusalDecision & { readonly key?: AuthorizableKey };

interface Recognized {
  readonly outcome: 'recognized';
  readonly key: AuthorizableKey;
  readonly version: KeyVersion;
}

/**
 * The accepted version that a presented key is.
 *
 * At most one read; none while the key is in memory, unless memory would refuse: what was changed since (a new
 * version activated, the key enabled) must not be refused from an old copy.
 */
export async function recognizeKey(
  deps: RecognizeDeps,
  rules: ApiRules,
  presented: string | undefined | null,
  nowMs: number,
): Promise<Recognized | Refusal> {
  if (presented === undefined) return refusal('no-key');
  const named = namedBy(presented, rules);
  if (named.outcome !== 'named') return named;
  const { keyId, text } = named;
  const remembered = deps.memory.recall(keyId, nowMs);
  if (remembered) {
    const recognition = await matchRemembered(deps, remembered, text);
    const accepted = recognition && acceptedAt(recognition, nowMs);
    if (accepted?.outcome === 'recognized') return accepted;
  }
  const key = await deps.memory.read(keyId, nowMs);
  return key ? acceptedAt(await match(deps, key, text), nowMs) : refusal('unknown', keyId);
}

/**
 * The version that a key is, whatever its status, always by a read of its own: for the rotation machine alone, which
 * asks whether this authorizer knows a key that is not accepted yet.
 */
export async function recognizeUnaccepted(
  deps: RecognizeDeps,
  rules: ApiRules,
  presented: string,
): Promise<Recognized | Refusal> {
  const named = namedBy(presented, rules);
  if (named.outcome !== 'named') return named;
  // Not remembered: a copy from before the dual-key write would accept the old version after it.
  const key = await deps.memory.peek(named.keyId);
  return key ? match(deps, key, named.text) : refusal('unknown', named.keyId);
}

/** The id in a presented key, without looking anything up. */
function namedBy(
  presented: string | null,
  rules: ApiRules,
): Refusal | { readonly outcome: 'named'; readonly keyId: string; readonly text: string } {
  if (presented === null) return refusal('malformed');
  const parsed = parseKey(presented);
  if (!parsed.ok || parsed.key.prefix !== rules.prefix) return refusal('malformed');
  const { keyId, environment } = parsed.key;
  // The environment is part of what is hashed: a key cannot claim another than its own and still match.
  if (!rules.environments.includes(environment)) return refusal('environment-not-served', keyId);
  return { outcome: 'named', keyId, text: presented };
}

/** @returns undefined where the copy needs a pepper that is gone, as it may be once the key itself needs it no more */
async function matchRemembered(
  deps: RecognizeDeps,
  remembered: AuthorizableKey,
  presented: string,
): Promise<Recognized | Refusal | undefined> {
  try {
    return await match(deps, remembered, presented);
  } catch (error) {
    if (error instanceof PepperMissing) return undefined;
    throw error;
  }
}

async function match(
  deps: RecognizeDeps,
  key: AuthorizableKey,
  presented: string,
): Promise<Recognized | Refusal> {
  const unknown = { ...refusal('wrong-secret', key.keyId), key };
  try {
    const version = await matchVersion(presented, key.versions, (name) => pepperOf(deps, name));
    return version ? { outcome: 'recognized', key, version } : unknown;
  } catch (error) {
    // A revoked key is refused for good: no pepper is kept for it, and that one is gone is no fault.
    if (key.status === 'revoked' && error instanceof PepperMissing) return unknown;
    throw error;
  }
}

function acceptedAt(recognition: Recognized | Refusal, nowMs: number): Recognized | Refusal {
  if (recognition.outcome !== 'recognized') return recognition;
  const { key, version } = recognition;
  const reason = whyNotAccepted(key, version, nowMs);
  return reason ? { ...refusal(reason, key.keyId, version.version), key } : recognition;
}

function whyNotAccepted(
  key: AuthorizableKey,
  version: KeyVersion,
  nowMs: number,
): Unauthenticated | undefined {
  if (version.status === 'retired') return 'retired';
  if (key.status !== 'enabled') return key.status;
  if (version.status === 'pending') return 'not-yet-active';
  if (version.refuseAfterMs !== undefined && nowMs >= version.refuseAfterMs) return 'expired';
  return undefined;
}

async function pepperOf({ peppers }: RecognizeDeps, version: string): Promise<Uint8Array> {
  const pepper = await peppers.byVersion(version);
  if (!pepper) throw new PepperMissing(`There is no pepper of version '${version}'.`, [version]);
  return pepper.secret;
}

const refusal = (reason: Unauthenticated, keyId?: string, version?: number): RefusalDecision => ({
  outcome: 'unauthenticated',
  reason,
  ...(keyId === undefined ? {} : { keyId }),
  ...(version === undefined ? {} : { version }),
});
