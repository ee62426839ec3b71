/** Events as a table: when, what, of what, who, through what, from where, how it ended and why. */
import type { AuditEventsPage } from '../../lambdas/functions/admin/audit-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';

type Event = AuditEventsPage['events'][number];

const NOTHING = '–';
/** Enough to tell executions apart. */
const LONGEST_WAY = 22;

export function eventTable({ events, nextToken }: AuditEventsPage, paint: Paint): string {
  const more = nextToken ? `${paint.dim(`More: add --next-token ${nextToken}`)}\n` : '';
  if (events.length === 0) return more || 'Nothing of this is on record.\n';
  const columns: readonly Column<Event>[] = [
    { title: 'TIME', value: ({ atMs }) => new Date(atMs).toISOString() },
    { title: 'WHAT', value: ({ action }) => action, paint: (cell) => paint.bold(cell) },
    { title: 'OF', value: ({ keyId, chain }) => keyId ?? chain },
    { title: 'WHO', value: whoOf },
    { title: 'THROUGH', value: ({ actor }) => actor.via, longest: LONGEST_WAY },
    { title: 'FROM', value: ({ origin }) => origin?.address ?? NOTHING, blank: NOTHING },
    {
      title: 'OUTCOME',
      value: ({ outcome }) => outcome,
      paint: (cell, event) => painted(cell, event, paint),
    },
    { title: 'REASON', value: ({ reason }) => reason ?? NOTHING, blank: NOTHING },
  ];
  return [`${table(columns, events, paint.dim)}\n`, ...(more ? [more] : [])].join('\n');
}

/** `assumed-role/Operator/kim` of its ARN: the account is the deployment's own. Who was stated alone is not to look like it. */
function whoOf({ actor: { principal, proven } }: Event): string {
  const name = /^arn:[^:]*:(?:iam|sts):[^:]*:\d{12}:(.+)$/.exec(principal)?.[1] ?? principal;
  return proven === false ? `${name} (stated)` : name;
}

const painted = (cell: string, { outcome }: Event, paint: Paint): string => {
  if (outcome === 'success') return paint.good(cell);
  return outcome === 'refused' ? paint.warn(cell) : paint.bad(cell);
};
