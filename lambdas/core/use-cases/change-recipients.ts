/** Changes who is told of a key beside its owner. */
import { addressKey, MOST_RECIPIENTS } from '../../../rules/mail-address.ts';
import type { Actor } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface RecipientsDeps {
  readonly store: KeyStore;
  readonly clock: Clock;
}

export interface RecipientsChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

export type RecipientsOutcome =
  | {
      readonly outcome: 'changed' | 'unchanged';
      readonly owner: string;
      readonly recipients: readonly string[];
    }
  | { readonly outcome: 'unknown-key' | 'revoked' }
  | { readonly outcome: 'too-many'; readonly recipients: number };

/** However an address is written, it is told once; the owner is told anyway. Removes first, then adds. */
export const changeRecipients = (
  { store, clock }: RecipientsDeps,
  keyId: string,
  change: RecipientsChange,
  actor: Actor,
): Promise<RecipientsOutcome> =>
  changeKey(store, keyId, (record): Decision<RecipientsOutcome> => {
    if (!record) return { result: { outcome: 'unknown-key' } };
    if (record.status === 'revoked') return { result: { outcome: 'revoked' } };
    const { owner, recipients: before = [] } = record;
    const recipients = changed(record, change);
    if (recipients.length > MOST_RECIPIENTS)
      return { result: { outcome: 'too-many', recipients: recipients.length } };
    const added = without(recipients, before);
    const removed = without(before, recipients);
    if (added.length + removed.length === 0) return { result: { outcome: 'unchanged', owner, recipients } };
    return {
      result: { outcome: 'changed', owner, recipients },
      change: {
        after: { ...record, recipients },
        entry: { action: 'key.recipients-changed', actor, atMs: clock(), detail: { added, removed } },
      },
    };
  });

function changed({ owner, recipients = [] }: KeyRecord, { add, remove }: RecipientsChange): string[] {
  const kept = without(recipients, remove);
  const known = new Set([owner, ...kept].map(addressKey));
  const fresh = add.filter((address) => {
    const isNew = !known.has(addressKey(address));
    known.add(addressKey(address));
    return isNew;
  });
  return [...kept, ...fresh];
}

function without(addresses: readonly string[], others: readonly string[]): string[] {
  const gone = new Set(others.map(addressKey));
  return addresses.filter((address) => !gone.has(addressKey(address)));
}
