/** What a deployment costs each month beside what is done with its keys. */
import { resolveAudit } from '../../../lib/audit-config.ts';
import { BYTES_PER_CHAIN, DAYS_PER_MONTH, QUEUE_LOOKS_PER_MINUTE } from './assumptions.ts';
import { dollarsOf } from './bill.ts';
import type { Counts } from './counts.ts';
import { priceOf } from './prices.ts';
import type { CostResults } from './results.ts';

export interface MonthlyLine {
  readonly what: string;
  readonly count: number;
  readonly usd: number;
}

/** A unit test holds the stack to these numbers, and the code to the names. */
export const STANDING = { kmsKeys: 4, secrets: 2, alarms: 24, dashboards: 1 } as const;
export const METRICS = {
  authorizer: [
    'Allowed',
    'Unauthenticated',
    'Forbidden',
    'RetiredKeyUse',
    'WrongKeys',
    'DeprecatingKeyUse',
    'AuthorizerFault',
    'PepperFault',
  ],
  rotations: [
    'RotationsStarted',
    'RotationsExtended',
    'RotationsHeld',
    'RotationsCompleted',
    'RotationsRolledBack',
    'RotationsFailed',
    'RotationsCutShort',
    'EmergencyMilliseconds',
  ],
  minutes: [
    'OldVersionRequests',
    'NewVersionRequests',
    'RefusedRequests',
    'MigratedPercent',
    'RefusedPercent',
  ],
  observation: ['RotationsRunning', 'RotationsStuck'],
  deliveries: [
    'DeliveriesFailed',
    'KeysUndelivered',
    'KeysLost',
    'KeysRenewed',
    'RenewalsRefused',
    'RenewalKeysProposed',
    'RenewalFault',
    'KeysClaimed',
    'ClaimsRefused',
    'ClaimsDisputed',
    'ClaimFault',
    'MailBounced',
    'MailComplained',
    'MailEventFault',
    'SealBroken',
  ],
  audit: ['DigestsTaken', 'AuditBroken'],
  outbox: ['NoticesSent', 'NoticesParked'],
  webhooks: ['WebhooksDelivered', 'WebhookTriesFailed', 'WebhooksDisabled'],
  sweep: ['KeysDue', 'KeysStarted', 'KeysExempt', 'KeysSkipped', 'KeysOverdue'],
} as const;

const MINUTES_PER_MONTH = DAYS_PER_MONTH * 24 * 60;

const metrics = (what: string, count: number, share = 1): MonthlyLine => ({
  what,
  count,
  usd: priceOf('metric', count) * share,
});

/** Runs by a schedule, each as it was counted. */
const runs = (what: string, count: number, counted: Counts): MonthlyLine => ({
  what,
  count,
  usd: count * (dollarsOf(counted) + priceOf('scheduled', 1)),
});

/** Also if no key is ever used or rotated. */
export const standingLines = ({ counts }: CostResults): readonly MonthlyLine[] => [
  {
    what: 'KMS keys; each of the first two yearly rotations adds $1 a month per key that encrypts',
    count: STANDING.kmsKeys,
    usd: priceOf('kmsKey', STANDING.kmsKeys),
  },
  {
    what: 'secrets: the pepper, and the one of challenges',
    count: STANDING.secrets,
    usd: priceOf('secret', STANDING.secrets),
  },
  { what: 'alarms', count: STANDING.alarms, usd: priceOf('alarm', STANDING.alarms) },
  {
    what: 'dashboard; the first three of an account are free',
    count: STANDING.dashboards,
    usd: priceOf('dashboard', STANDING.dashboards),
  },
  metrics('metrics of the observation', METRICS.observation.length),
  metrics('metrics of the outbox', METRICS.outbox.length),
  metrics('metrics of the sweep, one hour a day', METRICS.sweep.length, 1 / 24),
  metrics('metrics of the digest of the audit, one hour a day', METRICS.audit.length, 1 / 24),
  runs('looks into the outbox, one a minute, nothing due', MINUTES_PER_MONTH, counts.notify),
  runs('looks for wrong keys, one a minute, none counted', MINUTES_PER_MONTH, counts.watch),
  runs('digests of the audit, one a day, no chain has grown', DAYS_PER_MONTH, counts.digest),
  runs('observations, one a minute, nothing rotates', MINUTES_PER_MONTH, counts.observe),
  runs('sweeps, one a day, nothing due', DAYS_PER_MONTH, counts.sweep),
  runs('clean-ups of peppers, one a day, only one there', DAYS_PER_MONTH, counts.cleanUp),
];

/** A metric is billed for the hours in which it has values; none has a dimension per key. */
export const metricLines = (): readonly MonthlyLine[] => [
  metrics('metrics of the authorizer', METRICS.authorizer.length),
  metrics('metrics of rotations', METRICS.rotations.length),
  metrics('metrics of the minutes of rotating keys', METRICS.minutes.length),
  metrics('metrics of deliveries', METRICS.deliveries.length),
  metrics('metrics of webhooks', METRICS.webhooks.length),
];

/** What mail to owners adds, also if none is sent. A unit test holds the stack to the numbers. */
export const MAIL_STANDING = { kmsKeys: 1, queues: 1 } as const;
/** Lambda looks whether anything is there, and SQS bills that. */
export const queueLookDollars = (): number => priceOf('queueRequest', QUEUE_LOOKS);
const QUEUE_LOOKS = MAIL_STANDING.queues * QUEUE_LOOKS_PER_MINUTE * MINUTES_PER_MONTH;
export const mailLines = (): readonly MonthlyLine[] => [
  {
    what: 'the KMS key of what becomes of mail',
    count: MAIL_STANDING.kmsKeys,
    usd: priceOf('kmsKey', MAIL_STANDING.kmsKeys),
  },
  {
    what: 'looks of Lambda into the queue of that',
    count: QUEUE_LOOKS,
    usd: queueLookDollars(),
  },
];

/** A month of all digests that are locked by default, each with the ends of so many chains. */
export const lockedDollars = (chains: number): number =>
  priceOf('objectByte', resolveAudit({}, true).retentionDays * chains * BYTES_PER_CHAIN);

export const sumOf = (lines: readonly MonthlyLine[]): number =>
  lines.reduce((total, { usd }) => total + usd, 0);
