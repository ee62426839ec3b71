/** A whole deployment in memory: admin function, rotation machine, authorizer, and the real example MCP server. */
import { randomBytes } from 'node:crypto';
import { handler } from '../../../examples/mcp-server/handler.ts';
import { newKeyId, newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import type { KeyView, RotationView, VersionView } from '../../../lambdas/functions/admin/contract.ts';
import type { FakeAdmin } from './fake-world.ts';
import { keyView, refusal, rotationView } from './samples.ts';

const ACCEPT_MS = 1_000;
const GRACE_MS = 20_000;
const EXTENSION_MS = 10_000;
const THRESHOLD = 0.95;

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

interface Version {
  readonly version: number;
  readonly secret: string;
  status: VersionView['status'];
  requests: number;
  retiredAtMs: number;
}

interface Key {
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly versions: Version[];
  status: KeyView['status'];
  rotation: RotationView | undefined;
  judgedFrom: { old: number; new: number };
  claimed: boolean;
}

export class FakeDeployment {
  readonly secrets: string[] = [];
  readonly #keys = new Map<string, Key>();
  readonly #now: () => number;
  readonly #faults: Faults;
  #calls = 0;

  constructor(now: () => number, faults: Partial<Faults> = {}) {
    this.#now = now;
    this.#faults = { ...NO_FAULTS, ...faults };
  }

  get statuses(): readonly string[] {
    return [...this.#keys.values()].map(({ status }) => status);
  }

  readonly admin: FakeAdmin = {
    issue: ({ scopes, name, owner }) => {
      const keyId = newKeyId(randomBytes);
      const key: Key = {
        keyId,
        scopes,
        versions: [],
        status: 'enabled',
        rotation: undefined,
        judgedFrom: { old: 0, new: 0 },
        claimed: true,
      };
      this.#keys.set(keyId, key);
      const { secret } = this.#addVersion(key, 'active');
      const view = keyView();
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
        startedAt: this.#iso(this.#now()),
        gracePeriodEndsAt: null,
        reason: immediateInvalidation ? 'immediate' : null,
      });
      return { rotationId, executionArn: `arn:execution:${rotationId}`, revocationBoundMs: 5_000 };
    },
    rotation: ({ keyId }) => this.#advance(this.#key(keyId)).rotation ?? null,
    show: ({ keyId }) => {
      const key = this.#advance(this.#key(keyId));
      return keyView({ keyId, scopes: key.scopes, status: key.status, claimable: !key.claimed });
    },
    claim: ({ keyId }) => {
      const key = this.#advance(this.#key(keyId));
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
      this.#advance(key);
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

  /** What the rotation machine has done by now. */
  #advance(key: Key): Key {
    const { rotation } = key;
    if (!rotation) return key;
    if (rotation.status === 'starting') this.#accept(key, rotation);
    while (
      key.rotation?.status === 'dual-key' &&
      this.#now() >= Date.parse(key.rotation.gracePeriodEndsAt ?? '')
    ) {
      this.#judge(key, key.rotation);
    }
    if (key.rotation?.status === 'dual-key')
      key.rotation = { ...key.rotation, migration: this.#migration(key) };
    return key;
  }

  #accept(key: Key, rotation: RotationView): void {
    const atMs = Date.parse(rotation.startedAt) + ACCEPT_MS;
    if (this.#now() < atMs) return;
    const immediate = rotation.reason === 'immediate';
    const old = key.versions[key.versions.length - 1] as Version;
    old.status = immediate ? 'retired' : 'deprecating';
    old.retiredAtMs = atMs;
    const fresh = this.#addVersion(key, 'active');
    key.claimed = false;
    key.judgedFrom = { old: old.requests, new: 0 };
    key.rotation = {
      ...rotation,
      toVersion: fresh.version,
      status: immediate ? 'completed' : 'dual-key',
      gracePeriodEndsAt: this.#iso(atMs + GRACE_MS),
      ...(immediate && { endedAt: this.#iso(atMs), refusedAfterMs: ACCEPT_MS }),
    };
  }

  #judge(key: Key, rotation: RotationView): void {
    const migration = this.#migration(key);
    const atMs = Date.parse(rotation.gracePeriodEndsAt ?? '');
    const [old, fresh] = key.versions as [Version, Version];
    if ((migration.newShare ?? 0) >= THRESHOLD) {
      old.status = 'retired';
      old.retiredAtMs = atMs;
      const endedAt = this.#iso(atMs);
      key.rotation = { ...rotation, status: 'completed', evidence: 'migrated', endedAt, migration };
      return;
    }
    key.judgedFrom = { old: old.requests, new: fresh.requests };
    key.rotation = {
      ...rotation,
      evidence: 'stragglers',
      extensions: rotation.extensions + 1,
      gracePeriodEndsAt: this.#iso(atMs + EXTENSION_MS),
    };
  }

  #migration(key: Key) {
    const [old, fresh] = key.versions as [Version, Version];
    const oldRequests = old.requests - key.judgedFrom.old;
    const newRequests = fresh.requests - key.judgedFrom.new;
    const all = oldRequests + newRequests;
    return { oldRequests, newRequests, newShare: all === 0 ? null : newRequests / all, threshold: THRESHOLD };
  }

  #addVersion(key: Key, status: Version['status']): Version {
    const secret = newKeyText({ prefix: 'mk', environment: 'live', keyId: key.keyId }, randomBytes);
    this.secrets.push(secret);
    const version = { version: key.versions.length + 1, secret, status, requests: 0, retiredAtMs: 0 };
    key.versions.push(version);
    return version;
  }

  #key(keyId: string): Key {
    const key = this.#keys.get(keyId);
    if (!key) throw refusal('unknown-key');
    return key;
  }

  #iso(atMs: number): string {
    return new Date(atMs).toISOString();
  }
}
