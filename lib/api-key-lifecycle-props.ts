/** What a deployment can be told, and what it takes where it is told nothing. */
import { RemovalPolicy as Removal, type RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { parseDurationSeconds } from '../rules/duration.ts';
import { DEFAULT_PREFIX, parseKeyPrefix } from '../rules/key-prefix.ts';
import type { PolicyConfig } from '../rules/policy.ts';
import { resolvePolicies } from '../rules/resolve-policy.ts';
import { checkedTopic } from './alarm-topic.ts';
import { type AuditConfig, resolveAudit } from './audit-config.ts';
import type { DeliveriesConfig } from './deliveries-config.ts';
import type { DeliveryApiConfig } from './delivery-config.ts';
import { type EmergencyConfig, resolveEmergency } from './emergency-config.ts';
import { InvalidConfiguration, valid } from './invalid-configuration.ts';
import type { NotificationsConfig } from './notifications-config.ts';
import { type PepperConfig, resolvePepper } from './pepper-config.ts';
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

export type LifecycleSettings = ReturnType<typeof resolveLifecycle>;

const LONGEST_MEMORY_SECONDS = 300;

/**
 * Everything that is not left to the part that it is of.
 *
 * @throws InvalidConfiguration with what was wrong, the value and the mend
 */
export function resolveLifecycle(scope: Construct, props: ApiKeyLifecycleProps) {
  const policies = props.policies ?? {};
  valid(resolvePolicies(policies));
  const settings = {
    policies,
    prefix: valid(parseKeyPrefix(props.prefix ?? DEFAULT_PREFIX)),
    memorySeconds: shortDuration(props.keyMemory ?? 'PT5S', 'keyMemory'),
    flushSeconds: shortDuration(props.useFlushInterval ?? 'PT10S', 'useFlushInterval'),
    sweep: resolveSweep(props.sweep ?? {}),
    emergency: resolveEmergency(props.emergency ?? {}),
    pepperDays: resolvePepper(props.pepper ?? {}),
    audit: resolveAudit(props.audit ?? {}, props.removalPolicy !== Removal.DESTROY),
    webhooks: resolveWebhooks(props.webhooks ?? {}),
    alarmTopic: checkedTopic(scope, 'alarmTopic', props.alarmTopic),
    securityTopic: checkedTopic(scope, 'securityTopic', props.securityTopic),
    wrongKeys: resolveWrongKeys(props.wrongKeys ?? {}),
    logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
    removalPolicy: props.removalPolicy ?? Removal.RETAIN,
  };
  warnOfPrivateAddresses(scope, settings.webhooks);
  return settings;
}

function shortDuration(text: string, what: string): number {
  const seconds = valid(parseDurationSeconds(text, what));
  if (seconds > LONGEST_MEMORY_SECONDS) {
    throw new InvalidConfiguration(`${what} '${text}' is too long.`, 'Give PT0S to PT5M.');
  }
  return seconds;
}
