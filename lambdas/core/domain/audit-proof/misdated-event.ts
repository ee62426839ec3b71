/** Events whose own time cannot be true: put among the others afterwards, or dated ahead. */
import { HOUR_MS } from '../../../../rules/time-units.ts';
import type { AuditEvent, Chain } from '../audit-event.ts';
import { type ChainBreak, chainBreak } from './audit-break.ts';
import type { Digest } from './digest.ts';

/** An event says when it was made, and is committed a moment later: a Lambda function ends within a quarter of an hour. */
export const LATE_COMMIT_MS = HOUR_MS;
/** Clocks of writers may be ahead of ours. */
export const CLOCK_AHEAD_MS = HOUR_MS;

/** What is on record of the audit itself. */
export const AUDIT_CHAIN: Chain = { chain: 'audit' };

type Dated = Pick<AuditEvent, 'chain' | 'sequence' | 'atMs'>;

/** @param last the digest before it: one that is taken later than an event is made has it, or never will */
export function olderThanDigest(
  { chain, sequence, atMs }: Dated,
  last: Pick<Digest, 'date' | 'takenAt'>,
): ChainBreak | undefined {
  if (atMs >= Date.parse(last.takenAt) - LATE_COMMIT_MS) return undefined;
  const knownBy = `the digest of ${last.date}, which was taken later`;
  return chainBreak('not-in-digest', chain, sequence, { knownBy });
}

/** @param knownBy what was there at `nowMs` */
export const datedAhead = (
  { chain, sequence, atMs }: Dated,
  nowMs: number,
  knownBy: string,
): ChainBreak | undefined =>
  atMs > nowMs + CLOCK_AHEAD_MS ? chainBreak('dated-ahead', chain, sequence, { knownBy }) : undefined;

/**
 * The chain that an event says was broken, and which digests left out for it: when it is mended, they take its events
 * late. One that was left out for such events themselves stays so.
 */
export function keptOutBy({ chain, action, detail }: Partial<AuditEvent>): string | undefined {
  if (chain !== AUDIT_CHAIN.chain || action !== 'audit.chain-broken') return undefined;
  const { what, brokenChain } = detail ?? {};
  return typeof brokenChain === 'string' && what !== 'not-in-digest' && what !== 'dated-ahead'
    ? brokenChain
    : undefined;
}
