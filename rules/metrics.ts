/**
 * The metrics that functions write into their logs, and dashboard and alarms read: CloudWatch's namespace and units.
 * None has a dimension: one per key would cost $0.30 each a month.
 */

export const METRIC_NAMESPACE = 'Keyturn';

export const METRICS = {
  // Of the authorizer, for each request.
  Allowed: 'Count',
  Unauthenticated: 'Count',
  Forbidden: 'Count',
  DeprecatingKeyUse: 'Count',
  RetiredKeyUse: 'Count',
  WrongKeys: 'Count',
  AuthorizerFault: 'Count',
  PepperFault: 'Count',
  // Of each change of a rotation.
  RotationsStarted: 'Count',
  RotationsCompleted: 'Count',
  RotationsFailed: 'Count',
  RotationsRolledBack: 'Count',
  RotationsCutShort: 'Count',
  RotationsExtended: 'Count',
  RotationsHeld: 'Count',
  EmergencyMilliseconds: 'Milliseconds',
  // Of each offer of a new key, and of each judgement that its owner has not received it.
  DeliveriesFailed: 'Count',
  KeysUndelivered: 'Count',
  KeysLost: 'Count',
  // Of each minute.
  RotationsRunning: 'Count',
  RotationsStuck: 'Count',
  OldVersionRequests: 'Count',
  NewVersionRequests: 'Count',
  RefusedRequests: 'Count',
  MigratedPercent: 'Percent',
  RefusedPercent: 'Percent',
  // Of each renewal by a client.
  KeysRenewed: 'Count',
  RenewalsRefused: 'Count',
  RenewalKeysProposed: 'Count',
  RenewalFault: 'Count',
  // Of each visit of a claim link.
  KeysClaimed: 'Count',
  ClaimsRefused: 'Count',
  ClaimsDisputed: 'Count',
  ClaimFault: 'Count',
  // Of each mail that the mail service says something of.
  MailBounced: 'Count',
  MailComplained: 'Count',
  MailEventFault: 'Count',
  // Of the outbox: of each run, and of each minute.
  NoticesSent: 'Count',
  NoticesParked: 'Count',
  // Of each call of a webhook, and of each that is given up.
  WebhooksDelivered: 'Count',
  WebhookTriesFailed: 'Count',
  WebhooksDisabled: 'Count',
  // Of a sealed key that does not open.
  SealBroken: 'Count',
  // Of each daily digest of the audit.
  DigestsTaken: 'Count',
  AuditBroken: 'Count',
  // Of each sweep.
  KeysDue: 'Count',
  KeysStarted: 'Count',
  KeysExempt: 'Count',
  KeysSkipped: 'Count',
  KeysOverdue: 'Count',
} as const satisfies Readonly<Record<string, 'Count' | 'Percent' | 'Milliseconds'>>;

export type MetricName = keyof typeof METRICS;
export type MetricValues = { readonly [Name in MetricName]?: number };
