/** Decides one request. A refusal is a value; only a broken system throws, and a throw is never an allow. */

import { grants } from '../../../rules/scopes.ts';
import { isAddressAllowed } from '../domain/address-list.ts';
import type {
  ApiRules,
  AuthorizationDecision,
  AuthorizationRequest,
  Identity,
  Unauthenticated,
} from '../domain/authorization.ts';
import { PepperMissing } from '../domain/errors.ts';
import { parseKey } from '../domain/key-format.ts';
import type { KeyVersion } from '../domain/key-record.ts';
import { matchVersion } from '../domain/match-version.ts';
import { judgeToolAccessFromHeaders } from '../domain/tool-access.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuthorizableKey } from '../ports/authorization.ts';
import type { Peppers } from '../ports/peppers.ts';
import type { KeyMemory } from './key-memory.ts';
import type { UseMeter } from './use-meter.ts';

export interface AuthorizeDeps {
  readonly memory: KeyMemory;
  readonly meter: UseMeter;
  readonly peppers: Pick<Peppers, 'byVersion'>;
  readonly clock: Clock;
}

/** What the presented key turned out to be. */
type Recognition =
  | { readonly outcome: 'recognized'; readonly key: AuthorizableKey; readonly version: KeyVersion }
  | Extract<AuthorizationDecision, { outcome: 'unauthenticated' }>;

/**
 * Decides whether a request may pass, and counts it if it may.
 *
 * At most one read; none while the key is in memory, unless memory would refuse: what was changed since (a new
 * version activated, the key enabled) must not be refused from an old copy.
 */
export async function authorize(
  deps: AuthorizeDeps,
  rules: ApiRules,
  request: AuthorizationRequest,
): Promise<AuthorizationDecision> {
  const nowMs = deps.clock();
  // Beside the read, not after it: a due write costs the request no time of its own.
  const flushed = deps.meter.flushDue(nowMs);
  const recognition = await recognize(deps, rules, request.presented, nowMs);
  await flushed;
  if (recognition.outcome !== 'recognized') return recognition;

  const { key, version } = recognition;
  const identity = identityOf(key, version);
  const refusal = refusalOf(rules, request, key, identity);
  if (refusal) return refusal;

  await deps.meter.record({
    keyId: key.keyId,
    version: version.version,
    deprecating: version.status === 'deprecating',
    rotating: key.versions.some((each) => each.status === 'deprecating'),
    firstUseKnown: key.firstUsesMs[String(version.version)] !== undefined,
    address: request.sourceAddress ?? 'unknown',
    userAgent: request.userAgent ?? 'unknown',
    atMs: nowMs,
  });
  return { outcome: 'allowed', identity };
}

/**
 * For the rotation machine alone: whether this authorizer knows a key that is not accepted yet.
 *
 * @returns the version the key is, whatever its status, always by a read of its own
 */
export async function recognizeUnaccepted(
  deps: AuthorizeDeps,
  rules: ApiRules,
  presented: string,
): Promise<{ readonly keyId: string; readonly version: number; readonly status: string } | Unauthenticated> {
  const parsed = parseKey(presented);
  if (!parsed.ok || parsed.key.prefix !== rules.prefix) return 'malformed';
  if (!rules.environments.includes(parsed.key.environment)) return 'environment-not-served';
  const key = await deps.memory.read(parsed.key.keyId, deps.clock());
  if (!key) return 'unknown';
  const version = await matchVersion(presented, key.versions, (name) => pepperOf(deps, name));
  return version ? { keyId: key.keyId, version: version.version, status: version.status } : 'wrong-secret';
}

async function recognize(
  deps: AuthorizeDeps,
  rules: ApiRules,
  presented: string | undefined | null,
  nowMs: number,
): Promise<Recognition> {
  if (presented === undefined) return unauthenticated('no-key');
  const parsed = presented === null ? ({ ok: false } as const) : parseKey(presented);
  if (!parsed.ok || presented === null || parsed.key.prefix !== rules.prefix) {
    return unauthenticated('malformed');
  }
  const { keyId, environment } = parsed.key;
  // The environment is part of what is hashed: a key cannot claim another than its own and still match.
  if (!rules.environments.includes(environment)) return unauthenticated('environment-not-served', keyId);

  const remembered = deps.memory.recall(keyId, nowMs);
  if (remembered) {
    const recognition = await recognizeIn(deps, remembered, presented, nowMs);
    if (recognition.outcome === 'recognized') return recognition;
  }
  const key = await deps.memory.read(keyId, nowMs);
  return key ? recognizeIn(deps, key, presented, nowMs) : unauthenticated('unknown', keyId);
}

async function recognizeIn(
  deps: AuthorizeDeps,
  key: AuthorizableKey,
  presented: string,
  nowMs: number,
): Promise<Recognition> {
  const version = await matchVersion(presented, key.versions, (name) => pepperOf(deps, name));
  if (!version) return unauthenticated('wrong-secret', key.keyId);
  const refused = (reason: Unauthenticated): Recognition =>
    unauthenticated(reason, key.keyId, version.version);
  if (version.status === 'retired') return refused('retired');
  if (key.status !== 'enabled') return refused(key.status);
  if (version.status === 'pending') return refused('not-yet-active');
  if (version.refuseAfterMs !== undefined && nowMs >= version.refuseAfterMs) return refused('expired');
  return { outcome: 'recognized', key, version };
}

function refusalOf(
  rules: ApiRules,
  request: AuthorizationRequest,
  key: AuthorizableKey,
  identity: Identity,
): AuthorizationDecision | undefined {
  if (!isAddressAllowed(key.allowedAddresses, request.sourceAddress)) {
    const message = 'This key may not be used from this address.';
    return { outcome: 'forbidden', reason: 'address-not-allowed', identity, message };
  }
  const missing = routeScopes(rules, request).find((scope) => !grants(key.scopes, scope));
  if (missing) {
    const message = `This key lacks the scope ${missing}.`;
    return {
      outcome: 'forbidden',
      reason: 'insufficient-scope',
      identity,
      message,
      requiredScope: missing,
    };
  }
  const tools = judgeToolAccessFromHeaders({
    ...request.mcp,
    scopes: key.scopes,
    mode: rules.toolScopes,
  });
  if (tools.allowed) return undefined;
  return {
    outcome: 'forbidden',
    reason: 'insufficient-scope',
    identity,
    message: tools.message,
    requiredScope: tools.requiredScope,
  };
}

function routeScopes(rules: ApiRules, { method, resource }: AuthorizationRequest): readonly string[] {
  const { routeScopes } = rules;
  return routeScopes[`${method} ${resource}`] ?? routeScopes[`ANY ${resource}`] ?? routeScopes['*'] ?? [];
}

async function pepperOf(deps: AuthorizeDeps, version: string): Promise<Uint8Array> {
  const pepper = await deps.peppers.byVersion(version);
  if (!pepper) throw new PepperMissing(`There is no pepper of version '${version}'.`);
  return pepper.secret;
}

const identityOf = (key: AuthorizableKey, version: KeyVersion): Identity => ({
  keyId: key.keyId,
  version: version.version,
  versionStatus: version.status,
  owner: key.owner,
  environment: key.environment,
  scopes: key.scopes,
  ...(version.status === 'deprecating' && version.expiresAtMs !== undefined
    ? { expiresAtMs: version.expiresAtMs }
    : {}),
});

function unauthenticated(reason: Unauthenticated, keyId?: string, version?: number): Recognition {
  return {
    outcome: 'unauthenticated',
    reason,
    ...(keyId === undefined ? {} : { keyId }),
    ...(version === undefined ? {} : { version }),
  };
}
