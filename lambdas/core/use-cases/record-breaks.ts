/** Puts on record what was found broken, each once, in the audit's own chain. */
import { type AuditEntry, type AuditEvent, KEY_CHAIN_PREFIX } from '../domain/audit-event.ts';
import type { AuditBreak } from '../domain/audit-proof/audit-break.ts';
import { AUDIT_CHAIN, keptOutBy } from '../domain/audit-proof/misdated-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuditChains } from '../ports/audit-chains.ts';
import type { ChainReader } from '../ports/audit-proof.ts';
import { appendEvent } from './append-event.ts';

export interface RecordBreaksDeps {
  readonly reader: Pick<ChainReader, 'events'>;
  readonly chains: AuditChains;
  readonly clock: Clock;
}

/** @returns how many were not on record before */
export async function recordBreaks(deps: RecordBreaksDeps, breaks: readonly AuditBreak[]): Promise<number> {
  if (breaks.length === 0) return 0;
  const known = await knownBreaks(deps);
  const fresh = breaks.filter((found) => !known.has(nameOf(detailOf(found))));
  for (const found of fresh) {
    await appendEvent(deps, AUDIT_CHAIN, {
      action: 'audit.chain-broken',
      actor: { principal: 'keyturn:digest', via: 'schedule' },
      atMs: deps.clock(),
      reason: found.sentence,
      detail: detailOf(found),
    });
  }
  return fresh.length;
}

async function knownBreaks({ reader }: RecordBreaksDeps): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const event of ofTheAudit(reader))
    if (event?.action === 'audit.chain-broken' && event.detail) names.add(nameOf(event.detail));
  return names;
}

/** Chains on record as broken, which digests have left out from there on. */
export async function chainsKeptOut({
  reader,
}: Pick<RecordBreaksDeps, 'reader'>): Promise<ReadonlySet<string>> {
  const chains = new Set<string>();
  for await (const event of ofTheAudit(reader)) {
    const chain = event && keptOutBy(event);
    if (chain !== undefined) chains.add(chain);
  }
  return chains;
}

/** As they lie there, whatever they are. */
async function* ofTheAudit(
  reader: RecordBreaksDeps['reader'],
): AsyncGenerator<Partial<AuditEvent> | undefined> {
  for await (const page of reader.events(AUDIT_CHAIN.chain, { after: 0 }))
    yield* page as readonly Partial<AuditEvent>[];
}

function detailOf(found: AuditBreak): AuditEntry['detail'] {
  if ('chain' in found) {
    const { what, chain, sequence } = found;
    const keyId = chain.startsWith(KEY_CHAIN_PREFIX) ? chain.slice(KEY_CHAIN_PREFIX.length) : undefined;
    return { what, brokenChain: chain, brokenSequence: sequence, ...(keyId ? { brokenKeyId: keyId } : {}) };
  }
  return 'digest' in found ? { what: found.what, digest: found.digest } : { what: found.what };
}

const nameOf = ({ what, brokenChain, brokenSequence, digest }: AuditEntry['detail']): string =>
  [what, brokenChain, brokenSequence, digest].join(' ');
