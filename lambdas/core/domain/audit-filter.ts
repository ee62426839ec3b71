/** Which events are asked for. */
import { isSameAddress } from '../../../rules/mail-address.ts';
import type { AuditAction, AuditEvent } from './audit-event.ts';

/** What is absent restricts nothing. */
export interface AuditFilter {
  readonly chain?: string;
  readonly owner?: string;
  readonly kind?: AuditAction;
  /** The principal that acted. */
  readonly actor?: string;
  /** The first moment that belongs to the period. */
  readonly fromMs?: number;
  /** The first that belongs to it no more. */
  readonly toMs?: number;
}

export const isAskedFor = (event: AuditEvent, filter: AuditFilter): boolean =>
  (filter.chain === undefined || event.chain === filter.chain) &&
  (filter.owner === undefined || isSameAddress(event.owner, filter.owner)) &&
  (filter.kind === undefined || event.action === filter.kind) &&
  (filter.actor === undefined || event.actor.principal === filter.actor) &&
  (filter.fromMs === undefined || event.atMs >= filter.fromMs) &&
  (filter.toMs === undefined || event.atMs < filter.toMs);
