/** The one way a key changes: read, decide, write once on what was read, and again if somebody was faster. */
import { type AuditEntry, chainEvent } from '../domain/audit-event.ts';
import { WriteContention } from '../domain/errors.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { KeyChange, KeyStore } from '../ports/key-store.ts';

export interface Decision<Result> {
  readonly result: Result;
  /** Absent: nothing changes. */
  readonly change?: {
    readonly after: KeyRecord;
    readonly entry: AuditEntry;
    readonly seal?: NonNullable<KeyChange['seal']>;
  };
}

const ATTEMPTS = 6;

/**
 * Applies one decision to a key.
 *
 * `decide` runs again from the new state whenever another change came first, so it must have no effect that repeating
 * would harm. Throws `WriteContention` after six lost races.
 */
export async function changeKey<Result>(
  store: KeyStore,
  keyId: string,
  decide: (record: KeyRecord | undefined) => Promise<Decision<Result>> | Decision<Result>,
): Promise<Result> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await store.find(keyId);
    const { result, change } = await decide(before);
    if (!change || !before) return result;
    const event = chainEvent(keyId, before.audit, change.entry);
    const after: KeyRecord = {
      ...change.after,
      revision: before.revision + 1,
      audit: { sequence: event.sequence, hash: event.hash },
    };
    const outcome = await store.save({
      before,
      after,
      event,
      ...(change.seal ? { seal: change.seal } : {}),
    });
    if (outcome === 'saved') return result;
  }
  throw new WriteContention(`Key ${keyId} changed ${ATTEMPTS} times while a change of it was being written.`);
}
