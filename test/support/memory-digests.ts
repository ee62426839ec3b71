/** Digests in memory, each with all that was ever stored under its day: what came first is what counts. */
import type { ChainHead } from '../../lambdas/core/domain/audit-proof/chain-head.ts';
import type { SignedDigest } from '../../lambdas/core/domain/audit-proof/digest.ts';
import type { DigestStore, HeadsList, StoredDigest } from '../../lambdas/core/ports/audit-proof.ts';
import { frozen } from './frozen.ts';

const nameOf = ({ which, digest }: HeadsList): string => `${which} ${digest.date} ${digest.headsSha256}`;

export class MemoryDigests implements DigestStore {
  readonly versions = new Map<string, unknown[]>();
  readonly lists = new Map<string, readonly ChainHead[]>();
  /** The next digest is not written: whoever was to write it died before. */
  failNextPut = false;

  async days(): Promise<readonly string[]> {
    return [...this.versions.keys()].sort();
  }

  /** Days that were looked up. */
  found: string[] = [];

  async find(day: string): Promise<StoredDigest | undefined> {
    this.found.push(day);
    const versions = this.versions.get(day);
    return versions && { found: versions[0], overwritten: versions.length > 1 };
  }

  async heads(list: HeadsList): Promise<readonly ChainHead[] | undefined> {
    return this.lists.get(nameOf(list));
  }

  async put(signed: SignedDigest, heads: Iterable<ChainHead>, moved: Iterable<ChainHead>) {
    const { digest } = signed;
    this.#putList({ which: 'all', digest }, heads);
    this.#putList({ which: 'moved', digest }, moved);
    if (this.failNextPut) {
      this.failNextPut = false;
      throw new Error('The connection broke.');
    }
    if (this.versions.has(digest.date)) return 'exists';
    this.versions.set(digest.date, [frozen(signed)]);
    return 'put';
  }

  #putList(list: HeadsList, heads: Iterable<ChainHead>): void {
    if (!this.lists.has(nameOf(list))) this.lists.set(nameOf(list), frozen([...heads]));
  }
}
