/** A request as the authorizer sees it, and the values it is answered with. */
import type { Environment, ToolScopesMode, VersionStatus } from '../../../rules/words.ts';
import type { McpHeaders } from './mcp-headers.ts';

/** What an API asks of keys. */
export interface ApiRules {
  /** A key of another prefix is none of ours. */
  readonly prefix: string;
  readonly environments: readonly Environment[];
  readonly toolScopes: ToolScopesMode;
  /** Scopes a route needs, by `METHOD /resource`, `ANY /resource` or `*` for every other route. */
  readonly routeScopes: Readonly<Record<string, readonly string[]>>;
}

export interface AuthorizationRequest {
  /** The key as presented, undefined when there was none, null when two different ones were. */
  readonly presented: string | undefined | null;
  readonly method?: string;
  /** The route's pattern, such as `/orders/{id}`. */
  readonly resource?: string;
  /** Undefined where the event does not carry it (TOKEN authorizers). */
  readonly sourceAddress?: string;
  readonly userAgent?: string;
  readonly mcp: McpHeaders;
}

/** Why a request is answered 401. Never told to the caller. */
export type Unauthenticated =
  | 'no-key'
  | 'malformed'
  | 'unknown'
  | 'wrong-secret'
  | 'not-yet-active'
  | 'expired'
  | 'retired'
  | 'disabled'
  | 'revoked'
  | 'environment-not-served';

/** Why a request is answered 403. */
export type Forbidden = 'insufficient-scope' | 'address-not-allowed';

export interface Identity {
  readonly keyId: string;
  readonly version: number;
  readonly versionStatus: VersionStatus;
  readonly owner: string;
  readonly environment: Environment;
  readonly scopes: readonly string[];
  /** While deprecating: the announced end. */
  readonly expiresAtMs?: number;
}

export type AuthorizationDecision =
  | { readonly outcome: 'allowed'; readonly identity: Identity }
  | {
      readonly outcome: 'unauthenticated';
      readonly reason: Unauthenticated;
      readonly keyId?: string;
      readonly version?: number;
    }
  | {
      readonly outcome: 'forbidden';
      readonly reason: Forbidden;
      readonly identity: Identity;
      readonly message: string;
      readonly requiredScope?: string;
    };
