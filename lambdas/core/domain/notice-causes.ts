/** What each kind of change is told as, if it is told. */
import type { AuditEvent } from './audit-event.ts';
import {
  activeVersion,
  deliveryOf,
  type KeyRecord,
  type Rotation,
  versionOf,
  versionWith,
  wasLinkDisputed,
  wasReceived,
} from './key-record.ts';
import type { KeyMailKind, MailFacts, Straggler } from './notice.ts';
import { isToOfferAgain } from './offer-again.ts';

/** What a change knows beside the key's record. */
export interface ToldFacts {
  /** Who still uses the old version, those with the latest use first. */
  readonly stragglers?: readonly Straggler[];
  /** The rotation that the change belongs to, where the record has it no more. */
  readonly rotation?: Rotation;
}

/** What is to be told, before it is known to whom. */
export interface Cause {
  readonly kind: KeyMailKind;
  /** What it is about; a cause of the same occasion and kind is the same notice. */
  readonly occasion: string;
  /** Tells apart what may be told several times on one occasion. */
  readonly ordinal?: string;
  readonly facts: Partial<MailFacts>;
  /** A mail with a link goes to the owner at the same moment and says the same. */
  readonly linkSays?: boolean;
}

export interface Told {
  readonly before: KeyRecord | undefined;
  readonly after: KeyRecord;
  readonly event: AuditEvent;
  /** The one that the event belongs to. */
  readonly rotation: Rotation | undefined;
  readonly told: ToldFacts | undefined;
}

const MOST_STRAGGLERS = 10;

/** @returns undefined for what is nobody's news: most steps are not */
export function causeOf(change: Told): Cause | undefined {
  switch (change.event.action) {
    case 'key.issued':
      return issued(change);
    case 'rotation.started':
      return change.rotation?.status === 'dual-key' ? started(change, change.rotation, false) : undefined;
    case 'version.activated':
      return change.rotation && activated(change, change.rotation);
    case 'rotation.reminded':
      return change.rotation && reminded(change, change.rotation);
    case 'rotation.judged':
      return change.rotation && judged(change, change.rotation);
    case 'version.retired':
      return change.rotation && retired(change, change.rotation);
    case 'rotation.rolled-back':
      return rolledBack(change);
    case 'version.offered':
      return turned(change);
    case 'version.not-delivered':
      return waiting(change);
    case 'version.claimed':
      return received(change);
    default:
      return undefined;
  }
}

const issued = ({ after }: Told): Cause => ({
  kind: 'issued',
  occasion: 'key',
  linkSays: after.delivery === 'claim-link',
  facts: { version: 1 },
});

const activated = (change: Told, rotation: Rotation): Cause =>
  rotation.purpose === 'emergency'
    ? { ...started(change, rotation, false), kind: 'emergency' }
    : started(change, rotation, true);

/** Both versions are accepted, or in an emergency the old one is refused. @param delivers whether the step after it does */
function started({ after, event }: Told, rotation: Rotation, delivers: boolean): Cause {
  const old = versionOf(after, rotation.fromVersion);
  const endsAtMs = old?.refuseAfterMs ?? old?.expiresAtMs;
  return {
    kind: 'rotation-started',
    occasion: occasionOf(event),
    linkSays: delivers && goesByLink(after),
    facts: {
      ...versionsOf(rotation),
      purpose: rotation.purpose,
      ...(rotation.reason === undefined ? {} : { reason: rotation.reason }),
      ...(endsAtMs === undefined ? { oldRefused: true } : { oldEndsAtMs: endsAtMs }),
    },
  };
}

/** By its announced end too: a window that starts anew has reminders of its own. */
function reminded({ after, event, told }: Told, rotation: Rotation): Cause {
  const endsAtMs = rotation.gracePeriodEndsAtMs as number;
  return {
    kind: 'reminder',
    occasion: occasionOf(event),
    ordinal: `${endsAtMs / 1000}-${event.detail['beforeSeconds']}`,
    linkSays: isToOfferAgain(after) && goesByLink(after),
    facts: {
      ...versionsOf(rotation),
      oldEndsAtMs: endsAtMs,
      oldRequests: Number(event.detail['oldRequests']),
      newRequests: Number(event.detail['newRequests']),
      ...laggards(told?.stragglers),
      ...(isReceived(after, rotation) ? {} : { undelivered: true }),
    },
  };
}

/** A rotation may hold for months: that is told once. */
function judged({ before, event, told }: Told, rotation: Rotation): Cause | undefined {
  const { verdict, extensions } = rotation;
  if (!verdict || verdict.decision === 'retire') return undefined;
  const held = verdict.decision === 'hold';
  if (held && before?.rotation?.verdict?.decision === 'hold') return undefined;
  return {
    kind: 'extended',
    occasion: occasionOf(event),
    ordinal: held ? 'held' : String(extensions),
    facts: {
      ...versionsOf(rotation),
      oldEndsAtMs: rotation.gracePeriodEndsAtMs as number,
      extensions,
      ...(held ? { held } : {}),
      evidence: verdict.evidence,
      oldRequests: verdict.oldRequests,
      newRequests: verdict.newRequests,
      ...laggards(told?.stragglers),
      ...(verdict.undelivered ? { undelivered: true } : {}),
    },
  };
}

function retired({ event }: Told, rotation: Rotation): Cause {
  const { verdict, purpose } = rotation;
  return {
    kind: 'retired',
    occasion: occasionOf(event),
    facts: {
      ...versionsOf(rotation),
      purpose,
      oldRefused: true,
      decidedBy: decidedBy(rotation),
      ...(verdict ? { evidence: verdict.evidence } : {}),
      ...(verdict ? { oldRequests: verdict.oldRequests, newRequests: verdict.newRequests } : {}),
    },
  };
}

/** In an emergency by an operator's, whatever the use said; what it did not prove, the policy's limit has decided. */
function decidedBy({ purpose, verdict }: Rotation): NonNullable<MailFacts['decidedBy']> {
  if (purpose === 'emergency') return 'operator';
  return verdict?.evidence === 'migrated' || verdict?.evidence === 'idle' ? 'use' : 'policy';
}

/** Of a version that was never accepted nobody was told. */
function rolledBack({ before, after, event }: Told): Cause | undefined {
  const old = before && versionWith(before, 'deprecating');
  const fresh = before && activeVersion(before);
  if (!old || !fresh) return undefined;
  return {
    kind: 'rolled-back',
    occasion: event.rotationId ?? `v${fresh.version}`,
    facts: {
      version: (activeVersion(after) ?? old).version,
      oldVersion: fresh.version,
      oldRefused: true,
      ...(event.reason === undefined ? {} : { reason: event.reason }),
    },
  };
}

/**
 * It waits where it did not before: somebody has chosen another way. That it waits by the key's own way is said by what
 * tells of the version.
 */
function turned(change: Told): Cause | undefined {
  const { before, after, event } = change;
  const { version: number, by, out } = event.detail;
  const former = before && versionOf(before, Number(number));
  const takesIt = by === 'operator' || by === 'renewal-key';
  if (!takesIt || out !== true || !former || deliveryOf(before, former) === by) return undefined;
  return versionOf(after, Number(number))?.receivedAtMs === undefined ? waiting(change) : undefined;
}

/** Once for each way that a version has waited. */
function waiting({ after, event }: Told): Cause {
  const number = Number(event.detail['version']);
  const old = versionWith(after, 'deprecating');
  const endsAtMs = old?.refuseAfterMs ?? old?.expiresAtMs;
  return {
    kind: 'delivery-waiting',
    occasion: `v${number}`,
    ordinal: String(event.detail['by']),
    facts: {
      version: number,
      undelivered: true,
      ...(old ? { oldVersion: old.version } : {}),
      ...(endsAtMs === undefined ? {} : { oldEndsAtMs: endsAtMs }),
    },
  };
}

/** Also by an operator and by a client itself: an owner who did not do it is the first who can say so. */
function received({ after, event }: Told): Cause {
  const number = Number(event.detail['version']);
  const by = versionOf(after, number)?.receivedBy;
  return {
    kind: 'received-elsewhere',
    occasion: `v${number}`,
    facts: {
      version: number,
      ...(by === undefined ? {} : { receivedBy: by }),
      ...(event.origin === undefined ? {} : { receivedFrom: event.origin }),
    },
  };
}

const occasionOf = ({ rotationId, sequence }: AuditEvent): string => rotationId ?? `e${sequence}`;

const versionsOf = ({ fromVersion, toVersion }: Rotation): Partial<MailFacts> => ({
  oldVersion: fromVersion,
  ...(toVersion === undefined ? {} : { version: toVersion }),
});

const laggards = (stragglers: readonly Straggler[] = []): Partial<MailFacts> =>
  stragglers.length > 0 ? { stragglers: stragglers.slice(0, MOST_STRAGGLERS) } : {};

function isReceived(record: KeyRecord, { toVersion }: Rotation): boolean {
  const version = versionOf(record, toVersion);
  return version !== undefined && wasReceived(record, version);
}

/** Whether the next delivery mails a link to the owner. */
function goesByLink(record: KeyRecord): boolean {
  const version = activeVersion(record);
  return version !== undefined && deliveryOf(record, version) === 'claim-link' && !wasLinkDisputed(record);
}
