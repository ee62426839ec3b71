/** What the audit is proved from: the chains as they are stored, the digests, and the key that signs them. */
import type { ChainHead } from '../domain/audit-proof/chain-head.ts';
import type { SignedDigest } from '../domain/audit-proof/digest.ts';

/** Events as they lie in the table, whatever they say of themselves. */
export interface ChainReader {
  /** Of one chain, some at a time, in the order of their places; read consistently. What questions miss is `misfiled: true`. */
  events(chain: string, range: ChainRange): AsyncIterable<readonly unknown[]>;
  /** Names of chains with events from this moment on, up to another one, some more than once. From an index: may lag behind. */
  chainsSince(fromMs: number, toMs?: number): AsyncIterable<readonly string[]>;
  /** Names of all chains, some more than once; reads every event's name. From an index: may lag behind. */
  allChains(): AsyncIterable<readonly string[]>;
  /** Where keys' own records have their chains end; a key that is not there has none. Read consistently. */
  keyHeads(chains: readonly string[]): Promise<readonly ChainHead[]>;
}

/** Places in a chain: those behind `after`, up to and with `upTo`. */
export interface ChainRange {
  readonly after: number;
  readonly upTo?: number;
}

/** What is stored under the name of a day, as it was stored first. */
export interface StoredDigest {
  /** As it was read: nothing of it is known to be true. */
  readonly found: unknown;
  /** There are later versions, or it was deleted. */
  readonly overwritten: boolean;
}

/** Where digests are kept. What was stored first stays; nothing is written over. */
export interface DigestStore {
  /** Days with a digest, those that somebody deleted included, the first one first. */
  days(): Promise<readonly string[]>;
  find(day: string): Promise<StoredDigest | undefined>;
  /** A list of heads by its hash, sorted; undefined: it is not there, or no list. */
  heads(list: HeadsList): Promise<readonly ChainHead[] | undefined>;
  /** Whoever comes second has written nothing. */
  put(
    signed: SignedDigest,
    heads: Iterable<ChainHead>,
    moved: Iterable<ChainHead>,
  ): Promise<'put' | 'exists'>;
}

export interface HeadsList {
  /** `all`: every chain; `moved`: those whose ends differ from the digest before. */
  readonly which: 'all' | 'moved';
  readonly digest: SignedDigest['digest'];
}

export interface DigestSigner {
  /** PEM. */
  publicKey(): Promise<string>;
  /** ECDSA over SHA-256 of the text. @returns the signature in DER, base64 */
  sign(text: string): Promise<string>;
}
