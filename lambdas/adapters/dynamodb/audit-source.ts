/** From which partitions a question about events is answered, and where in their order one is. No AWS package. */
import {
  INDEX_AUDIT_BY_ACTOR,
  INDEX_AUDIT_BY_KIND,
  INDEX_AUDIT_BY_OWNER,
  INDEX_AUDIT_BY_TIME,
} from '../../../rules/table-indexes.ts';
import { AUDIT_PREFIX } from '../../../rules/table-items.ts';
import type { AuditFilter } from '../../core/domain/audit-filter.ts';
import { iso } from '../../core/domain/iso-time.ts';
import {
  AUDIT_SHARDS,
  auditActorPartition,
  auditDayPartition,
  auditKindPartition,
  auditOwnerPartition,
  auditSortKey,
  partitionOfChain,
} from './key-item.ts';

/** Partitions whose items have one order, and the part of it that is asked for: sort keys, both ends in it. */
export interface AuditSource {
  /** Absent: the table itself, read consistently. */
  readonly index?: string;
  readonly pk: string;
  readonly sk: string;
  /** Those in which the order goes on at this place: where they are by day, those of its day. */
  readonly partitionsAt: (place: string) => readonly string[];
  readonly byDay: boolean;
  readonly first: string;
  readonly last: string;
  readonly isPlace: (place: string) => boolean;
}

/** Keyturn's own parts act in most events: what kind those are says more than who did them. */
const OWN_PARTS = 'keyturn:';
/** Behind everything. */
const END = '~';
const SHARDS = Array.from({ length: AUDIT_SHARDS }, (_, shard) => shard);
const TIME_PLACE = /^\d{4}-\d{2}-\d{2}T[^\n]{0,400}$/u;
const CHAIN_PLACE = /^AUDIT#\d{10}$/;

/** Before all events of a day, or behind them. */
export const edgeOfDay = (day: string, edge: 'begin' | 'end'): string =>
  edge === 'begin' ? `${day}T` : `${day}T${END}`;

/** The one that has the fewest others in it: a chain, an owner, somebody, a kind, or days. */
export function sourceOf(filter: AuditFilter): AuditSource {
  const { chain, owner, actor, kind } = filter;
  if (chain !== undefined) return chainSource(chain, 0);
  if (owner !== undefined)
    return indexed(filter, INDEX_AUDIT_BY_OWNER, 'auditOwnerPk', auditOwnerPartition(owner));
  if (actor !== undefined && !(kind !== undefined && actor.startsWith(OWN_PARTS)))
    return indexed(filter, INDEX_AUDIT_BY_ACTOR, 'auditActorPk', auditActorPartition(actor));
  if (kind !== undefined) return kindSource(filter, kind);
  return {
    ...indexed(filter, INDEX_AUDIT_BY_TIME, 'auditDayPk', ''),
    byDay: true,
    partitionsAt: (place) => SHARDS.map((shard) => auditDayPartition(place.slice(0, 10), shard)),
  };
}

export const chainSource = (chain: string, fromSequence: number): AuditSource => ({
  pk: 'pk',
  sk: 'sk',
  byDay: false,
  partitionsAt: () => [partitionOfChain(chain)],
  first: auditSortKey(fromSequence),
  last: `${AUDIT_PREFIX}${END}`,
  isPlace: (place) => CHAIN_PLACE.test(place),
});

export const kindSource = (
  period: Pick<AuditFilter, 'fromMs' | 'toMs'>,
  kind: NonNullable<AuditFilter['kind']>,
): AuditSource => indexed(period, INDEX_AUDIT_BY_KIND, 'auditKindPk', auditKindPartition(kind));

/** Sort keys begin with a time and go on behind it: the moment `toMs` itself is out, the moment `fromMs` is in. */
const indexed = (
  { fromMs, toMs }: Pick<AuditFilter, 'fromMs' | 'toMs'>,
  index: string,
  pk: string,
  partition: string,
): AuditSource => ({
  index,
  pk,
  sk: 'auditTimeSk',
  byDay: false,
  partitionsAt: () => [partition],
  first: fromMs === undefined ? '0' : iso(fromMs),
  last: toMs === undefined ? END : iso(toMs),
  isPlace: (place) => TIME_PLACE.test(place) && !Number.isNaN(Date.parse(place.slice(0, 10))),
});
