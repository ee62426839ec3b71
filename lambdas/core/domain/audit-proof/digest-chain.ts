/** The digests one after another: each signed with the key, each naming the one before it. */
import { type DigestBreak, type DigestBreakKind, digestBreak } from './audit-break.ts';
import { digestSha256, isSignedDigest, isSignedWith, type ProofKey, type SignedDigest } from './digest.ts';

export type NextDigest =
  | { readonly outcome: 'follows'; readonly signed: SignedDigest }
  /** It names one before it that was not given: it is missing, or stands behind. */
  | { readonly outcome: 'gap'; readonly missing: string; readonly found: string }
  | { readonly outcome: 'broken'; readonly broken: DigestBreak };

export class DigestChain {
  readonly #key: ProofKey;
  readonly #table: string;
  #last: SignedDigest | undefined;

  constructor(key: ProofKey, table: string) {
    this.#key = key;
    this.#table = table;
  }

  get last(): SignedDigest | undefined {
    return this.#last;
  }

  /** The digest to start from: what was before it is vouched for by its signature alone. */
  anchor(found: unknown): NextDigest {
    return this.#own(found, (signed) => this.#follow(signed));
  }

  next(found: unknown): NextDigest {
    return this.#own(found, (signed) => {
      const { date, previousDigest } = signed.digest;
      const last = this.#last?.digest;
      if (last && date === last.date) return broken('digest-duplicated', date, 'it comes twice');
      if (last && date < last.date)
        return broken('digest-duplicated', date, `it comes after the one of ${last.date}`);
      if (previousDigest && previousDigest.date !== last?.date) {
        return last && previousDigest.date < last.date
          ? broken(
              'digest-unlinked',
              date,
              `it follows the one of ${previousDigest.date}, not the one of ${last.date}`,
            )
          : { outcome: 'gap', missing: previousDigest.date, found: date };
      }
      if (!previousDigest && last)
        return broken('digest-unlinked', date, `it names none before it, and there is one of ${last.date}`);
      if (last && previousDigest?.sha256 !== digestSha256(last))
        return broken('digest-unlinked', date, `the digest of ${last.date} is not the one that it follows`);
      return this.#follow(signed);
    });
  }

  #own(found: unknown, then: (signed: SignedDigest) => NextDigest): NextDigest {
    if (!isSignedDigest(found))
      return broken('digest-unreadable', dateIn(found), 'it does not look like one');
    const { date, table } = found.digest;
    if (!isSignedWith(this.#key, found)) return this.#forged(found);
    if (table !== this.#table) {
      return broken('digest-of-another-deployment', date, `it is of the table ${JSON.stringify(table)}`);
    }
    return then(found);
  }

  #forged({ digest, signature }: SignedDigest): NextDigest {
    const why =
      signature.publicKeySha256 === this.#key.fingerprint
        ? 'its signature does not hold: it was altered or forged'
        : 'it is signed with another key';
    return broken('digest-forged', digest.date, why);
  }

  #follow(signed: SignedDigest): NextDigest {
    this.#last = signed;
    return { outcome: 'follows', signed };
  }
}

const broken = (what: DigestBreakKind, date: string, why: string): NextDigest => ({
  outcome: 'broken',
  broken: digestBreak(what, date, why),
});

const dateIn = (found: unknown): string => {
  const date = (found as { readonly digest?: { readonly date?: unknown } } | null)?.digest?.date;
  return typeof date === 'string' ? date : 'an unknown day';
};
