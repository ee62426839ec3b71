/** The ways in which new keys reach their owners, and who may bring them. It composes, nothing else. */
import { Aws, Lazy, type RemovalPolicy } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MailSettings } from '../../lambdas/adapters/ses/ses-mailer.ts';
import type { DeliverySettings, SecretSettings } from '../../lambdas/functions/delivery.ts';
import { CLAIM_PATH } from '../../rules/delivery-paths.ts';
import { type DeliveryApiConfig, resolveDeliveryApi } from '../delivery-config.ts';
import { type NotificationsConfig, resolveNotifications } from '../notifications-config.ts';
import { resolveSecrets, type SecretsConfig } from '../secrets-config.ts';
import type { VaultDeliveryConfig } from '../vault-config.ts';
import type { Admin } from './admin.ts';
import { ClaimPage } from './claim-page.ts';
import { DeliveryApi } from './delivery-api.ts';
import type { KeyStore } from './key-store.ts';
import { MailEvents } from './mail-events.ts';
import { allowLookingAtSending, allowSending } from './mail-sending.ts';
import type { NodeFunction } from './node-function.ts';
import type { MailWords } from './outbox.ts';
import type { PepperRotation } from './pepper-rotation.ts';
import { Renewal } from './renewal.ts';
import type { RotationWorkflow } from './rotation-workflow.ts';
import { SecretRotation } from './secret-rotation.ts';
import { UnsubscribePage } from './unsubscribe-page.ts';
import { VaultDelivery } from './vault-delivery.ts';

export interface DeliveriesProps {
  readonly deliveryApi: DeliveryApiConfig;
  readonly secrets: SecretsConfig;
  readonly notifications: NotificationsConfig | undefined;
  readonly vault: VaultDeliveryConfig | undefined;
  readonly store: KeyStore;
  readonly prefix: string;
  /** Of the first protected API; asked when the template is written. */
  readonly address: () => string | undefined;
  readonly wrongKeyWindowSeconds: number;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface Deliverers {
  readonly rotation: RotationWorkflow;
  readonly admin: Admin;
  readonly pepperRotation: PepperRotation;
  /** How often Secrets Manager rotates the pepper; absent: only when it is told to. */
  readonly pepperDays: number | undefined;
  /** Filled as APIs are protected: each must know a new key before clients are given it. */
  readonly authorizers: readonly IFunction[];
}

/** Whoever tries links takes nothing from clients that renew. */
const smallerShare = ({ requestsPerSecond }: { readonly requestsPerSecond: number }): number =>
  Math.ceil(requestsPerSecond / 2);

const footerOf = ({ footer }: NotificationsConfig) => (footer === undefined ? {} : { footer });

export class Deliveries extends Construct {
  readonly rest: RestApi;
  /** Where clients reach the API, without a slash at the end. */
  readonly url: string;
  /** What the functions that bring keys are told. */
  readonly settings: DeliverySettings;
  /** With what mails about keys are sent and written; absent where none are. */
  readonly noticeMail: (MailSettings & { readonly words: MailWords }) | undefined;
  readonly #props: DeliveriesProps;
  readonly #endpoint: string;
  readonly #vault: VaultDelivery | undefined;
  /** Made last: it starts the machine whose steps name it as the function that rotates. */
  #secretRotation: SecretRotation | undefined;

  constructor(scope: Construct, id: string, props: DeliveriesProps) {
    super(scope, id);
    this.#props = props;
    const { removalPolicy } = props;
    const { endpoint, ...secrets } = resolveSecrets(props.secrets);
    const notifications = props.notifications && resolveNotifications(props.notifications);
    const mail = notifications && this.#mail(notifications);
    const { api, renewal } = this.#api();
    this.noticeMail = mail && { ...mail, words: this.#words(api, renewal, notifications) };
    this.rest = api.rest;
    this.url = api.url;
    this.#endpoint = Lazy.string({ produce: () => endpoint ?? props.address() ?? '' });
    this.#vault =
      props.vault &&
      new VaultDelivery(this, 'Vault', { config: props.vault, endpoint: this.#endpoint, removalPolicy });
    this.settings = {
      claimLink: { pageUrl: `${api.url}/${CLAIM_PATH}` },
      ...(mail ? { mail: { ...mail, ...footerOf(notifications) } } : {}),
      secrets: this.#secretSettings(secrets),
      ...(this.#vault ? { vault: this.#vault.settings } : {}),
    };
  }

  /** Once the functions are there that bring keys: gives them their rights, and Secrets Manager what it calls to rotate. */
  connect({ rotation, admin, ...rotating }: Deliverers): void {
    const { store, logRetention } = this.#props;
    this.#secretRotation = new SecretRotation(this, 'SecretRotation', {
      ...rotating,
      store,
      machineName: rotation.machineName,
      endpoint: this.#endpoint,
      logRetention,
    });
    for (const fn of [rotation.steps, admin.fn]) {
      this.#secretRotation.grantPlacing(fn);
      this.#vault?.grantDelivering(fn);
      if (this.settings.mail) allowSending(fn, this.settings.mail);
    }
    if (this.settings.mail) allowLookingAtSending(admin.fn);
    store.grantLookingAtDataKey(rotation.steps);
    this.#secretRotation.grantRemoving(admin.fn);
    if (!this.#vault) return;
    this.#vault.grantArchiving(admin.fn);
    store.grantSealingBackups(admin.fn);
  }

  #mail({ footer: _belowMails, ...sender }: NotificationsConfig): MailSettings {
    const { store, logRetention, removalPolicy } = this.#props;
    const events = new MailEvents(this, 'MailEvents', { store, logRetention, removalPolicy });
    return { ...sender, configurationSet: events.configurationSetName };
  }

  #words(api: DeliveryApi, { challenges }: Renewal, config: NotificationsConfig): MailWords {
    const { store, deliveryApi, logRetention } = this.#props;
    new UnsubscribePage(this, 'Unsubscribe', {
      api,
      store,
      linkSecret: challenges,
      changesPerSecond: smallerShare(resolveDeliveryApi(deliveryApi)),
      logRetention,
    });
    return { apiUrl: api.url, linkSecret: challenges, ...footerOf(config) };
  }

  #api(): { readonly api: DeliveryApi; readonly renewal: Renewal } {
    const { store, prefix, wrongKeyWindowSeconds, logRetention, removalPolicy } = this.#props;
    const notifies = this.#props.notifications !== undefined;
    const settings = resolveDeliveryApi(this.#props.deliveryApi);
    const api = new DeliveryApi(this, 'Delivery', { settings, logRetention, removalPolicy });
    const renewal = new Renewal(this, 'Renewal', {
      api,
      store,
      notifies,
      prefix,
      wrongKeyWindowSeconds,
      logRetention,
    });
    new ClaimPage(this, 'ClaimPage', {
      api,
      store,
      notifies,
      triesPerSecond: smallerShare(settings),
      logRetention,
    });
    return { api, renewal };
  }

  #secretSettings(resolved: Pick<SecretSettings, 'schedule' | 'recoveryDays'>): SecretSettings {
    const ofRotation = (read: (fn: NodeFunction<unknown>) => string) =>
      Lazy.string({ produce: () => this.#secretRotation && read(this.#secretRotation.fn) });
    return {
      ...resolved,
      endpoint: this.#endpoint,
      account: Aws.ACCOUNT_ID,
      kmsKeyId: this.#props.store.dataKey.keyArn,
      rotationFunctionArn: ofRotation((fn) => fn.function.functionArn),
      rotationRoleArn: ofRotation((fn) => fn.role.roleArn),
    };
  }
}
