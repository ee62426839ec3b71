/** The public construct: the whole life of API keys. It composes, nothing else. */
import { Lazy } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { countLagSeconds } from '../rules/count-timing.ts';
import { httpApiAddress, restApiAddress } from './api-address.ts';
import {
  type ApiKeyLifecycleProps,
  type LifecycleSettings,
  resolveLifecycle,
} from './api-key-lifecycle-props.ts';
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
import { InvalidConfiguration } from './invalid-configuration.ts';
import { addOutputs } from './outputs.ts';
import {
  authorizerId,
  checkAuthorizerType,
  checkedRealm,
  PROTECTION_ID,
  refuseSecondProtection,
  warnOfMissingHeaders,
} from './protectable.ts';
import { ProtectedApis, type StageToCache } from './protected-apis.ts';
import {
  type HttpProtectionOptions,
  type Protection,
  type RestProtectionOptions,
  resolveProtection,
} from './protection.ts';

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
  readonly #settings: LifecycleSettings;
  readonly #apis: ProtectedApis;

  constructor(scope: Construct, id: string, props: ApiKeyLifecycleProps = {}) {
    super(scope, id);
    const settings = resolveLifecycle(this, props);
    this.#settings = settings;
    this.#apis = new ProtectedApis(this, settings);
    const { prefix, flushSeconds, webhooks, wrongKeys, logRetention, removalPolicy } = settings;
    const { schedule, startsPerSecond } = settings.sweep;
    const wrongKeyWindowSeconds = wrongKeys.windowSeconds;

    this.#store = new KeyStore(this, 'Store', { removalPolicy });
    const common = { store: this.#store, logRetention };
    // `Default` leaves no trace in the ids of what is below it.
    const deliveries = new Deliveries(this, 'Default', {
      deliveryApi: props.deliveryApi ?? {},
      secrets: props.secrets ?? {},
      notifications: props.notifications,
      vault: props.deliveries?.vault,
      ...common,
      prefix,
      address: () => this.#apis.address,
      wrongKeyWindowSeconds,
      removalPolicy,
    });
    this.deliveryApi = deliveries.rest;
    const management = {
      ...common,
      prefix,
      policies: settings.policies,
      cachedStages: this.#apis.cachedStages,
      delivery: deliveries.settings,
    };
    this.#rotation = new RotationWorkflow(this, 'Workflow', {
      ...management,
      authorizers: this.#apis.authorizers,
      evidenceLagSeconds: Lazy.string({ produce: () => String(this.#apis.evidenceLagSeconds) }),
    });
    const bulkEmergency = new BulkEmergency(this, 'BulkEmergency', {
      ...common,
      rotation: this.#rotation,
      pace: settings.emergency,
    });
    const pepperRotation = new PepperRotation(this, 'PepperRotation', common);
    const auditTrail = new AuditTrail(this, 'AuditTrail', {
      ...common,
      audit: settings.audit,
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
      pepperDays: settings.pepperDays,
      authorizers: this.#apis.authorizers,
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
      securityTopic: settings.securityTopic,
      wrongKeyWindowSeconds,
      countLagSeconds: countLagSeconds(flushSeconds),
      removalPolicy,
    });
    this.eventBus = telling.bus;
    this.securityTopic = telling.securityTopic;
    telling.publishing.grantCalling(this.#admin.fn);
    new Observability(this, 'Observability', {
      topic: settings.alarmTopic,
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
    this.node.addValidation({ validate: () => this.#apis.complaints() });
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
    this.#apis.noteAddress(api, restApiAddress(api));
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
    this.#apis.noteAddress(api, httpApiAddress(api));
    this.#cache(api, protection, {
      kind: 'http',
      apiId: api.apiId,
      stage: api.defaultStage?.stageName ?? '$default',
    });
  }

  /** A refusal holds at the latest this many milliseconds after it is committed, for the APIs protected so far. */
  get revocationBoundMs(): number {
    return this.#apis.revocationBoundMs;
  }

  /** One function an API: its rules are its own, and so is its share of concurrency. */
  #authorizer(api: Construct, protection: Protection, answer: 'simple' | 'policy'): IFunction {
    const { prefix, memorySeconds, flushSeconds, wrongKeys, logRetention } = this.#settings;
    const authorizer = new Authorizer(this, authorizerId(this, api), {
      store: this.#store,
      prefix,
      protection,
      answer,
      // Behind API Gateway's cache a copy in memory would refill it with an answer that a refusal has just emptied.
      memorySeconds: protection.cacheSeconds > 0 ? 0 : memorySeconds,
      flushSeconds,
      wrongKeyWindowSeconds: wrongKeys.windowSeconds,
      logRetention,
    });
    this.#apis.authorizers.push(authorizer.function);
    return authorizer.function;
  }

  #cache(api: Construct, protection: Protection, stage: StageToCache): void {
    const cached = this.#apis.noteCache(api, protection, stage);
    if (!cached) return;
    allowFlushing(this.#rotation.steps, cached);
    allowFlushing(this.#admin.fn, cached);
  }
}
