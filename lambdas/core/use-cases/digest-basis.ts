/** What a digest is built on: the one before it, if it is whole, and the heads that it signs. */
import { type DigestBreak, digestBreak } from '../domain/audit-proof/audit-break.ts';
import { ChainEnds } from '../domain/audit-proof/chain-ends.ts';
import {
  type Digest,
  digestSha256,
  isSignedDigest,
  isSignedWith,
  type ProofKey,
} from '../domain/audit-proof/digest.ts';
import type { DigestStore } from '../ports/audit-proof.ts';

export interface DigestBasis {
  readonly previousDigest: Digest['previousDigest'];
  /** Of the one before; none, where there is nothing to build on: then all chains are read from their beginning. */
  readonly heads: ChainEnds;
  /** When the one before was taken. */
  readonly takenAtMs?: number;
  readonly broken?: DigestBreak;
}

/** @param day of the digest before; undefined: there is none */
export async function digestBasis(
  digests: Pick<DigestStore, 'find' | 'heads'>,
  key: ProofKey,
  day: string | undefined,
): Promise<DigestBasis> {
  if (day === undefined) return { previousDigest: null, heads: new ChainEnds() };
  const { found, overwritten } = (await digests.find(day)) ?? { found: undefined, overwritten: false };
  if (!isSignedDigest(found) || !isSignedWith(key, found) || found.digest.date !== day) {
    const broken = digestBreak('digest-forged', day, 'what is stored is not what was signed');
    return { previousDigest: null, heads: new ChainEnds(), broken };
  }
  const { digest } = found;
  const previousDigest = { date: digest.date, sha256: digestSha256(digest) };
  const heads = new ChainEnds();
  for (const head of (await digests.heads({ which: 'all', digest })) ?? []) heads.set(head.chain, head);
  const { headsSha256 } = heads.facts();
  if (headsSha256 !== digest.headsSha256) {
    const broken = digestBreak('heads-differ', day, 'the list of heads is not the one that it signs');
    return { previousDigest, heads: new ChainEnds(), broken };
  }
  const basis = { previousDigest, heads, takenAtMs: Date.parse(digest.takenAt) };
  if (!overwritten) return basis;
  const broken = digestBreak('digest-overwritten', day, 'somebody has written over it or deleted it');
  return { ...basis, broken };
}
