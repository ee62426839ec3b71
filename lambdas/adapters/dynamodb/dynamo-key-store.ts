/** Keys in DynamoDB: one item decides, and each change of it is one transaction with its audit event. */
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { KeyRecord, Rotation } from '../../core/domain/key-record.ts';
import { type MailNotice, waitingNotice } from '../../core/domain/notice.ts';
import type { SealedKey } from '../../core/ports/key-sealer.ts';
import type { KeyChange, KeyPage, KeyQuery, KeyStore } from '../../core/ports/key-store.ts';
import { cancellationCodes, holds, isLostRace, putNew, type Write } from './conditional-writes.ts';
import {
  auditItem,
  changingAttributes,
  indexedRotation,
  META,
  newKeyItem,
  partitionOf,
  ROTATION_ATTRIBUTES,
  recordFromItem,
  rotationSortKey,
  sealedSortKey,
} from './key-item.ts';
import { listKeys } from './list-keys.ts';
import { noticeItem, noticeMoves } from './notice-item.ts';
import { readEvents } from './read-events.ts';

/** `not-written`: another transaction had an item, or a condition failed of a write that is not left out for it. */
type Written = 'written' | 'not-written' | { readonly there: ReadonlySet<Write> };

export interface KeyStoreOptions {
  /** Default: owners are not told by mail. */
  readonly notifies?: boolean;
  /** Told of each change once it is committed. */
  readonly onSaved?: (change: KeyChange) => void;
}

export class DynamoKeyStore implements KeyStore {
  readonly notifies: boolean;
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #onSaved: (change: KeyChange) => void;

  constructor(client: DynamoDBDocumentClient, table: string, options: KeyStoreOptions = {}) {
    const { notifies = false, onSaved = () => {} } = options;
    this.notifies = notifies;
    this.#client = client;
    this.#table = table;
    this.#onSaved = onSaved;
  }

  async find(keyId: string): Promise<KeyRecord | undefined> {
    const item = await this.#get(keyId, META);
    return item && recordFromItem(item);
  }

  async insert(
    record: KeyRecord,
    event: AuditEvent,
    seal?: SealedKey,
    notices: readonly MailNotice[] = [],
  ): Promise<'inserted' | 'exists'> {
    const writes = [
      this.#put(newKeyItem(record)),
      this.#put(auditItem(event)),
      ...(seal ? [this.#seal(seal)] : []),
    ];
    return (await this.#writeWith(writes, notices)) ? 'inserted' : 'exists';
  }

  async save(change: KeyChange): Promise<'saved' | 'stale'> {
    const { before, after, event, seal, notices = [], moves = [] } = change;
    const writes: Write[] = [this.#update(before, after), this.#put(auditItem(event))];
    if (after.rotation?.endedAtMs !== undefined) writes.push(this.#rotation(after, after.rotation));
    if (seal?.put) writes.push(this.#seal(seal.put));
    for (const sealed of seal?.destroy ?? []) writes.push(this.#unseal(sealed));
    writes.push(...noticeMoves(this.#table, moves));
    if (!(await this.#writeWith(writes, notices))) return 'stale';
    this.#onSaved(change);
    return 'saved';
  }

  async findRotation(keyId: string, rotationId: string): Promise<Rotation | undefined> {
    return (await this.#get(keyId, rotationSortKey(rotationId)))?.['rotation'] as Rotation | undefined;
  }

  async findSealed(keyId: string, version: number): Promise<SealedKey | undefined> {
    const sealed = (await this.#get(keyId, sealedSortKey(version)))?.['sealed'] as SealedKey | undefined;
    // By where it lies, whatever it says of itself: another key's seal that was moved here does not open.
    return sealed && { ...sealed, keyId, version };
  }

  async destroySealed({ keyId, version, ciphertext }: SealedKey): Promise<void> {
    const remove = new DeleteCommand({
      TableName: this.#table,
      Key: { pk: partitionOf(keyId), sk: sealedSortKey(version) },
      ConditionExpression: 'sealed.ciphertext = :seen',
      ExpressionAttributeValues: { ':seen': ciphertext },
    });
    await holds(() => this.#client.send(remove));
  }

  list(query: KeyQuery): Promise<KeyPage | 'bad-token'> {
    return listKeys(this.#client, this.#table, query);
  }

  auditEvents(keyId: string): Promise<readonly AuditEvent[]> {
    return readEvents(this.#client, this.#table, partitionOf(keyId));
  }

  async #get(keyId: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk: partitionOf(keyId), sk }, ConsistentRead: true }),
    );
    return Item;
  }

  /**
   * Two steps that read the same revision both come here; the first raises the revision, the second finds its
   * condition gone and nothing of it is written: no version, no event, no seal.
   */
  #update(before: KeyRecord, after: KeyRecord): Write {
    const running = after.rotation?.endedAtMs === undefined ? after.rotation : undefined;
    const attributes = Object.entries({
      ...changingAttributes(after),
      ...(running ? indexedRotation(after.keyId, running) : {}),
    });
    const sets = attributes.map(([name]) => `#${name} = :${name}`);
    const removed = [
      ...(running ? [] : ROTATION_ATTRIBUTES),
      ...(after.exemption ? [] : ['exemption']),
      ...(before.destination && !after.destination ? ['destination'] : []),
      ...(before.proposal && !after.proposal ? ['proposal'] : []),
      ...(before.recipients && !after.recipients ? ['recipients'] : []),
    ];
    const remove = removed.length > 0 ? ` REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : '';
    return {
      Update: {
        TableName: this.#table,
        Key: { pk: partitionOf(before.keyId), sk: META },
        ConditionExpression: 'revision = :seen',
        UpdateExpression: `SET ${sets.join(', ')}${remove}`,
        ExpressionAttributeNames: Object.fromEntries(
          [...attributes.map(([name]) => name), ...removed].map((name) => [`#${name}`, name]),
        ),
        ExpressionAttributeValues: {
          ...Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
          ':seen': before.revision,
        },
      },
    };
  }

  #put(item: Record<string, unknown>): Write {
    return putNew(this.#table, item);
  }

  #rotation({ keyId, owner }: KeyRecord, rotation: Rotation): Write {
    const Item = {
      pk: partitionOf(keyId),
      sk: rotationSortKey(rotation.rotationId),
      owner,
      ...indexedRotation(keyId, rotation),
    };
    return { Put: { TableName: this.#table, Item } };
  }

  #seal(sealed: SealedKey): Write {
    return this.#put({
      pk: partitionOf(sealed.keyId),
      sk: sealedSortKey(sealed.version),
      sealed,
      ttl: Math.ceil(sealed.expiresAtMs / 1000),
    });
  }

  /** Two claims at once both opened the seal; the one that finds it still there hands the key out. */
  #unseal(sealed: SealedKey): Write {
    return {
      Delete: {
        TableName: this.#table,
        Key: { pk: partitionOf(sealed.keyId), sk: sealedSortKey(sealed.version) },
        ConditionExpression: 'attribute_exists(pk)',
      },
    };
  }

  /**
   * A notice that is there already was caused before: it must neither be sent again nor keep the change from being made,
   * so the transaction goes once more without it.
   */
  async #writeWith(writes: Write[], notices: readonly MailNotice[]): Promise<boolean> {
    let waiting = notices.map((notice) => this.#put(noticeItem(waitingNotice(notice))));
    for (;;) {
      const written = await this.#write([...writes, ...waiting], new Set(waiting));
      if (typeof written === 'string') return written === 'written';
      waiting = waiting.filter((each) => !written.there.has(each));
    }
  }

  /** @param mayBeThere those that are left out when they are there already. Anything but a lost condition is thrown */
  async #write(items: Write[], mayBeThere: ReadonlySet<Write>): Promise<Written> {
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
      return 'written';
    } catch (error) {
      const codes = cancellationCodes(error);
      const failed = items.filter((_, index) => codes[index] === 'ConditionalCheckFailed');
      if (failed.length > 0 && failed.every((item) => mayBeThere.has(item)) && !hasOther(codes)) {
        return { there: new Set(failed) };
      }
      if (isLostRace(codes)) return 'not-written';
      throw error;
    }
  }
}

/** A reason beside a condition that failed. */
const hasOther = (codes: readonly string[]): boolean =>
  codes.some((code) => code !== 'None' && code !== 'ConditionalCheckFailed');
