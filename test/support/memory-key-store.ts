/** Keys in memory, with the same conditions as the table's: one revision wins, and all of a change or nothing. */
import { DUE_SHARDS } from '../../lambdas/adapters/dynamodb/key-item.ts';
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import { crc32 } from '../../lambdas/core/domain/crc32.ts';
import type { KeyRecord, Rotation } from '../../lambdas/core/domain/key-record.ts';
import { type MailNotice, waitingNotice } from '../../lambdas/core/domain/notice.ts';
import type { SealedKey } from '../../lambdas/core/ports/key-sealer.ts';
import type { KeyChange, KeyPage, KeyQuery, KeyStore } from '../../lambdas/core/ports/key-store.ts';
import { isSameAddress } from '../../rules/mail-address.ts';
import { frozen } from './frozen.ts';
import { moveNotices, stands } from './memory-moves.ts';
import { noticeName } from './memory-outbox.ts';
import type { MemoryTable } from './memory-table.ts';

const TOKEN = /^after-(\d+)$/;

export class MemoryKeyStore implements KeyStore {
  /** A test may turn it off. */
  notifies = true;
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async find(keyId: string): Promise<KeyRecord | undefined> {
    await this.#table.turn();
    return this.#table.keys.get(keyId);
  }

  async insert(
    record: KeyRecord,
    event: AuditEvent,
    seal?: SealedKey,
    notices: readonly MailNotice[] = [],
  ): Promise<'inserted' | 'exists'> {
    await this.#table.turn();
    if (this.#table.keys.has(record.keyId)) return 'exists';
    this.#table.commit(() => {
      this.#table.keys.set(record.keyId, frozen(record));
      this.#table.events.set(record.keyId, [frozen(event)]);
      if (seal) this.#table.seals.set(sealName(seal), frozen(seal));
      this.#putNotices(notices);
    });
    return 'inserted';
  }

  async save({
    before,
    after,
    event,
    seal,
    notices = [],
    moves = [],
  }: KeyChange): Promise<'saved' | 'stale'> {
    await this.#table.turn();
    const stored = this.#table.keys.get(before.keyId);
    const events = this.#table.events.get(before.keyId) ?? [];
    if (stored?.revision !== before.revision || events.some(({ sequence }) => sequence === event.sequence)) {
      return 'stale';
    }
    if (seal?.put && this.#isSealed(seal.put)) return 'stale';
    if (seal?.destroy?.some((sealed) => !this.#isSealed(sealed))) return 'stale';
    if (!moves.every((move) => stands(this.#table, move))) return 'stale';
    const next = this.#merged(stored, after);
    this.#table.commit(() => {
      this.#table.keys.set(before.keyId, next);
      this.#table.events.set(before.keyId, [...events, frozen(event)]);
      if (after.rotation?.endedAtMs !== undefined)
        this.#table.rotations.set(rotationName(after.keyId, after.rotation), frozen(after.rotation));
      if (seal?.put) this.#table.seals.set(sealName(seal.put), frozen(seal.put));
      for (const sealed of seal?.destroy ?? []) this.#table.seals.delete(sealName(sealed));
      this.#putNotices(notices);
      moveNotices(this.#table, moves);
    });
    return 'saved';
  }

  async findRotation(keyId: string, rotationId: string): Promise<Rotation | undefined> {
    await this.#table.turn();
    return this.#table.rotations.get(`${keyId}/${rotationId}`);
  }

  async findSealed(keyId: string, version: number): Promise<SealedKey | undefined> {
    await this.#table.turn();
    const sealed = this.#table.seals.get(`${keyId}/${version}`);
    return sealed && { ...sealed, keyId, version };
  }

  async destroySealed(sealed: SealedKey): Promise<void> {
    await this.#table.turn();
    const name = sealName(sealed);
    if (this.#table.seals.get(name)?.ciphertext === sealed.ciphertext)
      this.#table.commit(() => this.#table.seals.delete(name));
  }

  async list({ owner, statuses, limit, nextToken }: KeyQuery): Promise<KeyPage | 'bad-token'> {
    await this.#table.turn();
    const start = nextToken === undefined ? 0 : Number(TOKEN.exec(nextToken)?.[1] ?? Number.NaN);
    if (Number.isNaN(start)) return 'bad-token';
    const wanted = [...this.#table.keys.values()]
      .filter((record) => owner === undefined || isSameAddress(record.owner, owner))
      .filter(({ status }) => statuses.includes(status))
      .sort(owner === undefined ? byShard(statuses) : byAge);
    const end = start + limit;
    return { records: wanted.slice(start, end), nextToken: end < wanted.length ? `after-${end}` : null };
  }

  async auditEvents(keyId: string): Promise<readonly AuditEvent[]> {
    await this.#table.turn();
    return this.#table.events.get(keyId) ?? [];
  }

  #putNotices(notices: readonly MailNotice[]): void {
    for (const notice of notices) {
      const name = noticeName(notice);
      if (!this.#table.notices.has(name)) this.#table.notices.set(name, frozen(waitingNotice(notice)));
    }
  }

  #isSealed(sealed: SealedKey): boolean {
    return this.#table.seals.has(sealName(sealed));
  }

  /** Only what a change may set anew; first uses are the authorizer's, and a rotation that has ended goes. */
  #merged(stored: KeyRecord, after: KeyRecord): KeyRecord {
    const {
      rotation: _before,
      exemption: _earlier,
      destination: _former,
      proposal: _lapsed,
      recipients: _told,
      ...kept
    } = stored;
    const { status, delivery, dueAtMs, versions, audit, revision } = after;
    const { rotation, exemption, destination, proposal, recipients, renewalRefusedAtMs, told } = after;
    const running = rotation?.endedAtMs === undefined ? rotation : undefined;
    return frozen({
      ...kept,
      status,
      delivery,
      dueAtMs,
      versions,
      audit,
      revision,
      ...(running ? { rotation: running } : {}),
      ...(exemption ? { exemption } : {}),
      ...(destination ? { destination } : {}),
      ...(proposal ? { proposal } : {}),
      ...(recipients ? { recipients } : {}),
      ...(renewalRefusedAtMs === undefined ? {} : { renewalRefusedAtMs }),
      ...(told ? { told } : {}),
    });
  }
}

const sealName = ({ keyId, version }: SealedKey): string => `${keyId}/${version}`;
const rotationName = (keyId: string, { rotationId }: Rotation): string => `${keyId}/${rotationId}`;

type Order = (left: KeyRecord, right: KeyRecord) => number;

const byId: Order = (left, right) => (left.keyId < right.keyId ? -1 : 1);

const byAge: Order = (left, right) => left.createdAtMs - right.createdAtMs || byId(left, right);

/** As the table's index has them: by status, by shard, and there by when they are due. */
const byShard =
  (statuses: KeyQuery['statuses']): Order =>
  (left, right) =>
    statuses.indexOf(left.status) - statuses.indexOf(right.status) ||
    shardOf(left) - shardOf(right) ||
    left.dueAtMs - right.dueAtMs ||
    byId(left, right);

const shardOf = ({ keyId }: KeyRecord): number => crc32(keyId) % DUE_SHARDS;
