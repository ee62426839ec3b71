/**
 * Audit events: one for each change of a key, each carrying the hash of the key's event before it. What is no key's (the
 * pepper, a webhook) has a chain of its own.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditHead, KeyRecord } from './key-record.ts';

export const AUDIT_ACTIONS = [
  'key.issued',
  'key.disabled',
  'key.enabled',
  'key.revoked',
  'key.exempted',
  'key.unexempted',
  'key.recipients-changed',
  'owner.settings-changed',
  'key.backed-up',
  'rotation.requested',
  'rotation.started',
  'rotation.taken-over',
  'version.generated',
  'version.activated',
  'version.offered',
  'version.not-delivered',
  'version.claimed',
  'version.restored',
  'renewal.proposed',
  'renewal.approved',
  'renewal.rejected',
  'renewal.removed',
  'renewal.refused',
  'claim.refused',
  'rotation.reminded',
  'rotation.looked',
  'rotation.judged',
  'rotation.postponed',
  'version.retired',
  'rotation.failed',
  'rotation.rolled-back',
  'rotation.stuck',
  'notice.bounced',
  'notice.complained',
  'notice.dismissed',
  'mail.unblocked',
  'security.seal-broken',
  'security.claim-disputed',
  'security.retired-key-used',
  'security.wrong-keys',
  'emergency.started',
  'emergency.resumed',
  'emergency.ended',
  'emergency.incomplete',
  'policy.added',
  'policy.changed',
  'policy.removed',
  'pepper.requested',
  'pepper.adding',
  'pepper.added',
  'pepper.making-current',
  'pepper.made-current',
  'pepper.dropping',
  'pepper.dropped',
  'pepper.copying',
  'pepper.copied',
  'pepper.failed',
  'pepper.fault',
  'pepper.fault-counted',
  'webhook.added',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.removed',
  'webhook.secret-rotated',
  'webhook.tested',
  'audit.chain-broken',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Who did it, and through what. */
export interface Actor {
  /** An IAM principal, or the part of Keyturn that acts by itself. */
  readonly principal: string;
  /** Of an IAM principal: whether AWS has said so, or the tool alone. */
  readonly proven?: boolean;
  readonly via: string;
  readonly requestId?: string;
}

/** For people: who was stated alone is not to look like who was proven. */
export const namedActor = ({ principal, proven }: Actor): string =>
  proven === false ? `${principal} (stated)` : principal;

/** From where a request came, as far as it is known. */
export interface Origin {
  readonly address?: string;
  readonly userAgent?: string;
}

/** Who asks, and from where. */
export interface Visitor {
  readonly actor: Actor;
  readonly origin?: Origin;
}

export type AuditOutcome = 'success' | 'failure' | 'refused';

/** What a change says about itself, before it is chained. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly atMs: number;
  readonly reason?: string;
  readonly rotationId?: string;
  readonly origin?: Origin;
  /** Facts of the change: ids, numbers and words, never a key. */
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** What a chain of events is about. */
export interface Chain {
  /** `key/<keyId>`, `pepper`, `webhook/<id>`: what its kind is, and which one. */
  readonly chain: string;
  readonly keyId?: string;
  readonly owner?: string;
}

export interface AuditEvent extends AuditEntry, Chain {
  /** 1 for the chain's first event. */
  readonly sequence: number;
  readonly outcome: AuditOutcome;
  readonly previousHash: string;
  /** SHA-256 over the canonical form (RFC 8785) of all other fields, hex. */
  readonly hash: string;
}

/** What came to nothing, or was not let in. Everything else on record was done. */
const OUTCOMES: Partial<Record<AuditAction, AuditOutcome>> = {
  'rotation.failed': 'failure',
  'version.not-delivered': 'failure',
  'notice.bounced': 'failure',
  'notice.complained': 'failure',
  'renewal.refused': 'refused',
  'claim.refused': 'refused',
  'audit.chain-broken': 'failure',
  'emergency.incomplete': 'failure',
  'rotation.stuck': 'failure',
  'pepper.failed': 'failure',
  'pepper.fault': 'failure',
  'pepper.fault-counted': 'failure',
  'security.retired-key-used': 'refused',
  'security.wrong-keys': 'refused',
};

export const KEY_CHAIN_PREFIX = 'key/';

export const keyChain = ({ keyId, owner }: Pick<KeyRecord, 'keyId' | 'owner'>): Chain => ({
  chain: `${KEY_CHAIN_PREFIX}${keyId}`,
  keyId,
  owner,
});

/** What the first event of a chain is chained to. */
export const CHAIN_START: AuditHead = { sequence: 0, hash: '0'.repeat(64) };

/** What an event is to carry as its `hash`. */
export const hashOf = (event: Omit<AuditEvent, 'hash'>): string =>
  createHash('sha256')
    .update(canonicalize(event) as string)
    .digest('hex');

/** Appends an entry to a chain. */
export function chainEvent(chain: Chain, head: AuditHead, entry: AuditEntry): AuditEvent {
  const event = {
    ...entry,
    ...chain,
    sequence: head.sequence + 1,
    outcome: OUTCOMES[entry.action] ?? 'success',
    previousHash: head.hash,
  };
  return { ...event, hash: hashOf(event) };
}

/** The end of a chain whose last event this is. */
export const headOf = ({ sequence, hash }: AuditEvent): AuditHead => ({ sequence, hash });

/** @returns the first event that does not follow from the one before it, or undefined if the chain holds */
export function firstBrokenLink(events: readonly AuditEvent[]): AuditEvent | undefined {
  let head = CHAIN_START;
  for (const event of events) {
    const { hash, ...rest } = event;
    const follows = event.sequence === head.sequence + 1 && event.previousHash === head.hash;
    if (!follows || hashOf(rest) !== hash) return event;
    head = { sequence: event.sequence, hash };
  }
  return undefined;
}
