/** Which events security is alerted of, and in which words. */
import { asSentence } from './as-sentence.ts';
import { type AuditAction, type AuditEvent, namedActor } from './audit-event.ts';
import { pepperFailureWords, pepperFaultWords } from './pepper-alert-words.ts';

export type AlertSeverity = 'critical' | 'high' | 'medium';

/** What an alert says to people. */
export interface AlertWords {
  readonly title: string;
  /** What happened, in a sentence. */
  readonly what: string;
  /** What to do about it, and by which command. */
  readonly mend: string;
  readonly command: string;
}

export interface AlertRule {
  readonly kind: string;
  readonly severity: AlertSeverity;
  /** Whether this event of the action is one to be alerted of. Default: each. */
  readonly when?: (event: AuditEvent) => boolean;
  readonly words: (event: AuditEvent, subject: string) => AlertWords;
}

const fact = ({ detail }: AuditEvent, name: string): string => String(detail[name] ?? 'unknown');
const isEmergency = ({ detail }: AuditEvent): boolean => detail['purpose'] === 'emergency';
const because = ({ reason }: AuditEvent): string =>
  reason === undefined ? '' : ` Reason: ${asSentence(reason)}`;

const begun: AlertRule = {
  kind: 'emergency-begun',
  severity: 'critical',
  when: isEmergency,
  words: (event, subject) => ({
    title: `Emergency for ${subject}`,
    what: `${namedActor(event.actor)} has ordered the emergency rotation of ${subject}; version ${fact(event, 'fromVersion')} is to be refused.${because(event)}`,
    mend: 'Check that it goes on, and how long the old version is still accepted.',
    command: `keyturn show ${event.keyId}`,
  }),
};

const refused = (event: AuditEvent, subject: string, version: string): AlertWords => ({
  title: `Old version of ${subject} is refused`,
  what: `Version ${version} of ${subject} is refused, ${seconds(event.detail['refusedAfterMs'])} after the emergency was ordered.`,
  mend: 'Check that the owner has the new version, and who still tries the old one.',
  command: `keyturn show ${event.keyId}`,
});

const runOf = ({ chain }: AuditEvent): string => chain.slice(chain.indexOf('/') + 1);

const seconds = (ms: unknown): string =>
  typeof ms === 'number' ? `${(ms / 1000).toFixed(1)} s` : 'some time';

/** Actions that are not here alert nobody. */
export const ALERT_RULES: Partial<Record<AuditAction, AlertRule>> = {
  'rotation.started': begun,
  'version.activated': {
    kind: 'emergency-refused',
    severity: 'critical',
    when: (event) => isEmergency(event) && event.detail['oldVersionIs'] === 'retired',
    words: (event, subject) => refused(event, subject, fact(event, 'oldVersion')),
  },
  'version.retired': {
    kind: 'emergency-refused',
    severity: 'critical',
    when: isEmergency,
    words: (event, subject) => refused(event, subject, fact(event, 'version')),
  },
  'emergency.started': {
    kind: 'emergency-begun',
    severity: 'critical',
    words: (event) => ({
      title: `Emergency for many keys`,
      what: `${namedActor(event.actor)} has ordered the emergency ${runOf(event)}: all keys of ${fact(event, 'target')}.${because(event)}`,
      mend: 'Check that it goes on, and which keys are refused already.',
      command: `keyturn emergency --run ${runOf(event)}`,
    }),
  },
  'emergency.ended': {
    kind: 'emergency-refused',
    severity: 'critical',
    words: (event) => ({
      title: 'Emergency for many keys is over',
      what: `The emergency ${runOf(event)} is over: of ${fact(event, 'keys')} keys the old versions of ${fact(event, 'refused')} are refused, and of ${fact(event, 'dual-key')} will be at a set time.`,
      mend: 'See when each key was refused, and which were passed over.',
      command: `keyturn emergency --run ${runOf(event)}`,
    }),
  },
  'emergency.incomplete': {
    kind: 'emergency-incomplete',
    severity: 'critical',
    words: (event) => ({
      title: 'Emergency for many keys is incomplete',
      what: `The emergency ${runOf(event)} has ended, and ${fact(event, 'failed')} of ${fact(event, 'keys')} keys failed, ${fact(event, 'left')} are left: their old versions are still accepted.${because(event)}`,
      mend: `See which and why, and go on with keyturn emergency --resume ${runOf(event)}.`,
      command: `keyturn emergency --run ${runOf(event)}`,
    }),
  },
  'audit.chain-broken': {
    kind: 'chain-broken',
    severity: 'critical',
    words: (event) => ({
      title: 'The audit does not hold',
      what: event.reason ?? 'Events on record or a digest of them were altered or deleted.',
      mend: 'Find out who can write the table; what is locked in S3 says how it was.',
      command: 'keyturn audit verify',
    }),
  },
  'webhook.disabled': {
    kind: 'webhook-disabled',
    severity: 'medium',
    // An operator who disables one knows. An owner who is told nothing any more cannot know.
    when: ({ detail }) => detail['by'] === 'keyturn',
    words: (event, subject) => ({
      title: `${subject} is disabled`,
      what: `The ${event.owner === undefined ? 'global' : 'owner’s'} ${subject} is no longer called.${because(event)}`,
      mend:
        event.owner === undefined
          ? 'Repair its receiver, and enable it again.'
          : `Tell its owner, ${event.owner}; enable it again when its receiver works.`,
      command: 'keyturn webhooks list',
    }),
  },
  'rotation.failed': {
    kind: 'rotation-failed',
    severity: 'high',
    words: (event, subject) => ({
      title: `Rotation of ${subject} has failed`,
      what: `The rotation of ${subject} has failed; the version that clients use works on.${because(event)}`,
      mend: isEmergency(event)
        ? 'The known version is still accepted: mend what the reason says and order the emergency again, or disable the key.'
        : 'Mend what the reason says, and rotate again.',
      command: isEmergency(event)
        ? `keyturn emergency ${event.keyId} --immediate --reason …`
        : `keyturn rotate ${event.keyId}`,
    }),
  },
  'rotation.stuck': {
    kind: 'rotation-stuck',
    severity: 'high',
    words: (event, subject) => ({
      title: `Rotation of ${subject} is stuck`,
      what: `The rotation of ${subject} has not gone on since ${fact(event, 'since')}; it is ${fact(event, 'status')}.`,
      mend: 'Look at its execution; a new order takes over from one that has ended.',
      command: `keyturn show ${event.keyId}`,
    }),
  },
  'pepper.fault': { kind: 'pepper-fault', severity: 'critical', words: pepperFaultWords },
  'pepper.failed': { kind: 'pepper-failed', severity: 'high', words: pepperFailureWords },
  'security.seal-broken': {
    kind: 'seal-broken',
    severity: 'critical',
    words: (event, subject) => ({
      title: `Altered seal of ${subject}`,
      what: `The sealed version ${fact(event, 'version')} of ${subject} does not open: it was altered, moved or swapped. It was handed to nobody.`,
      mend: 'Find out who can write the table, and rotate the key.',
      command: `keyturn emergency ${event.keyId} --reason …`,
    }),
  },
  'security.claim-disputed': {
    kind: 'claim-disputed',
    severity: 'critical',
    words: (event, subject) => ({
      title: `Claim of ${subject} is disputed`,
      what: `Somebody took version ${fact(event, 'version')} of ${subject} by its link, and whoever has the link says that it was not them.`,
      mend: 'Treat it as stolen: replace the key.',
      command: `keyturn emergency ${event.keyId} --immediate --reason …`,
    }),
  },
  'security.retired-key-used': {
    kind: 'retired-key-used',
    severity: 'critical',
    words: (event, subject) => ({
      title: `Retired version of ${subject} is used`,
      what: `Version ${fact(event, 'version')} of ${subject}, which is refused since it was replaced, is still presented: somebody holds its secret.`,
      mend: 'See from where, and tell the owner; after a leak it is the proof that somebody has it.',
      command: `keyturn audit ${event.keyId}`,
    }),
  },
};

/** What a run's keys alert of together. When each is refused, the run's own end says. */
export const RUN_WORDS: Readonly<
  Record<string, (event: AuditEvent, runId: string) => Omit<AlertWords, 'command'>>
> = {
  'rotation-failed': (event, runId) => ({
    title: 'An emergency for many keys fails for some',
    what: `Of the emergency ${runId} the rotation of one key at least has failed, first that of key ${event.keyId}.${because(event)}`,
    mend: `See which keys are left, and go on with keyturn emergency --resume ${runId}.`,
  }),
  'rotation-stuck': (event, runId) => ({
    title: 'An emergency for many keys stands still for some',
    what: `Of the emergency ${runId} the rotation of one key at least stands still, first that of key ${event.keyId}.`,
    mend: `See which keys are left, and go on with keyturn emergency --resume ${runId}.`,
  }),
};
