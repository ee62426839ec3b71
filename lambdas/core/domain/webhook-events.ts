/**
 * Which events on record are told to webhooks, as which types, and what of them.
 *
 * Everything that is sent is named here: an action or a fact that a later release puts on record is not told before
 * somebody decides that it should be. Words that people give (reasons, names) are not told, nor from where a client calls.
 */
import { nearestWords } from '../../../rules/nearest-words.ts';
import type { AuditAction, AuditEvent } from './audit-event.ts';

export interface WebhookEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Telling {
  /** Default: the action, `_` for `-` as the scheme recommends. */
  readonly type?: string;
  /** Facts of the event that go out beside its ids. */
  readonly facts?: readonly string[];
  /** Told of those events alone in which this fact is this. */
  readonly where?: readonly [fact: string, is: string];
}

const USE = ['oldRequests', 'newRequests'];
const VERSION = { facts: ['version'] };

const TOLD: Partial<Record<AuditAction, readonly Telling[]>> = {
  'key.issued': [{ facts: ['environment', 'policy', 'delivery'] }],
  'key.disabled': [{}],
  'key.enabled': [{}],
  'key.revoked': [{}],
  'key.exempted': [{ facts: ['until'] }],
  'key.unexempted': [{}],
  'rotation.started': [{ facts: ['purpose', 'fromVersion', 'immediate', 'graceSeconds'] }],
  'rotation.reminded': [{ facts: ['endsAt', ...USE] }],
  'rotation.judged': [
    { type: 'rotation.extended', where: ['decision', 'extend'], facts: ['evidence', 'extensions', ...USE] },
    { type: 'rotation.held', where: ['decision', 'hold'], facts: ['evidence', 'extensions', ...USE] },
  ],
  'rotation.failed': [{ facts: ['at'] }],
  'rotation.rolled-back': [{ facts: ['activeVersion', 'refusedVersion'] }],
  'version.activated': [{ facts: ['version', 'oldVersion', 'oldVersionIs'] }],
  'version.offered': [{ facts: ['version', 'by', 'again'] }],
  'version.not-delivered': [{ facts: ['version', 'by'] }],
  'version.claimed': [{ facts: ['version', 'by'] }],
  'version.restored': [VERSION],
  'version.retired': [{ facts: ['version', 'evidence'] }],
  'renewal.proposed': [VERSION],
  'renewal.approved': [VERSION],
  'renewal.rejected': [VERSION],
  'renewal.removed': [{}],
  'security.seal-broken': [VERSION],
  'security.claim-disputed': [{ facts: ['version', 'takenAt'] }],
  'webhook.added': [{}],
  'webhook.removed': [{}],
  'webhook.disabled': [{ facts: ['by'] }],
  'webhook.enabled': [{}],
  'webhook.secret-rotated': [{}],
  'pepper.made-current': [{}],
  'pepper.dropped': [{}],
};

const typeOf = (action: string, { type }: Telling): string => type ?? action.replaceAll('-', '_');

/** Every type there is, but that of a test. */
export const WEBHOOK_EVENT_TYPES: readonly string[] = Object.entries(TOLD).flatMap(([action, tellings]) =>
  tellings.map((telling) => typeOf(action, telling)),
);

/** The mend for one that there is not. */
export function nearTypes(unknown: string): string {
  const near = nearestWords(unknown, WEBHOOK_EVENT_TYPES);
  if (near.length > 0) return `Did you mean ${near.join(', ')}?`;
  const groups = [...new Set(WEBHOOK_EVENT_TYPES.map((type) => `${type.split('.')[0]}.…`))].join(', ');
  return `Types are ${groups}: docs/webhooks.md lists all of them.`;
}

export const WEBHOOK_TEST_TYPE = 'webhook.test';

/** @returns undefined for what is not told to anybody */
export function webhookEventOf(event: AuditEvent): WebhookEvent | undefined {
  const { detail } = event;
  const telling = TOLD[event.action]?.find(({ where }) => !where || detail[where[0]] === where[1]);
  if (!telling) return undefined;
  const facts = (telling.facts ?? []).flatMap((name) =>
    detail[name] === undefined ? [] : [[name, detail[name]] as const],
  );
  return { type: typeOf(event.action, telling), data: { ...idsOf(event), ...Object.fromEntries(facts) } };
}

/** What the event is about, and its place on record: by it `keyturn audit` finds the rest. */
function idsOf({ chain, sequence, keyId, owner, rotationId, outcome }: AuditEvent): WebhookEvent['data'] {
  const [kind, id] = chain.split('/');
  return {
    chain,
    sequence,
    outcome,
    ...(keyId === undefined ? {} : { keyId }),
    ...(kind === 'webhook' ? { webhookId: id } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(rotationId === undefined ? {} : { rotationId }),
  };
}
