/** What a digest is built on: the one before it that is whole, and the heads that it signs. */
import { DAY_MS } from '../../../rules/time-units.ts';
import { type DigestBreak, digestBreak } from '../domain/audit-proof/audit-break.ts';
import { ChainEnds } from '../domain/audit-proof/chain-ends.ts';
import { type Digest, digestSha256, isOwnDigest, type ProofKey } from '../domain/audit-proof/digest.ts';
import type { Clock } from '../ports/ambient.ts';
import type { DigestStore } from '../ports/audit-proof.ts';

export interface DigestBasis {
  readonly previousDigest: Digest['previousDigest'];
  /** Of the one before; none, where there is nothing to build on: then all chains are read from their beginning. */
  readonly heads: ChainEnds;
  /** The one before, whose heads these are. */
  readonly last?: Pick<Digest, 'date' | 'takenAt'>;
  readonly broken: readonly DigestBreak[];
}

interface Deps {
  readonly digests: Pick<DigestStore, 'days' | 'find' | 'heads'>;
  readonly key: ProofKey;
  readonly table: string;
  readonly clock: Clock;
}

/** A clock that went back has digests of ours ahead of it, by some days. */
const SOON_MS = 30 * DAY_MS;
const MOST_FAR = 5;

/**
 * Whoever may write the bucket may lay something under any day, and nobody can take it away again: what is no digest of
 * ours neither stands in the way of one nor is followed by one.
 */
export async function digestBasis(deps: Deps): Promise<DigestBasis> {
  const days = await deps.digests.days();
  const soon = dayOf(deps.clock() + SOON_MS);
  // Of what lies under far days a few are told of and none is read: there may be any number of them.
  const far = days.filter((day) => day > soon).slice(-MOST_FAR);
  const broken: DigestBreak[] = far.reverse().map(forged);
  for (const day of days.filter((each) => each <= soon).reverse()) {
    const stored = await deps.digests.find(day);
    const { found, overwritten = false } = stored ?? {};
    if (isOwnDigest(found, day, deps)) {
      const basis = await basisOf(deps, found.digest, overwritten);
      return { ...basis, broken: [...broken, ...basis.broken] };
    }
    broken.push(forged(day));
  }
  return { previousDigest: null, heads: new ChainEnds(), broken };
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const forged = (day: string): DigestBreak =>
  digestBreak('digest-forged', day, 'what is stored is not what was signed');

async function basisOf({ digests }: Deps, digest: Digest, overwritten: boolean): Promise<DigestBasis> {
  const { date } = digest;
  const previousDigest = { date, sha256: digestSha256(digest) };
  const heads = new ChainEnds();
  for (const head of (await digests.heads({ which: 'all', digest })) ?? []) heads.set(head.chain, head);
  if (heads.facts().headsSha256 !== digest.headsSha256) {
    const broken = digestBreak('heads-differ', date, 'the list of heads is not the one that it signs');
    return { previousDigest, heads: new ChainEnds(), broken: [broken] };
  }
  const basis = { previousDigest, heads, last: digest };
  if (!overwritten) return { ...basis, broken: [] };
  const broken = digestBreak('digest-overwritten', date, 'somebody has written over it or deleted it');
  return { ...basis, broken: [broken] };
}
