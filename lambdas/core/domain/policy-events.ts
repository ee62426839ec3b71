/** Policies on record. They come with the deployment: what changed shows when somebody first acts under another set. */
import type { Policy } from '../../../rules/policy.ts';
import { type AuditEntry, type AuditEvent, CHAIN_START, chainEvent, headOf } from './audit-event.ts';
import type { AuditHead } from './key-record.ts';

type Values = AuditEntry['detail'];

/** The set under which somebody acted last. */
export interface KnownPolicies {
  readonly policies: Readonly<Record<string, Values>>;
  /** Of each policy's chain, also of those that are no more. */
  readonly heads: Readonly<Record<string, AuditHead>>;
  readonly revision: number;
}

export interface PolicyChange {
  readonly known: KnownPolicies;
  /** One for each policy that was added, changed or removed. */
  readonly events: readonly AuditEvent[];
}

/** @param before absent: nobody has acted yet */
export function policyChange(
  before: KnownPolicies | undefined,
  deployed: ReadonlyMap<string, Policy>,
  by: Pick<AuditEntry, 'actor' | 'atMs'>,
): PolicyChange {
  const policies = Object.fromEntries([...deployed].map(([name, policy]) => [name, valuesOf(policy)]));
  const names = [...new Set([...Object.keys(before?.policies ?? {}), ...Object.keys(policies)])].sort();
  const events = names.flatMap((name) => {
    const entry = entryOf(before?.policies[name], policies[name]);
    const head = before?.heads[name] ?? CHAIN_START;
    return entry ? [[name, chainEvent({ chain: `policy/${name}` }, head, { ...entry, ...by })] as const] : [];
  });
  const heads = events.map(([name, event]) => [name, headOf(event)] as const);
  return {
    known: {
      policies,
      heads: { ...before?.heads, ...Object.fromEntries(heads) },
      revision: (before?.revision ?? 0) + 1,
    },
    events: events.map(([, event]) => event),
  };
}

function entryOf(
  before: Values | undefined,
  after: Values | undefined,
): Pick<AuditEntry, 'action' | 'detail'> | undefined {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = fields.filter(
    (field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]),
  );
  if (changed.length === 0) return undefined;
  const detail = Object.fromEntries(
    changed.flatMap((field) => [
      ...valueIn(before, `before.${field}`, field),
      ...valueIn(after, `after.${field}`, field),
    ]),
  );
  if (!before) return { action: 'policy.added', detail };
  return { action: after ? 'policy.changed' : 'policy.removed', detail };
}

const valueIn = (values: Values | undefined, as: string, field: string) => {
  const value = values?.[field];
  return value === undefined ? [] : [[as, value] as const];
};

/** As they hold, with every default; the name is the chain's. */
function valuesOf({ name: _name, ...policy }: Policy): Values {
  return Object.fromEntries(
    Object.entries(policy).map(([field, value]) => [
      field,
      typeof value === 'object' ? value.map(String) : value,
    ]),
  );
}
