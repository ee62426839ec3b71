/**
 * The pepper on record: a chain of its own, since no key's chain is the pepper's.
 *
 * Secret and table cannot be written in one transaction. So an event says what is about to be done before the secret is
 * written, and another that it was done afterwards. Where the second is missing the secret tells whether it was, and
 * whoever looks next puts it on record. An event names the revision that the write was made from: of all that were
 * announced from one revision at most one was carried out, since the secret is written once on each.
 */
import type { AuditAction, AuditEvent, Chain } from './audit-event.ts';
import { fingerprintOf, stagedPeppers } from './pepper-rotation.ts';
import type { PepperSet, StoredPeppers } from './peppers.ts';

/** What the events of the pepper are chained as. */
export const PEPPER_CHAIN: Chain = { chain: 'pepper' };

export type PepperIntent = 'pepper.adding' | 'pepper.making-current' | 'pepper.dropping' | 'pepper.copying';

/** One write of the secret, about to be made. */
export interface PepperWrite {
  readonly action: PepperIntent;
  readonly pepperVersions: readonly string[];
  /** Of the secret as it was read. */
  readonly fromRevision: string;
  /** Given where it is known before the write: one that changes no pepper shows by it alone. */
  readonly toRevision?: string;
}

const DONE = {
  'pepper.adding': 'pepper.added',
  'pepper.making-current': 'pepper.made-current',
  'pepper.dropping': 'pepper.dropped',
  'pepper.copying': 'pepper.copied',
} as const satisfies Record<PepperIntent, AuditAction>;

type Intent = AuditEvent & { readonly action: PepperIntent };
type Shows = (stored: StoredPeppers, intent: Intent, events: readonly AuditEvent[]) => boolean;

const ofEach =
  (holds: (set: PepperSet, name: string) => boolean): Shows =>
  ({ set }, intent) =>
    pepperVersionsIn(intent).every((name) => holds(set, name));

/** Whether the secret, or a write that was made after it, shows that it was done. */
const SHOWS: Record<PepperIntent, Shows> = {
  'pepper.adding': ofEach((set, name) => set.secrets.has(name)),
  'pepper.making-current': ofEach((set, name) => set.current === name),
  'pepper.dropping': ofEach((set, name) => !set.secrets.has(name)),
  'pepper.copying': ({ revision }, { detail }, events) =>
    revision === detail['toRevision'] || wasCurrent(events, String(detail['toRevision'])),
};

const isIntent = (event: AuditEvent): event is Intent => event.action in DONE;

/** The peppers that an event is about. */
export const pepperVersionsIn = ({ detail }: AuditEvent): readonly string[] =>
  (detail['pepperVersions'] ?? []) as readonly string[];

const revisionIn = ({ detail }: AuditEvent): string => String(detail['fromRevision']);

const isDone = (events: readonly AuditEvent[], fromRevision: string): boolean =>
  events.some((event) => !isIntent(event) && revisionIn(event) === fromRevision);

/** Whether this write need not be announced: it is already, or another one from there was made and this one will fail. */
export const isAnnounced = (events: readonly AuditEvent[], write: PepperWrite): boolean =>
  isDone(events, write.fromRevision) ||
  events.some(
    (event) =>
      event.action === write.action &&
      revisionIn(event) === write.fromRevision &&
      pepperVersionsIn(event).join() === write.pepperVersions.join(),
  );

/** The event that the record owes: something was done, as the secret shows, and no event says so. */
export function owedEvent(
  events: readonly AuditEvent[],
  stored: StoredPeppers,
): Pick<AuditEvent, 'action' | 'reason' | 'detail'> | undefined {
  const intent = events
    .filter(isIntent)
    .filter((event) => !isDone(events, revisionIn(event)))
    .find((event) => SHOWS[event.action](stored, event, events));
  if (!intent) return undefined;
  const pepperVersions = pepperVersionsIn(intent);
  const secret = stored.set.secrets.get(pepperVersions[0] ?? '');
  return {
    action: DONE[intent.action],
    ...(intent.reason ? { reason: intent.reason } : {}),
    detail: {
      pepperVersions,
      fromRevision: revisionIn(intent),
      announcedBy: intent.sequence,
      ...(secret && intent.action === 'pepper.adding' ? { fingerprint: fingerprintOf(secret) } : {}),
    },
  };
}

/** Whether a value of the secret was the current one: a write was announced that was to be made from it. */
export const wasCurrent = (events: readonly AuditEvent[], revision: string): boolean =>
  events.some((event) => revisionIn(event) === revision);

const additionOf = (events: readonly AuditEvent[], name: string): AuditEvent | undefined =>
  events.find((event) => event.action === 'pepper.added' && pepperVersionsIn(event).includes(name));

/** Whether this very pepper was put there by a rotation: by its name, and by what it is. */
export function wasAdded(events: readonly AuditEvent[], set: PepperSet, name: string): boolean {
  const secret = set.secrets.get(name);
  return !!secret && additionOf(events, name)?.detail['fingerprint'] === fingerprintOf(secret);
}

/** Peppers that are not what was added under their names: keys that were hashed under them are taken for unknown ones. */
export const alteredPeppers = (events: readonly AuditEvent[], set: PepperSet): readonly string[] =>
  [...set.secrets.keys()].filter((name) => additionOf(events, name) && !wasAdded(events, set, name));

/** When a pepper became the current one, as far as it is on record. */
export const madeCurrentAtMs = (events: readonly AuditEvent[], name: string): number | undefined =>
  events.findLast((event) => event.action === 'pepper.made-current' && pepperVersionsIn(event).includes(name))
    ?.atMs;

/** When a pepper was added, as far as it is on record. */
export const addedAtMs = (events: readonly AuditEvent[], name: string): number | undefined =>
  additionOf(events, name)?.atMs;

/**
 * The pepper that was added and is to become the current one. One that was the current one before, or that no rotation has
 * put there, is nobody's to take up.
 */
export const waitingPepper = (events: readonly AuditEvent[], set: PepperSet): string | undefined =>
  stagedPeppers(set).find(
    (name) => wasAdded(events, set, name) && madeCurrentAtMs(events, name) === undefined,
  );
