/** Checks a chain from where it was known to stand, and against its key's own record. */
import { type AuditEvent, KEY_CHAIN_PREFIX } from '../domain/audit-event.ts';
import { type ChainBreak, chainBreak } from '../domain/audit-proof/audit-break.ts';
import { compareHeads } from '../domain/audit-proof/compare-heads.ts';
import type { Digest } from '../domain/audit-proof/digest.ts';
import { followEvent } from '../domain/audit-proof/follow-event.ts';
import { datedAhead, olderThanDigest } from '../domain/audit-proof/misdated-event.ts';
import type { AuditHead } from '../domain/key-record.ts';
import type { ChainReader } from '../ports/audit-proof.ts';

export interface CheckedChain {
  /** As far as it holds. */
  readonly head: AuditHead;
  readonly broken?: ChainBreak;
}

/** What events say of their times is held against this. */
export interface CheckTimes {
  readonly nowMs: number;
  /** The digest that has the head to start from; absent: how old events are is not looked at. */
  readonly last?: Pick<Digest, 'date' | 'takenAt'>;
}

type Deps = { readonly reader: Pick<ChainReader, 'events' | 'keyHeads'> };

/** A key changes once in minutes: who looks as often as this has seen it stand still, or will never. */
const LOOKS = 5;

export async function checkChain(
  deps: Deps,
  chain: string,
  from: AuditHead,
  times: CheckTimes,
): Promise<CheckedChain> {
  let head = from;
  for (let look = 1; ; look += 1) {
    const followed = await follow(deps, chain, head, times);
    if (followed.broken || !chain.startsWith(KEY_CHAIN_PREFIX)) return followed;
    head = followed.head;
    // Read after the events: it may be ahead of them by what was written meanwhile, and never behind.
    const [known] = await deps.reader.keyHeads([chain]);
    if (!known) return { head, broken: chainBreak('key-gone', chain, head.sequence) };
    if (known.sequence > head.sequence && look < LOOKS) continue;
    const broken = compareHeads(head, known, "its key's own record", 'forged-continuation');
    return broken ? { head, broken } : { head };
  }
}

async function follow(
  { reader }: Deps,
  chain: string,
  from: AuditHead,
  times: CheckTimes,
): Promise<CheckedChain> {
  let head = from;
  for await (const page of reader.events(chain, { after: from.sequence })) {
    for (const found of page) {
      const next = followEvent(chain, head, found);
      if (next.outcome === 'broken') return { head, broken: next.broken };
      if (next.outcome === 'gap') {
        const facts = { lastSequence: next.found };
        return { head, broken: chainBreak('dropped', chain, next.missing, facts) };
      }
      const misdated = misdatedBy(next.event, times);
      if (misdated) return { head, broken: misdated };
      head = next.head;
    }
  }
  return { head };
}

const misdatedBy = (event: AuditEvent, { nowMs, last }: CheckTimes): ChainBreak | undefined =>
  (last && olderThanDigest(event, last)) ?? datedAhead(event, nowMs, 'the digest that it would be under');
