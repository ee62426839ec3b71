/** An operator approves or rejects a proposed public key, or removes the registered one. */
import type { Actor, AuditAction } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import { standingProposal } from './propose-renewal-key.ts';

export interface DecideDeps {
  readonly store: KeyStore;
  readonly clock: Clock;
}

export type RenewalDecision =
  | 'changed'
  | 'unknown-key'
  | 'revoked'
  | 'nothing-proposed'
  /** What waits has another thumbprint: somebody else may have proposed it. */
  | 'other-thumbprint'
  | 'nothing-registered';

/** From here on new versions go to the holder of this key, and to no holder of a former one. */
export const approveRenewalKey = (
  deps: DecideDeps,
  keyId: string,
  by: { readonly actor: Actor; readonly thumbprint: string },
): Promise<RenewalDecision> =>
  decide(deps, keyId, (record, nowMs) => {
    const waiting = standingProposal(record, nowMs);
    if (!waiting) return { result: 'nothing-proposed' };
    if (waiting.thumbprint !== by.thumbprint) return { result: 'other-thumbprint' };
    const { publicKey, thumbprint, version, address } = waiting;
    const { proposal: _approved, ...rest } = record;
    const former = record.destination?.kind === 'renewal' ? { former: record.destination.thumbprint } : {};
    return changed(
      { ...rest, delivery: 'renewal-key', destination: { kind: 'renewal', publicKey, thumbprint } },
      'renewal.approved',
      { actor: by.actor, nowMs, detail: { thumbprint, version, address, ...former } },
    );
  });

export const rejectRenewalKey = (deps: DecideDeps, keyId: string, by: Reasoned): Promise<RenewalDecision> =>
  decide(deps, keyId, (record, nowMs) => {
    const { proposal, ...rest } = record;
    if (!proposal) return { result: 'nothing-proposed' };
    const detail = { thumbprint: proposal.thumbprint, version: proposal.version };
    return changed(rest, 'renewal.rejected', { ...by, nowMs, detail });
  });

/** From here on nobody can renew this key: what it is given next is for an operator to take. */
export const removeRenewalKey = (deps: DecideDeps, keyId: string, by: Reasoned): Promise<RenewalDecision> =>
  decide(deps, keyId, (record, nowMs) => {
    const { destination, proposal: _void, ...rest } = record;
    if (destination?.kind !== 'renewal') return { result: 'nothing-registered' };
    const detail = { thumbprint: destination.thumbprint };
    return changed({ ...rest, delivery: 'operator' }, 'renewal.removed', { ...by, nowMs, detail });
  });

interface Reasoned {
  readonly actor: Actor;
  readonly reason: string;
}

function changed(
  after: KeyRecord,
  action: AuditAction,
  about: Partial<Reasoned> & {
    readonly actor: Actor;
    readonly nowMs: number;
    readonly detail: Readonly<Record<string, string | number>>;
  },
): Decision<RenewalDecision> {
  const { actor, reason, nowMs, detail } = about;
  const entry = { action, actor, atMs: nowMs, ...(reason === undefined ? {} : { reason }), detail };
  return { result: 'changed', change: { after, entry } };
}

const decide = (
  { store, clock }: DecideDeps,
  keyId: string,
  choose: (record: KeyRecord, nowMs: number) => Decision<RenewalDecision>,
): Promise<RenewalDecision> =>
  changeKey(store, keyId, (record): Decision<RenewalDecision> => {
    if (!record) return { result: 'unknown-key' };
    return record.status === 'revoked' ? { result: 'revoked' } : choose(record, clock());
  });
