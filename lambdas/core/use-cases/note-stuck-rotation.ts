/** A rotation stands still: on record once, however often it is seen to. */
import { iso } from '../domain/iso-time.ts';
import { rotationFacts } from '../domain/rotation-facts.ts';
import { stuckSinceMs } from '../domain/stuck-rotation.ts';
import { WATCH } from '../domain/wrong-key-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface StuckRotation {
  readonly keyId: string;
  readonly rotationId: string;
}

/** Safe to repeat. What goes on again, or has ended meanwhile, is not noted. @returns whether it is news */
export const noteStuckRotation = (
  { store, clock }: { readonly store: KeyStore; readonly clock: Clock },
  { keyId, rotationId }: StuckRotation,
): Promise<boolean> =>
  changeKey(store, keyId, (record): Decision<boolean> => {
    const atMs = clock();
    const rotation = record?.rotation;
    if (!record || rotation?.rotationId !== rotationId) return { result: false };
    const sinceMs = stuckSinceMs(rotation, atMs);
    if (sinceMs === undefined || record.told?.stuckRotationId === rotationId) return { result: false };
    return {
      result: true,
      change: {
        after: { ...record, told: { ...record.told, stuckRotationId: rotationId } },
        entry: {
          action: 'rotation.stuck',
          actor: WATCH,
          atMs,
          rotationId,
          detail: { since: iso(sinceMs), status: rotation.status, ...rotationFacts(rotation) },
        },
      },
    };
  });
