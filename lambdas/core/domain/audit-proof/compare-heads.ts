/** Where a chain ends by its events, against where it is known to end. */
import type { AuditHead } from '../key-record.ts';
import { type ChainBreak, type ChainBreakKind, chainBreak } from './audit-break.ts';
import type { ChainHead } from './chain-head.ts';

/**
 * @param seen by its events
 * @param known by a digest, or by the key's own record
 * @param beyond what it is when the chain goes on after the known head
 */
export function compareHeads(
  seen: AuditHead,
  { chain, sequence, hash }: ChainHead,
  knownBy: string,
  beyond: ChainBreakKind,
): ChainBreak | undefined {
  if (seen.sequence === 0) return chainBreak('chain-missing', chain, sequence, { knownBy });
  if (seen.sequence < sequence)
    return chainBreak('truncated', chain, seen.sequence + 1, { lastSequence: sequence, knownBy });
  if (seen.sequence > sequence)
    return chainBreak(beyond, chain, sequence + 1, { lastSequence: sequence, knownBy });
  return seen.hash === hash ? undefined : chainBreak('rewritten', chain, sequence, { knownBy });
}
