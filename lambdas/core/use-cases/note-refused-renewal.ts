/** Somebody tried to renew a key without its private key: on record once in a while, however often it is tried. */
import { HOUR_MS } from '../../../rules/time-units.ts';
import type { Visitor } from '../domain/audit-event.ts';
import type { KeyRecord } from '../domain/key-record.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';
import type { ProofFault } from './verify-proof.ts';

/** Anybody may try, so tries must not cost a write each. Each of them is a line of the log and is counted. */
export const REFUSAL_WINDOW_MS = HOUR_MS;

export type RenewalRefusal = ProofFault | 'replayed';

/** @param record the key as it was read for the try; of a key without a registered public key nothing is noted */
export async function noteRefusedRenewal(
  deps: { readonly store: KeyStore; readonly clock: Clock },
  record: KeyRecord | undefined,
  { fault, ...visitor }: Visitor & { readonly fault: RenewalRefusal },
): Promise<void> {
  if (!record || !isDue(record, deps.clock())) return;
  await changeKey(deps.store, record.keyId, (current): Decision<void> => {
    const atMs = deps.clock();
    if (!current || !isDue(current, atMs)) return { result: undefined };
    return {
      result: undefined,
      change: {
        after: { ...current, renewalRefusedAtMs: atMs },
        entry: { action: 'renewal.refused', ...visitor, atMs, detail: { fault } },
      },
    };
  });
}

function isDue({ destination, renewalRefusedAtMs }: KeyRecord, nowMs: number): boolean {
  const lastMs = renewalRefusedAtMs ?? Number.NEGATIVE_INFINITY;
  return destination?.kind === 'renewal' && nowMs - lastMs >= REFUSAL_WINDOW_MS;
}
