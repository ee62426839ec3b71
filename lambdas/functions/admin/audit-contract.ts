/** What operators ask about events on record, and what they are told. Types only, as in `contract.ts`. */
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { ActorClaim } from './contract.ts';

/** All that is given must be true of an event. */
export interface AuditEventsInput {
  /** Of this key alone, in the order of its chain. */
  readonly keyId?: string;
  /** Of this chain alone (`pepper`, `policy/standard`), in its order. */
  readonly chain?: string;
  readonly owner?: string;
  /** One of `AUDIT_ACTIONS`. */
  readonly kind?: string;
  /** The principal that acted, whole. */
  readonly actor?: string;
  /** From when on: a day, an ISO 8601 UTC time, or a duration back from now. */
  readonly from?: string;
  /** Until before when; a day is in until its end. */
  readonly to?: string;
  /** Default `oldest`. */
  readonly order?: 'oldest' | 'latest';
  /** 1 to 2000, default 100. */
  readonly limit?: number;
  readonly nextToken?: string;
}

export interface AuditEventsPage {
  /** As they are stored: their hashes are over all of this. Fewer than `limit`, even none, may come before the last page. */
  readonly events: readonly AuditEvent[];
  /** Null: there are no more. */
  readonly nextToken: string | null;
}

export interface AuditAdminRequest {
  readonly action: 'audit-events';
  readonly input: AuditEventsInput;
  readonly actor?: ActorClaim;
}

/** What each action answers. */
export interface AuditAdminResults {
  readonly 'audit-events': AuditEventsPage;
}
