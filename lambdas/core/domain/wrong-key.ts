/** Requests with keys that are none, or none any more, as they are counted: by key or by source, never by what was presented. */
import type { Unauthenticated } from './authorization.ts';
import type { Caller } from './caller.ts';

export const WRONG_KEY_REASONS = ['malformed', 'unknown', 'wrong-secret', 'expired', 'retired'] as const;
export type WrongKeyReason = (typeof WRONG_KEY_REASONS)[number];

/** A request without any key is none with a wrong one, nor is one with a key that may come back. */
export const isWrongKey = (reason: Unauthenticated): reason is WrongKeyReason =>
  (WRONG_KEY_REASONS as readonly string[]).includes(reason);

/** The key that was meant, where there is such a key; else the address that it came from. */
export type WrongKeySource =
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'address'; readonly address: string }
  /** All that there was no room for. */
  | { readonly kind: 'others' };

export interface WrongKeyTally {
  readonly requests: number;
  readonly reasons: Readonly<Partial<Record<WrongKeyReason, number>>>;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Some of those that it came from. */
  readonly callers: readonly Omit<Caller, 'requests'>[];
}

export interface WrongKeyCount extends WrongKeyTally {
  readonly source: WrongKeySource;
}

/** Two sources of one name are the same one. */
export const sourceName = (source: WrongKeySource): string => {
  if (source.kind === 'key') return `KEY#${source.keyId}`;
  return source.kind === 'address' ? `FROM#${source.address}` : 'OTHERS';
};

/** The source of a name that `sourceName` made. */
export function sourceNamed(name: string): WrongKeySource | undefined {
  if (name.startsWith('KEY#')) return { kind: 'key', keyId: name.slice('KEY#'.length) };
  if (name.startsWith('FROM#')) return { kind: 'address', address: name.slice('FROM#'.length) };
  return name === 'OTHERS' ? { kind: 'others' } : undefined;
}

/** Callers named of one source. */
export const MOST_WRONG_CALLERS = 5;

/** Both together. */
export function mergeTallies(left: WrongKeyTally, right: WrongKeyTally): WrongKeyTally {
  const reasons: Partial<Record<WrongKeyReason, number>> = { ...left.reasons };
  for (const [reason, requests] of Object.entries(right.reasons) as [WrongKeyReason, number][]) {
    reasons[reason] = (reasons[reason] ?? 0) + requests;
  }
  const callers = new Map(
    [...left.callers, ...right.callers].map((caller) => [`${caller.address} ${caller.userAgent}`, caller]),
  );
  return {
    requests: left.requests + right.requests,
    reasons,
    firstAtMs: Math.min(left.firstAtMs, right.firstAtMs),
    lastAtMs: Math.max(left.lastAtMs, right.lastAtMs),
    callers: [...callers.values()].slice(-MOST_WRONG_CALLERS),
  };
}
