/** The indexes of the table: their names, their keys, and what each carries beside them. */

export interface TableIndex {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
  /** Attributes that are read from the index; absent: keys alone. */
  readonly carries?: readonly string[];
}

export const INDEX_BY_OWNER = 'byOwner';
export const INDEX_BY_DUE_DATE = 'byDueDate';
export const INDEX_BY_ROTATION = 'byRotation';
/** Of notices that are still to be sent, and of those that could not be. */
export const INDEX_BY_NOTICE = 'byNotice';
export const INDEX_AUDIT_BY_TIME = 'auditByTime';
export const INDEX_AUDIT_BY_OWNER = 'auditByOwner';
export const INDEX_AUDIT_BY_ACTOR = 'auditByActor';
export const INDEX_AUDIT_BY_KIND = 'auditByKind';

/** The chains are checked by what lies in the index by time: what is not in it is not to be shown from another one. */
const EVENT = ['event', 'auditDayPk'];

export const TABLE_INDEXES: readonly TableIndex[] = [
  { name: INDEX_BY_OWNER, pk: 'ownerPk', sk: 'ownerSk' },
  { name: INDEX_BY_DUE_DATE, pk: 'duePk', sk: 'dueSk' },
  { name: INDEX_BY_ROTATION, pk: 'rotationPk', sk: 'rotationSk', carries: ['rotation', 'owner'] },
  { name: INDEX_BY_NOTICE, pk: 'noticePk', sk: 'noticeSk' },
  { name: INDEX_AUDIT_BY_TIME, pk: 'auditDayPk', sk: 'auditTimeSk', carries: ['event'] },
  { name: INDEX_AUDIT_BY_OWNER, pk: 'auditOwnerPk', sk: 'auditTimeSk', carries: EVENT },
  { name: INDEX_AUDIT_BY_ACTOR, pk: 'auditActorPk', sk: 'auditTimeSk', carries: EVENT },
  { name: INDEX_AUDIT_BY_KIND, pk: 'auditKindPk', sk: 'auditTimeSk', carries: EVENT },
];
