/** Requests with wrong keys as one event for each key or source and window. */
import type { Actor, AuditEntry, Chain } from './audit-event.ts';
import { iso } from './iso-time.ts';
import { mergeTallies, sourceName, type WrongKeyCount } from './wrong-key.ts';

/** What is not of any key. */
export const WRONG_KEYS_CHAIN: Chain = { chain: 'wrong-keys' };

export const WATCH: Actor = { principal: 'keyturn:watch', via: 'schedule' };

/** Sources of one window that are told apart: those with the most requests. */
export const MOST_TOLD = 20;

export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export function wrongKeysEntry(count: WrongKeyCount, { fromMs, toMs }: Window, atMs: number): AuditEntry {
  const { source, requests, reasons, firstAtMs, lastAtMs, callers } = count;
  const [caller] = callers;
  const address = source.kind === 'address' ? source.address : undefined;
  return {
    action: 'security.wrong-keys',
    actor: WATCH,
    atMs,
    ...(address === undefined
      ? {}
      : { origin: { address, ...(caller ? { userAgent: caller.userAgent } : {}) } }),
    detail: {
      windowFrom: iso(fromMs),
      windowTo: iso(toMs),
      source: source.kind,
      requests,
      reasons: Object.entries(reasons).map(([reason, times]) => `${reason}: ${times}`),
      firstAt: iso(firstAtMs),
      lastAt: iso(lastAtMs),
      addresses: unique(callers.map((each) => each.address)),
      userAgents: unique(callers.map((each) => each.userAgent)),
    },
  };
}

const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** As they are told: the sources with the most requests, and all further ones together. Of the same counts always the same. */
export function withoutSmall(counts: readonly WrongKeyCount[]): readonly WrongKeyCount[] {
  const apart = counts.filter(({ source }) => source.kind !== 'others');
  const ranked = [...apart].sort(
    (one, other) =>
      other.requests - one.requests || (sourceName(one.source) < sourceName(other.source) ? -1 : 1),
  );
  const rest = [...ranked.slice(MOST_TOLD), ...counts.filter(({ source }) => source.kind === 'others')];
  const told = ranked.slice(0, MOST_TOLD);
  if (rest.length === 0) return told;
  const others = rest.reduce<WrongKeyCount>(
    (sum, each) => ({ ...mergeTallies(sum, each), source: { kind: 'others' } }),
    { ...(rest[0] as WrongKeyCount), requests: 0, reasons: {}, source: { kind: 'others' } },
  );
  return [...told, others];
}
