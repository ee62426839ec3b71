import type { AuditEntry } from '../domain/audit-event.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey } from './change-key.ts';

/**
 * Puts an event on record in a key's chain; nothing else of the key changes.
 *
 * @returns false when there is no such key: nothing was written
 */
export const recordOnKey = (store: KeyStore, keyId: string, entry: AuditEntry): Promise<boolean> =>
  changeKey(store, keyId, (record) =>
    record ? { result: true, change: { after: record, entry } } : { result: false },
  );
