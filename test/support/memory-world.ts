/** A whole deployment in memory: every use case runs on it as deployed, with time and chance in the test's hand. */

import type { Actor } from '../../lambdas/core/domain/audit-event.ts';
import type {
  ApiRules,
  AuthorizationDecision,
  AuthorizationRequest,
} from '../../lambdas/core/domain/authorization.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { Clock, RandomBytes } from '../../lambdas/core/ports/ambient.ts';
import type { Peppers } from '../../lambdas/core/ports/peppers.ts';
import type { SecurityAlarm } from '../../lambdas/core/ports/security-alarm.ts';
import { authorize } from '../../lambdas/core/use-cases/authorize.ts';
import { issueKey } from '../../lambdas/core/use-cases/issue-key.ts';
import type { IssueOrder } from '../../lambdas/core/use-cases/issue-order.ts';
import { KeyMemory } from '../../lambdas/core/use-cases/key-memory.ts';
import type { OfferDeps } from '../../lambdas/core/use-cases/offer-deps.ts';
import type { RotationDeps } from '../../lambdas/core/use-cases/rotation-deps.ts';
import { UseMeter } from '../../lambdas/core/use-cases/use-meter.ts';
import { WatchedSealer } from '../../lambdas/core/use-cases/watched-sealer.ts';
import { WrongKeyMeter } from '../../lambdas/core/use-cases/wrong-key-meter.ts';
import type { PolicyConfig } from '../../rules/policy.ts';
import { resolvePolicies } from '../../rules/resolve-policy.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryExecutions } from './memory-executions.ts';
import { MemoryKeyReader } from './memory-key-reader.ts';
import { MemoryKeyStore } from './memory-key-store.ts';
import { MemoryPeppers } from './memory-peppers.ts';
import { MemoryLinks, MemoryPlace } from './memory-place.ts';
import { MemorySealer } from './memory-sealer.ts';
import { MemoryTable } from './memory-table.ts';
import { MemoryUses } from './memory-uses.ts';
import { MemoryWrongKeys } from './memory-wrong-keys.ts';
import { seededRandomBytes } from './random-bytes.ts';
import { RecordingCaches } from './recording-caches.ts';
import { RuleVerifier } from './rule-verifier.ts';

export const RULES: ApiRules = {
  prefix: 'mk',
  environments: ['live', 'test'],
  toolScopes: 'off',
  routeScopes: {},
};

const NO_MCP_HEADERS = { method: undefined, name: undefined, protocolVersion: undefined };

export const OPERATOR: Actor = { principal: 'arn:aws:iam::111122223333:user/ops', via: 'cli' };

const ORDER: IssueOrder = {
  owner: 'team@example.com',
  name: 'A client',
  environment: 'live',
  scopes: ['tools:*'],
  policy: 'standard',
  delivery: 'operator',
  allowedAddresses: [],
};

/** One environment of the authorizer: its memory, its counts, its own reads. */
export interface Authorizer {
  readonly reader: MemoryKeyReader;
  readonly meter: UseMeter;
  readonly wrongKeys: WrongKeyMeter;
  /** Milliseconds this environment may answer from memory. */
  readonly memoryMs: number;
  authorize(
    presented: AuthorizationRequest['presented'],
    request?: Partial<AuthorizationRequest>,
  ): Promise<AuthorizationDecision>;
}

export interface WorldOptions {
  /** Default 0: windows are as short as a test asks for. */
  readonly evidenceLagSeconds?: number;
  readonly policies?: Readonly<Record<string, PolicyConfig>>;
  readonly randomBytes?: RandomBytes;
  readonly rules?: ApiRules;
  /** Instead of places in memory. */
  readonly places?: (clock: Clock) => Partial<OfferDeps['places']>;
  /** Under which keys are hashed and verified. Default: `world.peppers`. */
  readonly peppers?: Peppers;
}

/** The default of a deployment. */
export const WRONG_KEY_WINDOW_SECONDS = 300;

export class MemoryWorld {
  readonly table = new MemoryTable();
  readonly clock = new ManualClock();
  readonly store = new MemoryKeyStore(this.table);
  readonly uses = new MemoryUses(this.table);
  readonly wrongKeys = new MemoryWrongKeys(this.table);
  readonly sealer = new MemorySealer();
  /** Every broken seal that was met, as `keyId/version`. */
  readonly brokenSeals: string[] = [];
  /** Every disputed claim that was told, as `keyId/version`. */
  readonly disputes: string[] = [];
  readonly alarm: SecurityAlarm = {
    claimDisputed: ({ keyId, version }) => void this.disputes.push(`${keyId}/${version}`),
    sealBroken: (found) =>
      void this.brokenSeals.push(`${found.keyId}/${'version' in found ? found.version : found.backup}`),
  };
  readonly peppers = new MemoryPeppers();
  readonly places = { 'secrets-manager': new MemoryPlace(), vault: new MemoryPlace() };
  readonly links = new MemoryLinks();
  readonly caches = new RecordingCaches();
  readonly executions = new MemoryExecutions();
  readonly rules: ApiRules;
  readonly verifier: RuleVerifier;
  readonly deps: RotationDeps;

  constructor(options: WorldOptions = {}) {
    const policies = resolvePolicies(options.policies ?? {});
    if (!policies.ok) throw new Error(policies.message);
    this.rules = options.rules ?? RULES;
    const memory = new KeyMemory(new MemoryKeyReader(this.table), 0);
    const { clock } = this;
    const peppers = options.peppers ?? this.peppers;
    this.verifier = new RuleVerifier({ memory, peppers }, this.rules);
    this.deps = {
      store: this.store,
      uses: this.uses,
      sealer: new WatchedSealer({
        sealer: this.sealer,
        store: this.store,
        alarm: this.alarm,
        clock: clock.read,
      }),
      peppers,
      places: { ...this.places, ...options.places?.(clock.read) },
      links: { sender: this.links, pageUrl: 'https://keys.example.com/claim' },
      verifier: this.verifier,
      caches: this.caches,
      executions: this.executions,
      policies: policies.value,
      prefix: 'mk',
      evidenceLagSeconds: options.evidenceLagSeconds ?? 0,
      clock: clock.read,
      randomBytes: options.randomBytes ?? seededRandomBytes('world'),
    };
  }

  /** @returns the key's id and the key itself */
  async issue(order: Partial<IssueOrder> = {}): Promise<{ readonly keyId: string; readonly key: string }> {
    const { record, key } = await issueKey(this.deps, { ...ORDER, ...order }, OPERATOR);
    return { keyId: record.keyId, key: key.reveal() };
  }

  authorizer({
    memoryMs = 0,
    flushMs = 0,
    rules = this.rules,
    peppers = this.deps.peppers as Pick<Peppers, 'byVersion'>,
  } = {}): Authorizer {
    const reader = new MemoryKeyReader(this.table);
    const meter = new UseMeter(this.uses, flushMs);
    const memory = new KeyMemory(reader, memoryMs);
    const wrongKeys = new WrongKeyMeter(this.wrongKeys, WRONG_KEY_WINDOW_SECONDS);
    const deps = { memory, meter, wrongKeys, peppers, clock: this.clock.read };
    return {
      reader,
      meter,
      wrongKeys,
      memoryMs,
      authorize: (presented, request = {}) =>
        authorize(deps, rules, { presented, mcp: NO_MCP_HEADERS, ...request }),
    };
  }

  /** The key as it stands; the key must exist. */
  record(keyId: string): KeyRecord {
    return this.table.keys.get(keyId) as KeyRecord;
  }

  /** The key of a version that lies sealed, as its owner will receive it. */
  async sealedKey(keyId: string, version: number): Promise<string> {
    const sealed = this.table.seals.get(`${keyId}/${version}`);
    if (!sealed) throw new Error(`Version ${version} of ${keyId} does not lie sealed.`);
    return (await this.sealer.open(sealed)).reveal();
  }

  /** What happened to a key, in order. */
  actions(keyId: string): readonly string[] {
    return (this.table.events.get(keyId) ?? []).map(({ action }) => action);
  }

  /** Statuses by version, such as `1:deprecating 2:active`. */
  statuses(keyId: string): string {
    return this.record(keyId)
      .versions.map(({ version, status }) => `${version}:${status}`)
      .join(' ');
  }
}
