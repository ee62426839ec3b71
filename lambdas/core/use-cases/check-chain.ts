/** Checks a chain from where it was known to stand, and against its key's own record. */
import { KEY_CHAIN_PREFIX } from '../domain/audit-event.ts';
import { type ChainBreak, chainBreak } from '../domain/audit-proof/audit-break.ts';
import { compareHeads } from '../domain/audit-proof/compare-heads.ts';
import { followEvent } from '../domain/audit-proof/follow-event.ts';
import type { AuditHead } from '../domain/key-record.ts';
import type { ChainReader } from '../ports/audit-proof.ts';

export interface CheckedChain {
  /** As far as it holds. */
  readonly head: AuditHead;
  readonly broken?: ChainBreak;
}

type Deps = { readonly reader: Pick<ChainReader, 'events' | 'keyHeads'> };

/** A key changes once in minutes: who looks as often as this has seen it stand still, or will never. */
const LOOKS = 5;

export async function checkChain(deps: Deps, chain: string, from: AuditHead): Promise<CheckedChain> {
  let head = from;
  for (let look = 1; ; look += 1) {
    const followed = await follow(deps, chain, head);
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

async function follow({ reader }: Deps, chain: string, from: AuditHead): Promise<CheckedChain> {
  let head = from;
  for await (const page of reader.events(chain, { after: from.sequence })) {
    for (const found of page) {
      const next = followEvent(chain, head, found);
      if (next.outcome === 'broken') return { head, broken: next.broken };
      if (next.outcome === 'gap') {
        const facts = { lastSequence: next.found };
        return { head, broken: chainBreak('dropped', chain, next.missing, facts) };
      }
      head = next.head;
    }
  }
  return { head };
}
