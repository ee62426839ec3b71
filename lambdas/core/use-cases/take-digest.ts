/**
 * Takes the digest of the day over the heads of all chains. It reads the chains that have changed since the digest before,
 * each from the head that was signed; a day that was missed is made up for by the next run, and one that is repeated writes
 * nothing.
 */
import { CHAIN_START } from '../domain/audit-event.ts';
import type { AuditBreak } from '../domain/audit-proof/audit-break.ts';
import type { ChainEnds } from '../domain/audit-proof/chain-ends.ts';
import type { ChainHead } from '../domain/audit-proof/chain-head.ts';
import { type Digest, digestText, parseProofKey } from '../domain/audit-proof/digest.ts';
import { AUDIT_CHAIN, LATE_COMMIT_MS } from '../domain/audit-proof/misdated-event.ts';
import { Misconfigured } from '../domain/errors.ts';
import type { ChainReader, DigestSigner, DigestStore } from '../ports/audit-proof.ts';
import { checkChain } from './check-chain.ts';
import { type DigestBasis, digestBasis } from './digest-basis.ts';
import { chainsKeptOut, type RecordBreaksDeps, recordBreaks } from './record-breaks.ts';

export interface TakeDigestDeps extends RecordBreaksDeps {
  readonly reader: ChainReader;
  readonly digests: DigestStore;
  readonly signer: DigestSigner;
  /** Of the deployment: name of its table. */
  readonly table: string;
}

export type DigestReport =
  | {
      readonly outcome: 'taken';
      readonly digest: Digest;
      /** Chains whose ends differ from the digest before. */
      readonly moved: number;
      readonly broken: readonly AuditBreak[];
    }
  /** `broken`: where something that is none lies under its name. */
  | { readonly outcome: 'exists'; readonly date: string; readonly broken: readonly AuditBreak[] };

const CHAINS_AT_ONCE = 8;

export async function takeDigest(deps: TakeDigestDeps): Promise<DigestReport> {
  const takenAt = new Date(deps.clock()).toISOString();
  const date = takenAt.slice(0, 10);
  const basis = await digestBasis({ ...deps, key: await proofKey(deps.signer) });
  const last = basis.previousDigest?.date;
  if (last !== undefined && last >= date) return { outcome: 'exists', date: last, broken: [] };
  const { moved, broken } = await movedHeads(deps, basis, Date.parse(takenAt));
  const { heads, previousDigest } = basis;
  for (const head of moved) heads.set(head.chain, head);
  const digest: Digest = { version: 1, table: deps.table, date, takenAt, previousDigest, ...heads.facts() };
  const put = await sign(deps, digest, heads, moved);
  return put === 'put'
    ? { outcome: 'taken', digest, moved: moved.length, broken }
    : { outcome: 'exists', date, broken };
}

async function sign(deps: TakeDigestDeps, digest: Digest, heads: ChainEnds, moved: readonly ChainHead[]) {
  const { fingerprint } = await proofKey(deps.signer);
  const value = await deps.signer.sign(digestText(digest));
  const signature = { algorithm: 'ECDSA_SHA_256', publicKeySha256: fingerprint, value } as const;
  return deps.digests.put({ digest, signature }, heads.sorted(), moved);
}

async function movedHeads(deps: TakeDigestDeps, basis: DigestBasis, nowMs: number) {
  const keptOut = await chainsKeptOut(deps);
  const broken: AuditBreak[] = [...basis.broken];
  const moved: ChainHead[] = [];
  const check = async (chain: string): Promise<AuditBreak | undefined> => {
    const from = basis.heads.get(chain) ?? CHAIN_START;
    // A chain that was broken and is mended comes late, and is told of as it was.
    const last = keptOut.has(chain) ? undefined : basis.last;
    const checked = await checkChain(deps, chain, from, { nowMs, ...(last ? { last } : {}) });
    // What does not hold stays out of every digest: a chain stands as far as it holds.
    if (checked.head.sequence > from.sequence) moved.push({ chain, ...checked.head });
    return checked.broken;
  };
  const tell = async (chain: string): Promise<void> => {
    const found = await check(chain);
    if (found) broken.push(found);
  };
  const touched = await touchedChains(deps, basis);
  await eachOf(touched, CHAINS_AT_ONCE, tell);
  // Mending changes no event's time: they may be whole by now. Those that are not were told of when they broke.
  const waiting = [...keptOut].filter((chain) => !touched.has(chain) && chain !== AUDIT_CHAIN.chain);
  await eachOf(waiting, CHAINS_AT_ONCE, check);
  await recordBreaks(deps, broken);
  // Last: what was found broken is on record there by now.
  await tell(AUDIT_CHAIN.chain);
  return { moved: moved.sort((one, other) => (one.chain < other.chain ? -1 : 1)), broken };
}

async function touchedChains({ reader }: TakeDigestDeps, { last }: DigestBasis): Promise<Set<string>> {
  const names = new Set<string>();
  const pages = last ? reader.chainsSince(Date.parse(last.takenAt) - LATE_COMMIT_MS) : reader.allChains();
  for await (const page of pages) for (const name of page) names.add(name);
  names.delete(AUDIT_CHAIN.chain);
  return names;
}

async function eachOf<Value>(
  values: Iterable<Value>,
  atOnce: number,
  work: (value: Value) => Promise<unknown>,
): Promise<void> {
  const left = values[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function proofKey(signer: DigestSigner) {
  const key = parseProofKey(await signer.publicKey());
  if (!key.ok) throw new Misconfigured(key.message);
  return key.value;
}
