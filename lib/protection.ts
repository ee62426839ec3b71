/** How an API is protected: the options, their defaults, and what is refused. */
import type { ApiRules } from '../lambdas/core/domain/authorization.ts';
import { parseDurationSeconds } from '../rules/duration.ts';
import { parseScope } from '../rules/scopes.ts';
import { HOUR_SECONDS } from '../rules/time-units.ts';
import { ENVIRONMENTS, type Environment, TOOL_SCOPES_MODES, type ToolScopesMode } from '../rules/words.ts';
import { InvalidConfiguration, valid } from './invalid-configuration.ts';

/** Headers that may carry the key when one alone must. */
export type KeyHeader = 'Authorization' | 'x-api-key';

export interface ProtectionOptions {
  /** Environments whose keys this API serves. Default: `live` and `test`. */
  readonly environments?: readonly Environment[];
  /**
   * How `tools:` scopes are decided: `gateway` from the headers of MCP 2026-07-28, `backend` by Keyturn's server helper
   * from the body, `off` for an API that is no MCP server. Default: `gateway`.
   */
  readonly toolScopes?: ToolScopesMode;
  /** Scopes that routes need, by `GET /orders/{id}`, `ANY /orders` or `*` for all others. Default: none. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /**
   * ISO 8601 duration up to PT1H for which API Gateway keeps an authorizer's answer. Default: `PT0S`, off. With it on,
   * one header alone carries the key and uses are counted once per kept answer.
   */
  readonly cacheTtl?: string;
  /** The one header that carries the key where only one can: with `cacheTtl`, or for a TOKEN authorizer. Default: `Authorization`. */
  readonly keyHeader?: KeyHeader;
}

export interface RestProtectionOptions extends ProtectionOptions {
  /** Default: `REQUEST`. A TOKEN authorizer sees one header only: no MCP headers, no address. */
  readonly authorizerType?: 'REQUEST' | 'TOKEN';
  /** Named in the challenge of a 401. Default: `api`. */
  readonly realm?: string;
}

export interface HttpProtectionOptions extends ProtectionOptions {
  /** Form of the authorizer's answer. Default: `simple`. */
  readonly answer?: 'simple' | 'policy';
}

/** Options with every default filled in. */
export interface Protection {
  readonly rules: Omit<ApiRules, 'prefix'>;
  readonly cacheSeconds: number;
  /** Undefined: either header carries the key. */
  readonly keyHeader?: KeyHeader;
}

/** API Gateway's own limit. */
const LONGEST_CACHE_SECONDS = HOUR_SECONDS;
const ROUTE = /^(\*|\$default|(ANY|GET|HEAD|POST|PUT|PATCH|DELETE) \/\S*)$/;

export function resolveProtection(options: ProtectionOptions, oneHeaderOnly: boolean): Protection {
  const environments = options.environments ?? ENVIRONMENTS;
  const unknown = environments.find((each) => !(ENVIRONMENTS as readonly string[]).includes(each));
  if (environments.length === 0 || unknown !== undefined) {
    throw new InvalidConfiguration(
      `environments [${environments.join(', ')}] is empty or has an unknown name.`,
      `Choose from ${ENVIRONMENTS.join(', ')}.`,
    );
  }
  const toolScopes = options.toolScopes ?? 'gateway';
  if (!(TOOL_SCOPES_MODES as readonly string[]).includes(toolScopes)) {
    throw new InvalidConfiguration(
      `toolScopes '${String(toolScopes)}' is not known.`,
      `Choose one of ${TOOL_SCOPES_MODES.join(', ')}.`,
    );
  }
  const cacheSeconds = cacheSecondsOf(options.cacheTtl ?? 'PT0S');
  const keyHeader = options.keyHeader ?? 'Authorization';
  if (keyHeader !== 'Authorization' && keyHeader !== 'x-api-key') {
    throw new InvalidConfiguration(
      `keyHeader '${String(keyHeader)}' is not known.`,
      'Choose Authorization or x-api-key.',
    );
  }
  return {
    rules: { environments, toolScopes, routeScopes: checkedRoutes(options.scopes ?? {}) },
    cacheSeconds,
    ...(oneHeaderOnly || cacheSeconds > 0 ? { keyHeader } : {}),
  };
}

function cacheSecondsOf(text: string): number {
  const seconds = valid(parseDurationSeconds(text, 'cacheTtl'));
  if (seconds > LONGEST_CACHE_SECONDS) {
    throw new InvalidConfiguration(
      `cacheTtl '${text}' is longer than API Gateway keeps answers.`,
      'Give PT0S (off) to PT1H.',
    );
  }
  return seconds;
}

function checkedRoutes(routes: Readonly<Record<string, readonly string[]>>) {
  for (const [route, scopes] of Object.entries(routes)) {
    if (!ROUTE.test(route)) {
      throw new InvalidConfiguration(
        `scopes has the route '${route}', which is none.`,
        "Write 'GET /orders/{id}', 'ANY /orders', or '*' for every other route.",
      );
    }
    for (const scope of scopes) valid(parseScope(scope));
  }
  return routes;
}
