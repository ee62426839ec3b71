/** Puts an authorizer before all that an API serves, whoever added it and whenever. */
import { Aspects, CfnResource, type IAspect, Reference, Tokenization } from 'aws-cdk-lib';
import type { CfnMethod, Method, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { CfnRoute, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import type { Protection } from '../protection.ts';

type Route = CfnMethod | CfnRoute;

/** By its type in the template: a method made by another copy of the construct library is no `CfnMethod` of ours. */
const ROUTE_TYPES = ['AWS::ApiGateway::Method', 'AWS::ApiGatewayV2::Route'];

/** Preflight requests carry no key. */
const isPreflight = (route: Partial<Route>): boolean =>
  ('httpMethod' in route && route.httpMethod === 'OPTIONS') ||
  ('routeKey' in route && route.routeKey?.startsWith('OPTIONS ') === true);

class ProtectRoutes implements IAspect {
  readonly #api: RestApi | HttpApi;
  readonly #authorizerId: string;
  /** As `GET /orders`; undefined for a raw resource, whose path only the template knows. */
  readonly protectedRoutes: (string | undefined)[] = [];

  constructor(api: RestApi | HttpApi, authorizerId: string) {
    this.#api = api;
    this.#authorizerId = authorizerId;
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node) || !ROUTE_TYPES.includes(node.cfnResourceType)) return;
    const route = node as Partial<Route> & CfnResource;
    if (!this.#isOfApi(route) || isPreflight(route)) return;
    if (route.authorizationType !== undefined && route.authorizationType !== 'NONE') return;
    const authorization = { authorizationType: 'CUSTOM', authorizerId: this.#authorizerId };
    if ('authorizationType' in route) Object.assign(route, authorization);
    else overrideRaw(route, authorization);
    this.protectedRoutes.push(nameOf(route));
  }

  /** Below the API, or made elsewhere with a reference to it, as an HTTP API's routes may be. */
  #isOfApi(route: Partial<Route> & CfnResource): boolean {
    if (route.node.scopes.includes(this.#api)) return true;
    const apiId = 'restApiId' in route ? route.restApiId : (route as Partial<CfnRoute>).apiId;
    return referent(apiId) === this.#api.node.defaultChild;
  }
}

/** The resource whose id this is; undefined for an id that is written out. */
function referent(id: unknown): IConstruct | undefined {
  const token = typeof id === 'string' ? Tokenization.reverseString(id).firstToken : undefined;
  return token && Reference.isReference(token) ? token.target : undefined;
}

/** A raw resource has no properties to set. */
function overrideRaw(route: CfnResource, { authorizationType, authorizerId }: Record<string, string>): void {
  route.addPropertyOverride('AuthorizationType', authorizationType);
  route.addPropertyOverride('AuthorizerId', authorizerId);
}

/** The route as `scopes` names it. */
function nameOf(route: Partial<Route> & CfnResource): string | undefined {
  if ('routeKey' in route) return route.routeKey;
  const method = route.node.scope as Partial<Method> | undefined;
  return method?.resource && `${method.httpMethod} ${method.resource.path}`;
}

/**
 * Protects every route without authorization of its own. Fails the synthesis when there is none, and when a route that
 * needs scopes by name is not there: a misspelt name would leave the real one without.
 */
export function protectRoutes(
  api: RestApi | HttpApi,
  authorizerId: string,
  { rules }: Pick<Protection, 'rules'>,
): void {
  const aspect = new ProtectRoutes(api, authorizerId);
  Aspects.of(api.node.root).add(aspect);
  api.node.addValidation({
    validate: () => {
      const routes = aspect.protectedRoutes;
      if (routes.length === 0) {
        return [
          `The API '${api.node.path}' has nothing to protect: no method or route without authorization of its own. Add its methods inside this application, or do not protect it.`,
        ];
      }
      return Object.keys(rules.routeScopes)
        .filter((name) => !isAmong(name, routes))
        .map(
          (name) =>
            `scopes names '${name}', which the API '${api.node.path}' does not serve. It serves ${routes.join(', ')}.`,
        );
    },
  });
}

function isAmong(name: string, routes: readonly (string | undefined)[]): boolean {
  if (name === '*' || routes.includes(undefined) || routes.includes(name)) return true;
  const [method, path] = name.split(' ');
  const samePath = routes.filter((route) => route?.split(' ')[1] === path);
  return method === 'ANY' ? samePath.length > 0 : samePath.includes(`ANY ${path}`);
}
