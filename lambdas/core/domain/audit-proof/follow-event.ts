/** Whether an event is the next of its chain. */
import { type AuditEvent, hashOf } from '../audit-event.ts';
import type { AuditHead } from '../key-record.ts';
import { type ChainBreak, chainBreak } from './audit-break.ts';
import { isHash } from './chain-head.ts';

export type Followed =
  | { readonly outcome: 'follows'; readonly head: AuditHead; readonly event: AuditEvent }
  /** A later event: the ones between are missing, or stand behind it. */
  | { readonly outcome: 'gap'; readonly missing: number; readonly found: number }
  | { readonly outcome: 'broken'; readonly broken: ChainBreak };

/**
 * @param chain where the event lies, whatever it says of itself
 * @param head the event before it
 * @param item the event as it was read, with `misfiled` where it is
 */
export function followEvent(chain: string, head: AuditHead, item: unknown): Followed {
  const next = head.sequence + 1;
  const { misfiled, ...found } = (item ?? {}) as { readonly misfiled?: unknown };
  if (!isEvent(found)) return broken(chainBreak('unreadable', chain, next));
  if (found.chain !== chain) return broken(chainBreak('foreign', chain, next, { otherChain: found.chain }));
  if (!hasOwnHash(found)) return broken(chainBreak('altered', chain, found.sequence));
  if (found.sequence <= head.sequence)
    return broken(chainBreak('duplicated', chain, found.sequence, { lastSequence: head.sequence }));
  if (found.sequence > next) return { outcome: 'gap', missing: next, found: found.sequence };
  if (found.previousHash !== head.hash) return broken(chainBreak('unlinked', chain, found.sequence));
  if (misfiled !== undefined) return broken(chainBreak('misfiled', chain, found.sequence));
  return { outcome: 'follows', head: { sequence: found.sequence, hash: found.hash }, event: found };
}

const broken = (found: ChainBreak): Followed => ({ outcome: 'broken', broken: found });

function hasOwnHash({ hash, ...rest }: AuditEvent): boolean {
  try {
    return hashOf(rest) === hash;
  } catch {
    // What has no canonical form was never hashed.
    return false;
  }
}

function isEvent(value: unknown): value is AuditEvent {
  const { chain, sequence, hash, previousHash, atMs } = (value ?? {}) as Partial<
    Record<keyof AuditEvent, unknown>
  >;
  return (
    typeof chain === 'string' &&
    Number.isSafeInteger(sequence) &&
    Number(sequence) > 0 &&
    isHash(hash) &&
    isHash(previousHash) &&
    typeof atMs === 'number' &&
    atMs >= 0 &&
    !Number.isNaN(new Date(atMs).getTime())
  );
}
