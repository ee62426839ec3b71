/** What is asked of an API before it is protected, and how its authorizer is called. */
import { Annotations, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InvalidConfiguration } from './invalid-configuration.ts';
import type { Protection } from './protection.ts';

/** The construct that protection adds below an API. */
export const PROTECTION_ID = 'KeyturnProtection';

export function refuseSecondProtection(api: Construct): void {
  if (api.node.tryFindChild(PROTECTION_ID) === undefined) return;
  throw new InvalidConfiguration(
    `The API '${api.node.path}' is protected already.`,
    'Protect each API once, with all its options.',
  );
}

/** By the API's place in its stack: two stacks may each have an API of the same name. */
export function authorizerId(keys: Construct, api: Construct): string {
  const stack = Stack.of(keys).node.path;
  const sameStack = Stack.of(api) === Stack.of(keys) && stack !== '';
  const place = sameStack ? api.node.path.slice(stack.length + 1) : api.node.path;
  return `Authorizer${place.replaceAll('/', '-')}`;
}

/**
 * API Gateway itself answers 401 where an identity source is missing, and with a cache the MCP headers are identity
 * sources: MCP 2026-07-28 sends `Mcp-Name` with calls only, and earlier revisions send none of them.
 */
export function warnOfMissingHeaders(api: Construct, { rules, cacheSeconds }: Protection): void {
  if (cacheSeconds === 0 || rules.toolScopes !== 'gateway') return;
  Annotations.of(api).addWarningV2(
    'keyturn:cached-tool-scopes',
    `With cacheTtl and toolScopes 'gateway' API Gateway answers 401 to every request without Mcp-Method, Mcp-Name and MCP-Protocol-Version, tools/list among them. Decide in the backend with toolScopes 'backend' (or 'off' if '${api.node.path}' is no MCP server), or leave cacheTtl out.`,
  );
}

/** A quote or a line break would end the header's value. */
export function checkedRealm(realm: string): string {
  if (/^[\w .:/-]{1,64}$/.test(realm)) return realm;
  throw new InvalidConfiguration(
    `realm '${realm}' is not valid.`,
    'Use up to 64 letters, digits, blanks and . : / - _.',
  );
}

/** A TOKEN authorizer is told one header and the path that was called: what else there is to decide on, it never sees. */
export function checkAuthorizerType(authorizerType: string, { rules }: Protection): void {
  if (authorizerType === 'REQUEST') return;
  if (authorizerType !== 'TOKEN') {
    throw new InvalidConfiguration(
      `authorizerType '${authorizerType}' is not known.`,
      'Choose REQUEST or TOKEN.',
    );
  }
  if (Object.keys(rules.routeScopes).some((route) => route !== '*')) {
    throw new InvalidConfiguration(
      "scopes by route need what a TOKEN authorizer never sees: the route's pattern.",
      "Use authorizerType 'REQUEST', or one list for '*'.",
    );
  }
}
