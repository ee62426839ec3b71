/** The public construct: the whole life of API keys. It composes, nothing else. */
import { Lazy, RemovalPolicy as Removal, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { CachedStage } from '../lambdas/functions/deployment.ts';
import { countLagSeconds } from '../rules/count-timing.ts';
import { parseDurationSeconds } from '../rules/duration.ts';
import { DEFAULT_PREFIX, parseKeyPrefix } from '../rules/key-prefix.ts';
import type { PolicyConfig } from '../rules/policy.ts';
import { READ_ATTEMPT_MS } from '../rules/read-timing.ts';
import { resolvePolicies } from '../rules/resolve-policy.ts';
import { checkedTopic } from './alarm-topic.ts';
import { httpApiAddress, restApiAddress } from './api-address.ts';
import { type AuditConfig, resolveAudit } from './audit-config.ts';
import { Admin } from './constructs/admin.ts';
import { AuditTrail } from './constructs/audit-trail.ts';
import { Authorizer } from './constructs/authorizer.ts';
import { BulkEmergency } from './constructs/bulk-emergency.ts';
import { Deliveries } from './constructs/deliveries.ts';
import { HttpProtection } from './constructs/http-protection.ts';
import { allowFlushing } from './constructs/key-managing-function.ts';
import { KeyStore } from './constructs/key-store.ts';
import { Observability } from './constructs/observability.ts';
import { PepperRotation } from './constructs/pepper-rotation.ts';
import { RestProtection } from './constructs/rest-protection.ts';
import { RotationWorkflow } from './constructs/rotation-workflow.ts';
import { Sweep } from './constructs/sweep.ts';
import { addTelling } from './constructs/telling.ts';
import type { DeliveriesConfig } from './deliveries-config.ts';
import type { DeliveryApiConfig } from './delivery-config.ts';
import { type EmergencyConfig, resolveEmergency } from './emergency-config.ts';
import { InvalidConfiguration, valid } from './invalid-configuration.ts';
import type { NotificationsConfig } from './notifications-config.ts';
import { addOutputs } from './outputs.ts';
import { type PepperConfig, resolvePepper } from './pepper-config.ts';
import {
  authorizerId,
  checkAuthorizerType,
  checkedRealm,
  PROTECTION_ID,
  refuseSecondProtection,
  warnOfMissingHeaders,
} from './protectable.ts';
import {
  type HttpProtectionOptions,
  type Protection,
  type RestProtectionOptions,
  resolveProtection,
} from './protection.ts';
import type { SecretsConfig } from './secrets-config.ts';
import { resolveSweep, type SweepConfig } from './sweep-config.ts';
import { resolveWebhooks, type WebhooksConfig, warnOfPrivateAddresses } from './webhooks-config.ts';
import { resolveWrongKeys, type WrongKeysConfig } from './wrong-keys-config.ts';

export interface ApiKeyLifecycleProps {
  /** First part of every key: 2 to 8 lower-case letters or digits. Default: `mk`. */
  readonly prefix?: string;
  /** Own rotation policies by name, or changes of the built-in ones. */
  readonly policies?: Readonly<Record<string, PolicyConfig>>;
  /**
   * ISO 8601 duration for which an authorizer answers from memory, up to PT5M; `PT0S` reads each time. It is the
   * greater part of the revocation bound. Default: `PT5S`.
   */
  readonly keyMemory?: string;
  /** ISO 8601 duration that use counts may wait in memory, up to PT5M; `PT0S` writes each. Default: `PT10S`. */
  readonly useFlushInterval?: string;
  /**
   * When due rotations are started, and how many in a second; `false` leaves them to `keyturn sweep`. Default: daily
   * at 03:00 UTC, 15 a second.
   */
  readonly sweep?: SweepConfig | false;
  /** How many keys an emergency for an owner or for all keys rotates at once. Default: 100. */
  readonly emergency?: EmergencyConfig;
  /**
   * The API at which owners and their clients get new keys: `{ url, requestsPerSecond, cloudWatchRole }`. Default: at API
   * Gateway's own address, 20 requests a second.
   */
  readonly deliveryApi?: DeliveryApiConfig;
  /**
   * Keys that clients read from Secrets Manager: `{ endpoint, schedule, recoveryDays }`. Default: told the first protected
   * API, rotated by Secrets Manager's schedule too, restorable for 30 days.
   */
  readonly secrets?: SecretsConfig;
  /** How often Secrets Manager has the pepper rotated: `{ rotateEvery }`. Default: once a year. */
  readonly pepper?: PepperConfig;
  /**
   * Mail to owners: `{ from, replyTo, footer }`, an address that Amazon SES lets you send from. Default: none is sent, and claim
   * links are handed to whoever asks for them.
   */
  readonly notifications?: NotificationsConfig;
  /** Ways for new keys to reach their owners that need configuration. Default: none. */
  readonly deliveries?: DeliveriesConfig;
  /** The daily digest of the audit: `{ retention, mode }`. Default: nobody can delete a digest for 400 days. */
  readonly audit?: AuditConfig;
  /**
   * Where webhooks may be: `{ allowPrivateAddresses, certificateAuthorities }`. Default: at public addresses, with
   * certificates of public authorities.
   */
  readonly webhooks?: WebhooksConfig;
  /** Told of every alarm, in the same Region; CloudWatch must be allowed to publish to it. Default: nobody is told. */
  readonly alarmTopic?: ITopic;
  /**
   * Told of what security must hear of: emergencies, altered seals, retired keys in use. Default: an encrypted topic of
   * the stack, `keys.securityTopic`.
   */
  readonly securityTopic?: ITopic;
  /** How wrong keys are counted: `{ window, surge }`. Default: by five minutes; a thousand in them are a surge. */
  readonly wrongKeys?: WrongKeysConfig;
  /** How long logs are kept. Default: three months. */
  readonly logRetention?: RetentionDays;
  /** What happens to the table, the pepper and the KMS keys when the stack goes. Default: they stay. */
  readonly removalPolicy?: RemovalPolicy;
}

/** Emptying API Gateway's caches, where there are any, takes up to this long. */
const CACHE_FLUSH_MS = 5_000;
const LONGEST_MEMORY_SECONDS = 300;

export class ApiKeyLifecycle extends Construct {
  /** The machine that rotates; start it by hand with `{ "keyId": "…", "purpose": "manual" }`. */
  readonly rotationMachine: IStateMachine;
  /** The function behind the `keyturn` command. */
  readonly adminFunction: IFunction;
  /** Where events of rotations go: `source` is `keyturn`. */
  readonly eventBus: EventBus;
  /** Where security is alerted: subscribe whoever is to hear. */
  readonly securityTopic: ITopic;
  /** Where owners and their clients get new keys. */
  readonly deliveryApi: RestApi;

  readonly #store: KeyStore;
  readonly #rotation: RotationWorkflow;
  readonly #admin: Admin;
  readonly #prefix: string;
  readonly #memorySeconds: number;
  readonly #flushSeconds: number;
  readonly #wrongKeyWindowSeconds: number;
  readonly #logRetention: RetentionDays;
  readonly #authorizers: IFunction[] = [];
  readonly #cachedStages: CachedStage[] = [];
  readonly #cacheSeconds: number[] = [];
  /** Of the first protected API. */
  #address: string | undefined;

  constructor(scope: Construct, id: string, props: ApiKeyLifecycleProps = {}) {
    super(scope, id);
    const policies = props.policies ?? {};
    valid(resolvePolicies(policies));
    this.#prefix = valid(parseKeyPrefix(props.prefix ?? DEFAULT_PREFIX));
    this.#memorySeconds = shortDuration(props.keyMemory ?? 'PT5S', 'keyMemory');
    this.#flushSeconds = shortDuration(props.useFlushInterval ?? 'PT10S', 'useFlushInterval');
    const { schedule, startsPerSecond } = resolveSweep(props.sweep ?? {});
    const pace = resolveEmergency(props.emergency ?? {});
    const pepperDays = resolvePepper(props.pepper ?? {});
    const audit = resolveAudit(props.audit ?? {}, props.removalPolicy !== Removal.DESTROY);
    const webhooks = resolveWebhooks(props.webhooks ?? {});
    warnOfPrivateAddresses(this, webhooks);
    const alarmTopic = checkedTopic(this, 'alarmTopic', props.alarmTopic);
    const ownSecurityTopic = checkedTopic(this, 'securityTopic', props.securityTopic);
    const wrongKeys = resolveWrongKeys(props.wrongKeys ?? {});
    this.#wrongKeyWindowSeconds = wrongKeys.windowSeconds;
    this.#logRetention = props.logRetention ?? RetentionDays.THREE_MONTHS;

    const removalPolicy = props.removalPolicy ?? Removal.RETAIN;
    this.#store = new KeyStore(this, 'Store', { removalPolicy });
    const common = { store: this.#store, logRetention: this.#logRetention };
    // `Default` leaves no trace in the ids of what is below it.
    const deliveries = new Deliveries(this, 'Default', {
      deliveryApi: props.deliveryApi ?? {},
      secrets: props.secrets ?? {},
      notifications: props.notifications,
      vault: props.deliveries?.vault,
      ...common,
      prefix: this.#prefix,
      address: () => this.#address,
      wrongKeyWindowSeconds: this.#wrongKeyWindowSeconds,
      removalPolicy,
    });
    this.deliveryApi = deliveries.rest;
    const management = {
      ...common,
      prefix: this.#prefix,
      policies,
      cachedStages: this.#cachedStages,
      delivery: deliveries.settings,
    };
    this.#rotation = new RotationWorkflow(this, 'Workflow', {
      ...management,
      authorizers: this.#authorizers,
      evidenceLagSeconds: Lazy.string({ produce: () => String(this.#evidenceLagSeconds()) }),
    });
    const bulkEmergency = new BulkEmergency(this, 'BulkEmergency', {
      ...common,
      rotation: this.#rotation,
      pace,
    });
    const pepperRotation = new PepperRotation(this, 'PepperRotation', common);
    const auditTrail = new AuditTrail(this, 'AuditTrail', {
      ...common,
      audit,
      removalPolicy,
    });
    this.#admin = new Admin(this, 'Admin', {
      ...management,
      auditTrail,
      bulkEmergency,
      pepperRotation,
      machine: this.#rotation.machine,
      machineName: this.#rotation.machineName,
      revocationBoundMs: Lazy.string({ produce: () => String(this.revocationBoundMs) }),
      startsPerSecond,
      publishFunction: Lazy.string({ produce: () => telling.publishing.fn.function.functionName }),
      webhooks,
    });
    deliveries.connect({
      rotation: this.#rotation,
      admin: this.#admin,
      pepperRotation,
      pepperDays,
      authorizers: this.#authorizers,
    });
    if (schedule !== undefined) {
      new Sweep(this, 'Sweep', {
        ...common,
        machine: this.#rotation.machine,
        schedule,
        startsPerSecond,
      });
    }
    const telling = addTelling(this, {
      ...common,
      mail: deliveries.noticeMail,
      webhooks,
      securityTopic: ownSecurityTopic,
      wrongKeyWindowSeconds: this.#wrongKeyWindowSeconds,
      countLagSeconds: countLagSeconds(this.#flushSeconds),
      removalPolicy,
    });
    this.eventBus = telling.bus;
    this.securityTopic = telling.securityTopic;
    telling.publishing.grantCalling(this.#admin.fn);
    new Observability(this, 'Observability', {
      topic: alarmTopic,
      securityTopic: this.securityTopic,
      sweeps: schedule !== undefined,
      wrongKeysSurge: wrongKeys.surge,
      watched: {
        EventsGivenUp: telling.publishing.givenUp,
        EventsLate: telling.publishing.fn.function,
        EmergencyIncomplete: bulkEmergency.machine,
        PepperRunFailed: pepperRotation.machine,
      },
    });
    this.rotationMachine = this.#rotation.machine;
    this.adminFunction = this.#admin.fn.function;
    addOutputs(this, {
      AdminFunctionName: this.adminFunction.functionName,
      RotationMachineArn: this.rotationMachine.stateMachineArn,
      PepperMachineArn: pepperRotation.machine.stateMachineArn,
      PepperSecretArn: this.#store.pepper.secretArn,
      TableName: this.#store.table.tableName,
      EventBusName: this.eventBus.eventBusName,
      DeliveryUrl: deliveries.url,
      AuditBucketName: auditTrail.bucket.bucketName,
      SecurityTopicArn: this.securityTopic.topicArn,
    });
    this.node.addValidation({ validate: () => this.#complaints() });
  }

  /**
   * Puts the authorizer before every method of a REST API that has no authorization of its own, and gives its 401,
   * 403 and authorizer failures their headers and JSON bodies.
   *
   * @throws InvalidConfiguration with what was wrong, the value and the mend
   */
  protectRestApi(api: RestApi, options: RestProtectionOptions = {}): void {
    refuseSecondProtection(api);
    const authorizerType = options.authorizerType ?? 'REQUEST';
    const protection = resolveProtection(options, authorizerType === 'TOKEN');
    checkAuthorizerType(authorizerType, protection);
    if (authorizerType === 'REQUEST') warnOfMissingHeaders(api, protection);
    const authorizer = this.#authorizer(api, protection, 'policy');
    new RestProtection(api, PROTECTION_ID, {
      api,
      authorizer,
      authorizerType,
      protection,
      realm: checkedRealm(options.realm ?? 'api'),
    });
    this.#tell(api, restApiAddress(api));
    this.#cache(api, protection, {
      kind: 'rest',
      apiId: api.restApiId,
      stage: api.deploymentStage?.stageName,
    });
  }

  /**
   * Puts the authorizer before every route of an HTTP API that has no authorization of its own. HTTP APIs cannot add
   * headers or a body to a refusal: a 401 there carries no challenge.
   *
   * @throws InvalidConfiguration with what was wrong, the value and the mend
   */
  protectHttpApi(api: HttpApi, options: HttpProtectionOptions = {}): void {
    refuseSecondProtection(api);
    const protection = resolveProtection(options, false);
    warnOfMissingHeaders(api, protection);
    const answer = options.answer ?? 'simple';
    if (answer !== 'simple' && answer !== 'policy') {
      throw new InvalidConfiguration(`answer '${String(answer)}' is not known.`, 'Choose simple or policy.');
    }
    const authorizer = this.#authorizer(api, protection, answer);
    new HttpProtection(api, PROTECTION_ID, { api, authorizer, answer, protection });
    this.#tell(api, httpApiAddress(api));
    this.#cache(api, protection, {
      kind: 'http',
      apiId: api.apiId,
      stage: api.defaultStage?.stageName ?? '$default',
    });
  }

  /** A refusal holds at the latest this many milliseconds after it is committed, for the APIs protected so far. */
  get revocationBoundMs(): number {
    const flushMs = this.#cachedStages.length > 0 ? CACHE_FLUSH_MS : 0;
    return Math.max(this.#memorySeconds * 1000, flushMs) + READ_ATTEMPT_MS;
  }

  /**
   * How long a use may take to be on record as a deprecating version's: an authorizer may still take the version for
   * active while it remembers it, API Gateway may answer without asking, and counts wait for their flush.
   */
  #evidenceLagSeconds(): number {
    const unseen = Math.max(this.#memorySeconds, ...this.#cacheSeconds);
    return unseen + this.#flushSeconds + READ_ATTEMPT_MS / 1000;
  }

  /** One function an API: its rules are its own, and so is its share of concurrency. */
  #authorizer(api: Construct, protection: Protection, answer: 'simple' | 'policy'): IFunction {
    const authorizer = new Authorizer(this, authorizerId(this, api), {
      store: this.#store,
      prefix: this.#prefix,
      protection,
      answer,
      // Behind API Gateway's cache a copy in memory would refill it with an answer that a refusal has just emptied.
      memorySeconds: protection.cacheSeconds > 0 ? 0 : this.#memorySeconds,
      flushSeconds: this.#flushSeconds,
      wrongKeyWindowSeconds: this.#wrongKeyWindowSeconds,
      logRetention: this.#logRetention,
    });
    this.#authorizers.push(authorizer.function);
    return authorizer.function;
  }

  /** An API of another stack refers to this one already: clients are told the first of this stack. */
  #tell(api: Construct, address: string | undefined): void {
    if (Stack.of(api) === Stack.of(this)) this.#address ??= address;
  }

  /** Where API Gateway keeps answers, refusals must be able to empty its cache. */
  #cache(api: Construct, { cacheSeconds }: Protection, { kind, apiId, stage }: StageToCache): void {
    if (cacheSeconds === 0) return;
    if (stage === undefined) {
      throw new InvalidConfiguration(
        `cacheTtl is set for the API '${api.node.path}', which has no stage whose cache refusals could empty.`,
        'Let the API deploy its own stage, or leave cacheTtl out.',
      );
    }
    if (Stack.of(api) !== Stack.of(this)) {
      throw new InvalidConfiguration(
        `cacheTtl is set for the API '${api.node.path}', which is in another stack than its keys.`,
        'Put both into one stack, so that refusals can empty the cache, or leave cacheTtl out.',
      );
    }
    const cached: CachedStage = { kind, apiId, stage };
    this.#cachedStages.push(cached);
    allowFlushing(this.#rotation.steps, cached);
    allowFlushing(this.#admin.fn, cached);
  }

  #complaints(): string[] {
    if (this.#authorizers.length > 0) return [];
    return [
      'No API is protected, so no new key could be verified. Call protectRestApi(api) or protectHttpApi(api).',
    ];
  }
}

/** A stage as far as the API has one of its own. */
type StageToCache = Omit<CachedStage, 'stage'> & { readonly stage: string | undefined };

function shortDuration(text: string, what: string): number {
  const seconds = valid(parseDurationSeconds(text, what));
  if (seconds > LONGEST_MEMORY_SECONDS) {
    throw new InvalidConfiguration(`${what} '${text}' is too long.`, 'Give PT0S to PT5M.');
  }
  return seconds;
}
