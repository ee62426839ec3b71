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
import type { KeyVersion } from '../domain/key-record.ts';
import { judgeToolAccessFromHeaders } from '../domain/tool-access.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuthorizableKey } from '../ports/authorization.ts';
import { type RecognizeDeps, recognizeKey } from './recognize-key.ts';
import type { RefusedRequest, UseMeter } from './use-meter.ts';
import type { WrongKeyMeter } from './wrong-key-meter.ts';

export interface AuthorizeDeps extends RecognizeDeps {
  readonly meter: UseMeter;
  readonly wrongKeys: Pick<WrongKeyMeter, 'count' | 'flushDue'>;
  readonly clock: Clock;
}

/** Decides whether a request may pass, and counts it either way. */
export async function authorize(
  deps: AuthorizeDeps,
  rules: ApiRules,
  request: AuthorizationRequest,
): Promise<AuthorizationDecision> {
  const nowMs = deps.clock();
  // Beside the read, not after it: a due write costs the request no time of its own.
  const flushed = Promise.all([deps.meter.flushDue(nowMs), deps.wrongKeys.flushDue(nowMs)]);
  const recognition = await recognizeKey(deps, rules, request.presented, nowMs);
  await flushed;
  if (recognition.outcome !== 'recognized') {
    const { key, ...decision } = recognition;
    if (key) await deps.meter.refuse(refusedRequest(key, nowMs, decision));
    await deps.wrongKeys.count({
      ...decision,
      ...callerOf(request),
      isKnown: key !== undefined,
      atMs: nowMs,
    });
    return decision;
  }

  const { key, version } = recognition;
  const identity = identityOf(key, version);
  const refusal = refusalOf(rules, request, key, identity);
  if (refusal) {
    await deps.meter.refuse(refusedRequest(key, nowMs));
    return refusal;
  }

  await deps.meter.record({
    keyId: key.keyId,
    version: version.version,
    deprecating: version.status === 'deprecating',
    ...windowOf(key),
    firstUseKnown: key.firstUsesMs[String(version.version)] !== undefined,
    ...callerOf(request),
    atMs: nowMs,
  });
  return { outcome: 'allowed', identity };
}

const callerOf = ({ sourceAddress, userAgent }: AuthorizationRequest) => ({
  address: sourceAddress ?? 'unknown',
  userAgent: userAgent ?? 'unknown',
});

/** While the key has two accepted versions: when the window ends in which its migration is being measured. */
function windowOf(key: AuthorizableKey): { readonly windowEndsAtMs?: number } {
  const end = key.versions.find(({ status }) => status === 'deprecating')?.expiresAtMs;
  return end === undefined ? {} : { windowEndsAtMs: end };
}

/** Of a version that was accepted once and is no more, the first refusal is kept: its secret is still in use. */
function refusedRequest(
  key: AuthorizableKey,
  atMs: number,
  { reason, version }: { readonly reason?: Unauthenticated; readonly version?: number } = {},
): RefusedRequest {
  const ended = version !== undefined && (reason === 'retired' || reason === 'expired');
  const isFirst = ended && key.firstRefusalsMs?.[String(version)] === undefined;
  return {
    keyId: key.keyId,
    inWindow: windowOf(key).windowEndsAtMs !== undefined,
    ...(isFirst ? { firstOfVersion: version } : {}),
    atMs,
  };
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

/** By the route's name, `$default` for an HTTP API's catch-all. A route that is not known needs all scopes there are. */
function routeScopes(rules: ApiRules, { method, resource }: AuthorizationRequest): readonly string[] {
  const { routeScopes } = rules;
  if (resource === undefined) return Object.values(routeScopes).flat();
  const names = [`${method?.toUpperCase()} ${resource}`, `ANY ${resource}`, resource, '*'];
  const named = names.find((name) => Object.hasOwn(routeScopes, name));
  return named === undefined ? [] : (routeScopes[named] as readonly string[]);
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
