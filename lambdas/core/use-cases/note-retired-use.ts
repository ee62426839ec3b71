/** A retired version is used: on record at once, and once in each window, however often it is used in it. */
import { iso } from '../domain/iso-time.ts';
import { WATCH } from '../domain/wrong-key-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { RetiredUse } from '../ports/authorization.ts';
import type { KeyStore } from '../ports/key-store.ts';
import { changeKey, type Decision } from './change-key.ts';

/** Safe to repeat. @param windowMs start of the window that the use was in. @returns whether it is news */
export const noteRetiredUse = (
  { store, clock }: { readonly store: KeyStore; readonly clock: Clock },
  { keyId, version, address, userAgent, atMs, windowMs }: RetiredUse & { readonly windowMs: number },
): Promise<boolean> =>
  changeKey(store, keyId, (record): Decision<boolean> => {
    const before = record?.told?.retiredUsesMs ?? {};
    if (!record || (before[String(version)] ?? -1) >= windowMs) return { result: false };
    const retiredUsesMs = { ...before, [String(version)]: windowMs };
    return {
      result: true,
      change: {
        after: { ...record, told: { ...record.told, retiredUsesMs } },
        entry: {
          action: 'security.retired-key-used',
          actor: WATCH,
          atMs: clock(),
          origin: { address, userAgent },
          detail: { version, usedAt: iso(atMs), windowFrom: iso(windowMs) },
        },
      },
    };
  });
