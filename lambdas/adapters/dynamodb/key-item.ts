/** The table's layout: names of items and attributes, and the key's record as its item. No AWS package. */
import { addressKey } from '../../../rules/mail-address.ts';
import { AUDIT_PREFIX, isKeyPartition, keyIdOf, partitionOf } from '../../../rules/table-items.ts';
import type { RotationGroup } from '../../../rules/words.ts';
import { type AuditEvent, KEY_CHAIN_PREFIX } from '../../core/domain/audit-event.ts';
import { crc32 } from '../../core/domain/crc32.ts';
import { iso } from '../../core/domain/iso-time.ts';
import { groupOf, type KeyRecord, type Rotation } from '../../core/domain/key-record.ts';
import type { AuthorizableKey } from '../../core/ports/authorization.ts';

/** Keys that can fall due spread over this many partitions of the index by due date. */
export const DUE_SHARDS = 8;
/** Events of a day spread over this many partitions of the index by time. */
export const AUDIT_SHARDS = 4;
/** Rotations spread over this many partitions of their index, for each group. */
export const ROTATION_SHARDS = 8;

export { partitionOf };
/** No key's: nobody who may reach keys alone reaches what is on record of the pepper. */
export const PEPPER_PARTITION = 'PEPPER';
/** Where a chain's events lie: a key's beside the key, the pepper's with the pepper, any other by itself. */
export function partitionOfChain(chain: string): string {
  if (chain.startsWith(KEY_CHAIN_PREFIX)) return partitionOf(chain.slice(KEY_CHAIN_PREFIX.length));
  return chain === 'pepper' ? PEPPER_PARTITION : `CHAIN#${chain}`;
}
/** All webhooks: they are weighed together for each event. */
export const WEBHOOKS_PARTITION = 'WEBHOOKS';
/** The chain whose events lie in a partition. */
export function chainOfPartition(partition: string): string {
  if (isKeyPartition(partition)) return `${KEY_CHAIN_PREFIX}${keyIdOf(partition)}`;
  return partition === PEPPER_PARTITION ? 'pepper' : partition.slice('CHAIN#'.length);
}
export const META = 'META';
/** A condition: nothing stands there yet. */
export const NEW_ITEM = 'attribute_not_exists(pk)';
export const auditSortKey = (sequence: number): string =>
  `${AUDIT_PREFIX}${String(sequence).padStart(10, '0')}`;
export const rotationSortKey = (rotationId: string): string => `ROTATION#${rotationId}`;
export const nonceSortKey = (nonce: string): string => `NONCE#${nonce}`;
/** By hour: `CLAIM-TRIES#2026-11-23T14`. */
export const claimTriesSortKey = (atMs: number): string =>
  `CLAIM-TRIES#${new Date(atMs).toISOString().slice(0, 13)}`;
export const sealedSortKey = (version: number): string => `SEALED#${version}`;
/** Sorts by hour: `USE#2026-11-23T14#3`. */
export const useSortKey = (hourMs: number, version: number): string =>
  `USE#${new Date(hourMs).toISOString().slice(0, 13)}#${version}`;
/** Start of the hour that a counter's sort key names. */
export const hourOfUse = (sortKey: string): number =>
  Date.parse(`${sortKey.slice('USE#'.length, 'USE#2026-11-23T14'.length)}:00:00.000Z`);

/** However an owner's address is written, its keys lie together. */
export const ownerPartition = (owner: string): string => `OWNER#${addressKey(owner)}`;
export const duePartition = (group: 'DUE' | 'OFF' | 'REVOKED', shard: number): string => `${group}#${shard}`;

/** The partition of the index by due date: only enabled keys can fall due, the others are still listed. */
export function dueGroupOf(status: KeyRecord['status']): 'DUE' | 'OFF' | 'REVOKED' {
  if (status === 'enabled') return 'DUE';
  return status === 'disabled' ? 'OFF' : 'REVOKED';
}

/** @param day `2026-11-23`, UTC */
export const auditDayPartition = (day: string, shard: number): string => `AUDIT#${day}#${shard}`;
export const auditOwnerPartition = (owner: string): string => `AUDIT-OWNER#${addressKey(owner)}`;
export const auditActorPartition = (principal: string): string => `AUDIT-ACTOR#${principal}`;
export const auditKindPartition = (action: AuditEvent['action']): string => `AUDIT-KIND#${action}`;

/** An event as its item, also in the indexes by time, owner, actor and kind; in each by when it was. */
export const auditItem = (event: AuditEvent): Record<string, unknown> => ({
  pk: partitionOfChain(event.chain),
  sk: auditSortKey(event.sequence),
  auditDayPk: auditDayPartition(iso(event.atMs).slice(0, 10), crc32(event.chain) % AUDIT_SHARDS),
  ...(event.owner === undefined ? {} : { auditOwnerPk: auditOwnerPartition(event.owner) }),
  auditActorPk: auditActorPartition(event.actor.principal),
  auditKindPk: auditKindPartition(event.action),
  auditTimeSk: `${iso(event.atMs)}#${event.chain}#${String(event.sequence).padStart(10, '0')}`,
  event,
});

type Item = Readonly<Record<string, unknown>>;

/** By which questions find an event. */
export const AUDIT_INDEX_ATTRIBUTES = [
  'auditDayPk',
  'auditOwnerPk',
  'auditActorPk',
  'auditKindPk',
  'auditTimeSk',
] as const;

/** Where an item has to lie to be found by whoever checks the chains: in its chain, and among the events of its day. */
const PLACE = ['pk', 'sk', 'auditDayPk', 'auditTimeSk'] as const;
const LAST_SEQUENCE = 9_999_999_999;

/** The event of an item that lies where its event belongs: what lies elsewhere is in no chain, and checked by nobody. */
export function placedEvent(item: Item): AuditEvent | undefined {
  const event = item['event'] as AuditEvent | undefined;
  const { sequence } = event ?? {};
  // A chain begins with 1: what says that it stands before, or behind all places, is read by no check.
  if (!Number.isSafeInteger(sequence) || Number(sequence) < 1 || Number(sequence) > LAST_SEQUENCE)
    return undefined;
  return liesOtherwise(item, PLACE) === false ? event : undefined;
}

/** Whether an item of an event is filed otherwise than its event says, so that questions miss it. */
export const isMisfiled = (item: Item): boolean =>
  // What is no event is told to be none.
  liesOtherwise(item, ['sk', ...AUDIT_INDEX_ATTRIBUTES]) ?? false;

/** @returns undefined for what is no event */
function liesOtherwise(item: Item, names: readonly string[]): boolean | undefined {
  try {
    const filed = auditItem(item['event'] as AuditEvent);
    return names.some((name) => item[name] !== filed[name]);
  } catch {
    return undefined;
  }
}

export const rotationPartition = (group: RotationGroup, shard: number): string =>
  `ROTATION-${group.toUpperCase()}#${shard}`;

/**
 * A rotation with its place in the index of rotations: by when it started while it runs, by when it ended after that.
 * Of an item without one nothing is in that index.
 */
export const indexedRotation = (keyId: string, rotation: Rotation): Record<string, unknown> => ({
  rotation,
  rotationPk: rotationPartition(groupOf(rotation), crc32(keyId) % ROTATION_SHARDS),
  rotationSk: `${iso(rotation.endedAtMs ?? rotation.startedAtMs)}#${keyId}#${rotation.rotationId}`,
});

/** What an item has of a rotation, and loses with it. */
export const ROTATION_ATTRIBUTES = ['rotation', 'rotationPk', 'rotationSk'] as const;

/** Everything of the item that a change may set anew. First uses and refusals are not: the authorizer writes them beside. */
export function changingAttributes(record: KeyRecord): Record<string, unknown> {
  const group = dueGroupOf(record.status);
  return {
    status: record.status,
    delivery: record.delivery,
    dueAtMs: record.dueAtMs,
    versions: record.versions,
    audit: record.audit,
    revision: record.revision,
    duePk: duePartition(group, crc32(record.keyId) % DUE_SHARDS),
    dueSk: `${iso(record.dueAtMs)}#${record.keyId}`,
    ...(record.exemption ? { exemption: record.exemption } : {}),
    ...(record.destination ? { destination: record.destination } : {}),
    ...(record.recipients ? { recipients: record.recipients } : {}),
    ...(record.proposal ? { proposal: record.proposal } : {}),
    ...(record.told ? { told: record.told } : {}),
    ...(record.renewalRefusedAtMs === undefined ? {} : { renewalRefusedAtMs: record.renewalRefusedAtMs }),
  };
}

/** The whole item of a new key. */
export function newKeyItem(record: KeyRecord): Record<string, unknown> {
  return {
    pk: partitionOf(record.keyId),
    sk: META,
    keyId: record.keyId,
    owner: record.owner,
    name: record.name,
    environment: record.environment,
    ...(record.purpose ? { purpose: record.purpose } : {}),
    scopes: record.scopes,
    policy: record.policy,
    allowedAddresses: record.allowedAddresses,
    createdAtMs: record.createdAtMs,
    firstUsesMs: record.firstUsesMs,
    firstRefusalsMs: record.firstRefusalsMs,
    ownerPk: ownerPartition(record.owner),
    ownerSk: `${iso(record.createdAtMs)}#${record.keyId}`,
    ...changingAttributes(record),
  };
}

const STORAGE_ONLY = new Set([
  'pk',
  'sk',
  'ownerPk',
  'ownerSk',
  'duePk',
  'dueSk',
  'rotationPk',
  'rotationSk',
]);

export const recordFromItem = (item: Item): KeyRecord =>
  Object.fromEntries(
    Object.entries(item).filter(([name]) => !STORAGE_ONLY.has(name)),
  ) as unknown as KeyRecord;

/** The attributes that authorizing reads. */
export const AUTHORIZING_ATTRIBUTES = [
  'keyId',
  'owner',
  'environment',
  'scopes',
  'allowedAddresses',
  'status',
  'versions',
  'firstUsesMs',
  'firstRefusalsMs',
] as const satisfies readonly (keyof AuthorizableKey)[];
