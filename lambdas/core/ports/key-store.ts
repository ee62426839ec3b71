/** Where keys live. Every change of a key is one conditional write that carries its audit event. */

import type { KeyStatus } from '../../../rules/words.ts';
import type { AuditEvent } from '../domain/audit-event.ts';
import type { KeyRecord, Rotation } from '../domain/key-record.ts';
import type { MailNotice } from '../domain/notice.ts';
import type { SealedKey } from './key-sealer.ts';
import type { NoticeMove } from './notices.ts';

export interface KeyChange {
  /** What the change was made from; it holds only while this revision is the stored one. */
  readonly before: KeyRecord;
  /**
   * What stands afterwards. A rotation in it that has ended moves to the rotations on record, and the key has none.
   */
  readonly after: KeyRecord;
  readonly event: AuditEvent;
  /** Written in the same transaction: the sealed new key, or its destruction. */
  readonly seal?: { readonly put?: SealedKey; readonly destroy?: readonly SealedKey[] };
  /** Written in the same transaction. One that is there already stays as it is. */
  readonly notices?: readonly MailNotice[];
  /** Moved on in the same transaction; each holds only while its notice stands as it was seen. */
  readonly moves?: readonly NoticeMove[];
}

export interface KeyQuery {
  readonly owner?: string;
  readonly statuses: readonly KeyStatus[];
  readonly limit: number;
  readonly nextToken?: string;
}

export interface KeyPage {
  readonly records: readonly KeyRecord[];
  readonly nextToken: string | null;
}

export interface KeyStore {
  /** Whether owners are told by mail: where nobody sends, nothing is written that would wait for ever. */
  readonly notifies: boolean;
  /** Read consistently: what was written is seen. */
  find(keyId: string): Promise<KeyRecord | undefined>;
  insert(
    record: KeyRecord,
    event: AuditEvent,
    seal?: SealedKey,
    notices?: readonly MailNotice[],
  ): Promise<'inserted' | 'exists'>;
  /** `stale`: another change came first and nothing was written. */
  save(change: KeyChange): Promise<'saved' | 'stale'>;
  /**
   * A rotation that has ended. While it runs it stands in its key alone, and one transaction moves it: who looks for a
   * rotation by its id reads the key first and then here, and misses it nowhere.
   */
  findRotation(keyId: string, rotationId: string): Promise<Rotation | undefined>;
  findSealed(keyId: string, version: number): Promise<SealedKey | undefined>;
  /** One that nobody may open any more, and whose end is no change of its key. Another one in its place stays. */
  destroySealed(sealed: SealedKey): Promise<void>;
  /** For listing only: may lag behind, decides nothing. A token that is not ours is `bad-token`. */
  list(query: KeyQuery): Promise<KeyPage | 'bad-token'>;
  auditEvents(keyId: string): Promise<readonly AuditEvent[]>;
}
