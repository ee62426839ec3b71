/** Who uses a deprecating version: the clients that a rotation waits for. */

/** A client as far as a request shows it. */
export interface Caller {
  readonly address: string;
  readonly userAgent: string;
  readonly requests: number;
  readonly lastUsedAtMs: number;
}

/** Two callers of one name are the same one. */
export const callerName = ({ address, userAgent }: Pick<Caller, 'address' | 'userAgent'>): string =>
  `${address} ${userAgent}`;

/** Each caller once, with all its requests, in the order of first appearance. */
export function mergeCallers(callers: readonly Caller[]): readonly Caller[] {
  const merged = new Map<string, Caller>();
  for (const caller of callers) {
    const name = callerName(caller);
    const before = merged.get(name);
    merged.set(
      name,
      before
        ? {
            ...caller,
            requests: before.requests + caller.requests,
            lastUsedAtMs: Math.max(before.lastUsedAtMs, caller.lastUsedAtMs),
          }
        : caller,
    );
  }
  return [...merged.values()];
}

/** Most callers named in an answer. */
const MOST_NAMED = 20;

/** Those that used it last, most recent first. */
export const mostRecentCallers = (callers: readonly Caller[]): readonly Caller[] =>
  [...mergeCallers(callers)]
    .sort((left, right) => right.lastUsedAtMs - left.lastUsedAtMs)
    .slice(0, MOST_NAMED);
