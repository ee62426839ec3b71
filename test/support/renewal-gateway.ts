/** API Gateway with everything behind it in memory: an API that wants a key, and the API where keys are renewed. */
import { type RouteDeps, routed } from '../../lambdas/functions/renewal/routes.ts';
import { keyStatusHeader } from '../../server/key-status.ts';
import type { Authorizer } from './memory-world.ts';
import type { RenewalWorld } from './renewal-world.ts';

export const RENEWAL_URL = 'https://keys.example.com';
export const API_URL = 'https://api.example.com/mcp';

export interface Arrived {
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

export class RenewalGateway {
  readonly arrived: Arrived[] = [];
  readonly world: RenewalWorld;
  readonly #authorizer: Authorizer;
  readonly #deps: RouteDeps;
  /** Answers in the place of what would be there; undefined lets it be. */
  intercept: (url: string, init: RequestInit) => Promise<Response | undefined> | Response | undefined = () =>
    undefined;
  /** What the API answers to a call that was let in. */
  serve: (request: Request, keyVersion: number) => Promise<Response> | Response = () =>
    Response.json({ done: true });

  constructor(world: RenewalWorld) {
    this.world = world;
    this.#authorizer = world.authorizer();
    this.#deps = { ...world.renewing, deliveryUrl: RENEWAL_URL };
  }

  /** Calls to the API, the renewal API's left out. */
  get calls(): readonly Arrived[] {
    return this.arrived.filter(({ url }) => url.startsWith(API_URL));
  }

  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, { ...init, ...(init.body ? { duplex: 'half' } : {}) } as RequestInit);
    const { url } = request;
    const body = await request.clone().text();
    const authorization = request.headers.get('authorization');
    this.arrived.push({ url, authorization, body });
    const instead = await this.intercept(url, init);
    if (instead) return instead;
    if (url.startsWith(`${RENEWAL_URL}/`)) return this.#renewals(url, body, authorization);
    return url.startsWith(API_URL) ? this.#api(request, authorization) : Response.json({ elsewhere: true });
  };

  async #api(request: Request, authorization: string | null): Promise<Response> {
    const decision = await this.#authorizer.authorize(authorization?.replace('Bearer ', ''));
    if (decision.outcome !== 'allowed') return Response.json({ error: 'unauthorized' }, { status: 401 });
    const { version, versionStatus, expiresAtMs } = decision.identity;
    const response = await this.serve(request, version);
    const warning = keyStatusHeader({
      keyStatus: versionStatus as 'active' | 'deprecating',
      keyVersion: version,
      ...(expiresAtMs === undefined ? {} : { keyExpiresAt: new Date(expiresAtMs).toISOString() }),
    });
    if (warning) response.headers.set(warning.name, warning.value);
    return response;
  }

  async #renewals(url: string, body: string, authorization: string | null): Promise<Response> {
    const [, , keyId = '', last] = new URL(url).pathname.split('/');
    const proposing = last === 'proposal';
    const decision = proposing && (await this.#authorizer.authorize(authorization?.replace('Bearer ', '')));
    if (decision && decision.outcome !== 'allowed') return Response.json({}, { status: 401 });
    const { answer } = await routed(this.#deps, {
      resource: `/renewals/{keyId}${last ? `/${last}` : ''}`,
      pathParameters: { keyId },
      body: body === '' ? null : body,
      requestContext: {
        requestId: 'request-1',
        identity: { sourceIp: '203.0.113.7', userAgent: 'agent/1.0' },
        ...(decision
          ? { authorizer: { keyId: decision.identity.keyId, keyVersion: String(decision.identity.version) } }
          : {}),
      },
    });
    return new Response(answer.body, { status: answer.statusCode, headers: answer.headers });
  }
}
