/** What an operator must hear of. Each rule says what its alarm means and what to look at. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, type MetricOptions, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { MetricName } from '../../rules/metrics.ts';

export interface AlarmRule {
  /** Of Keyturn's own, or of a service. */
  readonly metric: MetricName | ((view: MetricOptions) => IMetric);
  /** Default: the sum. */
  readonly statistic?: 'Maximum';
  /** Default: five minutes. */
  readonly period?: Duration;
  /** From which value on. Default: one. */
  readonly threshold?: number;
  /** Periods with such a value, of how many. Default: one of one. */
  readonly datapoints?: readonly [of: number, inAll: number];
  /** What no value means: nothing has happened, which is the default, or nobody has looked. */
  readonly missing?: TreatMissingData.MISSING;
  /**
   * Of the alarm, or that nobody looks. Of everything else that is about security it hears from events on record; of the
   * pepper it hears both ways, since an alarm needs no table that can be written.
   */
  readonly securityHears?: 'alarm' | 'silence';
  readonly description: string;
}

/** What the services themselves count, by the alarm's name. */
export interface Watched {
  /** Says what a function's source gave up on. */
  readonly EventsGivenUp: IQueue;
  /** Is shown events by the stream, which keeps none for longer than a day. */
  readonly EventsLate: IFunction;
  readonly EmergencyIncomplete: IStateMachine;
  readonly PepperRunFailed: IStateMachine;
}

export const RULES: Readonly<Record<string, AlarmRule>> = {
  RotationFailed: {
    metric: 'RotationsFailed',
    description:
      'A rotation has failed; the old version of its key works on. `keyturn rotations --status failed` says why.',
  },
  RotationStuck: {
    metric: 'RotationsStuck',
    statistic: 'Maximum',
    // Written each minute: without it nobody looks, which is no proof that any rotation goes on.
    missing: TreatMissingData.MISSING,
    description: 'A rotation stands still. `keyturn rotations` names it and says what to do.',
  },
  AuthorizerFault: {
    metric: 'AuthorizerFault',
    period: Duration.minutes(1),
    // One that three attempts did not help may happen; what lasts is an outage, for an API with few callers too.
    datapoints: [2, 5],
    description:
      'Requests are answered with an error because their key cannot be checked. The log of the authorizer says why.',
  },
  PepperFault: {
    metric: 'PepperFault',
    period: Duration.minutes(1),
    securityHears: 'alarm',
    description:
      'A pepper that keys need is missing, damaged or cannot be read: none of them is let in. `keyturn pepper` shows which are there, `keyturn audit --kind pepper.fault` which could not be had, the log of the function why.',
  },
  SealBroken: {
    metric: 'SealBroken',
    description:
      'A sealed key was altered, moved or swapped, and was handed to nobody. `security.seal-broken` in the audit of its key says which; find out who can write the table.',
  },
  AuditBroken: {
    metric: 'AuditBroken',
    statistic: 'Maximum',
    period: Duration.days(1),
    // Written with each day's digest: without it nobody looks.
    missing: TreatMissingData.MISSING,
    description:
      'Events on record or a digest of them were altered or deleted, or no digest was taken for a day. `keyturn audit verify` names the first broken link, the log of the digest function all of them.',
  },
  ClaimsDisputed: {
    metric: 'ClaimsDisputed',
    description:
      'Somebody took a key by a claim link, and its owner reports that it was somebody else. The errors in the log of the claim function have its keyId: replace it with `keyturn emergency <keyId> --immediate`.',
  },
  ClaimFault: {
    metric: 'ClaimFault',
    datapoints: [2, 3],
    description: 'Owners cannot take their keys by a link. The log of the claim function says why.',
  },
  RenewalFault: {
    metric: 'RenewalFault',
    datapoints: [2, 3],
    description:
      'Clients cannot renew their keys. The keys that they have work on; the log of the renewal function says why.',
  },
  RetiredKeyUse: {
    metric: 'RetiredKeyUse',
    description:
      'Somebody still holds a retired key and uses it. The warnings in the log of the authorizer have its keyId.',
  },
  DeliveryFailed: {
    metric: 'DeliveriesFailed',
    description:
      'A new key could not be sent to its owner or written to where its client reads it; the old one works on. `keyturn show <keyId>` says why, the lines `step` and `action` of the log have the keyId.',
  },
  MailBounced: {
    metric: 'MailBounced',
    description:
      'A mail to an owner came back: nobody was told. `notice.bounced` or `version.not-delivered` in the audit of its key says which and why, `keyturn show <keyId>` names the address.',
  },
  MailComplained: {
    metric: 'MailComplained',
    description:
      'A recipient marked a mail as unwanted: Amazon SES counts that against the account. `keyturn show <keyId>` names the address; ask its owner.',
  },
  MailEventFault: {
    metric: 'MailEventFault',
    datapoints: [2, 3],
    description:
      'What Amazon SES tells of mail cannot be put on record: bounces are not seen. It is tried again for 14 days; the log of the function of mail events says why.',
  },
  NoticeParked: {
    metric: 'NoticesParked',
    statistic: 'Maximum',
    // Counted each minute: without it nothing is sent that has to wait, and nobody would hear of it.
    missing: TreatMissingData.MISSING,
    securityHears: 'silence',
    description:
      'Somebody could not be told: a notice was refused, or not taken within a day. `keyturn notices --parked` names it and says why; mended, `keyturn notices resend` sends it.',
  },
  WebhookDisabled: {
    metric: 'WebhooksDisabled',
    description:
      'Nothing reached the receiver of a webhook for a day, or it wants no more: it is told nothing until somebody enables it. `keyturn webhooks list` names it, `keyturn webhooks show <id>` says why.',
  },
  KeyUndelivered: {
    metric: 'KeysUndelivered',
    description:
      'The grace period of a key is over and its owner has not received the new version. But for an emergency the old one works on. `keyturn rotations` names it, `keyturn deliver <keyId> --again` or `--by` repeats it.',
  },
  KeyLost: {
    metric: 'KeysLost',
    description:
      'A new key was not taken within 14 days and is destroyed; the old one works on. `keyturn rotations` names it: `keyturn rollback` its rotation, then `keyturn rotate`.',
  },
};

export const OVERDUE: AlarmRule = {
  metric: 'KeysOverdue',
  statistic: 'Maximum',
  period: Duration.days(1),
  // A day without a sweep is no proof that keys are overdue, nor that none is.
  missing: TreatMissingData.MISSING,
  description:
    'Keys are due for rotation for more than 25 hours and are not exempt. `keyturn sweep --preview` names them.',
};

/** Longer than an emergency of ten thousand keys takes. */
const LATE = Duration.minutes(15);

/** Of what the services count. What lies in a queue stays there until an operator has seen to it. */
export const watchedRules = (watched: Watched): Readonly<Record<keyof Watched, AlarmRule>> => ({
  EventsGivenUp: {
    metric: (view) => watched.EventsGivenUp.metricApproximateNumberOfMessagesVisible(view),
    statistic: 'Maximum',
    securityHears: 'alarm',
    description:
      'Events on record could not be told to the event bus, or to whoever else is to hear of them. `keyturn audit publish --from --to` tells them again; then purge the queue. The log of the publish function says why.',
  },
  EventsLate: {
    metric: (view) => watched.EventsLate.metric('IteratorAge', view),
    statistic: 'Maximum',
    threshold: LATE.toMilliseconds(),
    securityHears: 'alarm',
    description:
      'Events on record are told a quarter of an hour late and later, alerts among them: the publish function is throttled, or fails, or has too much to do. After a day the stream forgets them; `keyturn audit publish --from --to` tells them all the same.',
  },
  EmergencyIncomplete: {
    metric: (view) => watched.EmergencyIncomplete.metricFailed(view),
    period: Duration.minutes(1),
    description:
      'An emergency of many keys has ended, and keys of it are not replaced: their old versions are still accepted. `keyturn emergency --run` says which and why, `--resume` goes on.',
  },
  PepperRunFailed: {
    metric: (view) => watched.PepperRunFailed.metricFailed(view),
    securityHears: 'alarm',
    description:
      'A rotation of the pepper, or its daily clean-up, has failed; keys are checked by the peppers that are there. `keyturn pepper` shows them, `keyturn audit --kind pepper.failed` says why, and so does the execution.',
  },
});

export const surgeRule = (threshold: number): AlarmRule => ({
  metric: 'WrongKeys',
  threshold,
  securityHears: 'alarm',
  description:
    'Many requests come with keys that are none: somebody tries keys out, or a client goes on with one that has ended. `keyturn audit --kind security.wrong-keys` names keys and addresses.',
});
