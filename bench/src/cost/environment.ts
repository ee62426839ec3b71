/** What the functions find in their environment: as `lib` sets it by default, on the counted local cloud. */
import type { AdminEnv } from '../../../lambdas/functions/admin/env.ts';
import type { BulkEmergencyEnv } from '../../../lambdas/functions/bulk-emergency/env.ts';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import type { DigestEnv } from '../../../lambdas/functions/digest/env.ts';
import type { MailEventsEnv } from '../../../lambdas/functions/mail-events/env.ts';
import type { NotifyEnv, NotifySettings } from '../../../lambdas/functions/notify/env.ts';
import type { ObserveEnv } from '../../../lambdas/functions/observe/env.ts';
import type { PepperEnv } from '../../../lambdas/functions/pepper/env.ts';
import type { PublishEnv } from '../../../lambdas/functions/publish/env.ts';
import type { RotationEnv } from '../../../lambdas/functions/rotation/env.ts';
import type { SweepEnv } from '../../../lambdas/functions/sweep/env.ts';
import type { WatchEnv } from '../../../lambdas/functions/watch/env.ts';
import { resolveEmergency } from '../../../lib/emergency-config.ts';
import { resolveSweep } from '../../../lib/sweep-config.ts';
import { resolveWrongKeys } from '../../../lib/wrong-keys-config.ts';
import { countLagSeconds } from '../../../rules/count-timing.ts';
import { subjectEnvironment } from '../store/lambda-environment.ts';
import type { LocalStore } from '../store/local-store.ts';
import type { ToldPlaces } from './told-places.ts';

/** The deployed defaults, in seconds. */
const MEMORY_SECONDS = 5;
const FLUSH_SECONDS = 10;

/** What is counted goes to operators. */
const NO_DELIVERIES: DeliverySettings = {
  claimLink: { pageUrl: '' },
  secrets: {
    endpoint: '',
    account: '',
    kmsKeyId: '',
    rotationFunctionArn: '',
    rotationRoleArn: '',
    schedule: false,
    recoveryDays: 30,
  },
};

export interface Wiring {
  /** The counting proxy's. */
  readonly endpoint: string;
  readonly sealKeyId: string;
  readonly machineArn: string;
  readonly emergencyMachineArn: string;
  readonly pepperMachineArn: string;
  readonly eventBus: string;
  /** Where digests go, and whoever is told of what happens. */
  readonly told: ToldPlaces;
  /** Default: none but to operators. */
  readonly deliveries?: DeliverySettings | undefined;
}

export function deploymentEnvironment(
  store: LocalStore,
  {
    endpoint,
    sealKeyId,
    machineArn,
    emergencyMachineArn,
    pepperMachineArn,
    eventBus,
    told,
    deliveries = NO_DELIVERIES,
  }: Wiring,
): NodeJS.ProcessEnv {
  const notify: NotifySettings = {
    mail: { ...told.mail, words: { apiUrl: 'https://keys.example.com', linkSecretId: told.linkSecretId } },
    webhooks: told.webhooks,
    securityTopic: told.securityTopic,
  };
  const telling: PublishEnv & NotifyEnv & WatchEnv & DigestEnv & MailEventsEnv = {
    TABLE_NAME: store.table,
    SEAL_KEY_ID: sealKeyId,
    EVENT_BUS_NAME: eventBus,
    WATCH_FUNCTION: 'watch',
    WRONG_KEY_WINDOW_SECONDS: String(resolveWrongKeys({}).windowSeconds),
    AUDIT_BUCKET: told.auditBucket,
    AUDIT_KEY_ID: told.auditKeyId,
    UV_THREADPOOL_SIZE: '32',
    NOTIFY: JSON.stringify(notify),
  };
  const managing: RotationEnv & AdminEnv & SweepEnv & ObserveEnv & BulkEmergencyEnv & PepperEnv = {
    TABLE_NAME: store.table,
    PEPPER_SECRET_ID: store.secretId,
    SEAL_KEY_ID: sealKeyId,
    KEY_PREFIX: 'mk',
    POLICIES: '{}',
    CACHED_STAGES: '[]',
    DELIVERY: JSON.stringify(deliveries),
    AUTHORIZER_FUNCTIONS: 'authorizer',
    EVIDENCE_LAG_SECONDS: String(MEMORY_SECONDS + FLUSH_SECONDS + 1),
    ROTATION_MACHINE_ARN: machineArn,
    BULK_EMERGENCY_MACHINE_ARN: emergencyMachineArn,
    BATCH_KEYS: String(resolveEmergency({}).batchKeys),
    PEPPER_MACHINE_ARN: pepperMachineArn,
    REVOCATION_BOUND_MS: '6000',
    EVENT_BUS_NAME: eventBus,
    WATCH_FUNCTION: 'watch',
    PUBLISH_FUNCTION: 'publish',
    COUNT_LAG_SECONDS: String(countLagSeconds(FLUSH_SECONDS)),
    AUDIT_BUCKET: told.auditBucket,
    AUDIT_KEY_ID: told.auditKeyId,
    STARTS_PER_SECOND: String(resolveSweep({}).startsPerSecond),
    WEBHOOKS: JSON.stringify(told.webhooks),
  };
  return {
    ...subjectEnvironment({ ...store, endpoint }, MEMORY_SECONDS),
    ...telling,
    ...managing,
    // Lambda sets it whether a function is traced or not, and the logger writes it into every line.
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=0',
  };
}
