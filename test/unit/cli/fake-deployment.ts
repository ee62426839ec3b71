/** A whole deployment in memory: admin function, rotation machine, authorizer, and the real example MCP server. */
import { randomBytes } from 'node:crypto';
import { handler } from '../../../examples/mcp-server/handler.ts';
import { newKeyId } from '../../../lambdas/core/domain/key-format.ts';
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { addVersion, advance, type FakeKey } from './fake-rotation.ts';
import type { FakeAdmin } from './fake-world.ts';
import { keyView, refusal, rotationView } from './samples.ts';

export interface Faults {
  /** How long a retired version is still let in: the authorizer's memory. */
  readonly refusalLagMs: number;
  /** The realm header of a REST API's 401 is missing. */
  readonly noRealm: boolean;
  /** Every n-th call with a valid key fails. */
  readonly failEvery: number;
  /** Deprecating versions come without a warning. */
  readonly noWarning: boolean;
  readonly revokeFails: boolean;
}

const NO_FAULTS: Faults = {
  refusalLagMs: 800,
  noRealm: false,
  failEvery: 0,
  noWarning: false,
  revokeFails: false,
};

export class FakeDeployment {
  readonly #keys = new Map<string, FakeKey>();
  readonly #now: () => number;
  readonly #faults: Faults;
  #calls = 0;

  constructor(now: () => number, faults: Partial<Faults> = {}) {
    this.#now = now;
    this.#faults = { ...NO_FAULTS, ...faults };
  }

  /** Every key text there ever was. */
  get secrets(): readonly string[] {
    return [...this.#keys.values()].flatMap(({ versions }) => versions.map(({ secret }) => secret));
  }

  get statuses(): readonly string[] {
    return [...this.#keys.values()].map(({ status }) => status);
  }

  readonly admin: FakeAdmin = {
    issue: ({ scopes, name, owner }) => {
      const keyId = newKeyId(randomBytes);
      const key: FakeKey = {
        keyId,
        scopes,
        versions: [],
        status: 'enabled',
        rotation: undefined,
        judgedFrom: { old: 0, new: 0 },
        claimed: true,
      };
      this.#keys.set(keyId, key);
      const { secret } = addVersion(key, 'active');
      const { place: _nowhere, ...view } = keyView();
      return { ...view, keyId, owner, name, scopes, version: 1, policy: 'drill', key: secret };
    },
    rotate: ({ keyId, purpose, immediateInvalidation }) => {
      const key = this.#key(keyId);
      const rotationId = `rot-${keyId}`;
      key.rotation = rotationView({
        rotationId,
        purpose: purpose as RotationView['purpose'],
        status: 'starting',
        toVersion: null,
        startedAt: new Date(this.#now()).toISOString(),
        gracePeriodEndsAt: null,
        reason: immediateInvalidation ? 'immediate' : null,
      });
      return { rotationId, executionArn: `arn:execution:${rotationId}`, revocationBoundMs: 5_000 };
    },
    rotation: ({ keyId }) => advance(this.#key(keyId), this.#now()).rotation ?? null,
    show: ({ keyId }) => {
      const key = advance(this.#key(keyId), this.#now());
      return keyView({ keyId, scopes: key.scopes, status: key.status, claimable: !key.claimed });
    },
    claim: ({ keyId }) => {
      const key = advance(this.#key(keyId), this.#now());
      const active = key.versions.find(({ status }) => status === 'active');
      if (!active || key.claimed) throw refusal('nothing-to-claim');
      key.claimed = true;
      return { keyId, version: active.version, key: active.secret };
    },
    revoke: ({ keyId }) => {
      if (this.#faults.revokeFails) throw refusal('internal');
      const key = this.#key(keyId);
      key.status = 'revoked';
      return keyView({ keyId, status: 'revoked' });
    },
  };

  /** API Gateway with the authorizer, in front of the example server's own handler. */
  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const isHttpApi = String(url).includes('http.');
    const headers = Object.fromEntries(new Headers(init.headers));
    const context = this.#authorize(headers.authorization);
    if (!context) {
      const realm = isHttpApi || this.#faults.noRealm ? {} : { 'www-authenticate': 'Bearer realm="keyturn"' };
      return Response.json({ message: 'Unauthorized' }, { status: 401, headers: realm });
    }
    this.#calls += 1;
    if (this.#faults.failEvery > 0 && this.#calls % this.#faults.failEvery === 0) {
      return Response.json({ message: 'Internal server error' }, { status: 500 });
    }
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? init.body : null;
    const shared = { headers, body, isBase64Encoded: false };
    const result = await handler(
      isHttpApi
        ? {
            ...shared,
            version: '2.0',
            rawPath: '/mcp',
            requestContext: { http: { method }, authorizer: { lambda: context } },
          }
        : { ...shared, httpMethod: method, path: '/mcp', requestContext: { authorizer: context } },
    );
    const empty = result.statusCode === 202 || result.statusCode === 204;
    return new Response(empty ? null : result.body, { status: result.statusCode, headers: result.headers });
  };

  #authorize(authorization: string | undefined) {
    for (const key of this.#keys.values()) {
      advance(key, this.#now());
      const version = key.versions.find(({ secret }) => authorization === `Bearer ${secret}`);
      if (!version || key.status !== 'enabled' || version.status === 'pending') continue;
      const retired = version.status === 'retired';
      if (retired && this.#now() > version.retiredAtMs + this.#faults.refusalLagMs) continue;
      version.requests += 1;
      const deprecating = version.status === 'deprecating' && !this.#faults.noWarning;
      return {
        keyId: key.keyId,
        keyVersion: version.version,
        keyStatus: deprecating ? 'deprecating' : 'active',
        owner: 'drill@keyturn.invalid',
        environment: 'live',
        scopes: key.scopes.join(' '),
        ...(deprecating && { keyExpiresAt: key.rotation?.gracePeriodEndsAt }),
      };
    }
    return undefined;
  }

  #key(keyId: string): FakeKey {
    const key = this.#keys.get(keyId);
    if (!key) throw refusal('unknown-key');
    return key;
  }
}
