/**
 * Digests in a bucket whose objects are locked: a digest by its day, and beside it the lists of heads by the hash of the
 * whole list, sorted JSON Lines in gzip. The lists are written first: a digest that is there has its lists.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import canonicalize from 'canonicalize';
import { type ChainHead, headLine, isChainHead } from '../../core/domain/audit-proof/chain-head.ts';
import type { SignedDigest } from '../../core/domain/audit-proof/digest.ts';
import type { DigestStore, HeadsList, StoredDigest } from '../../core/ports/audit-proof.ts';
import { FirstVersions } from './first-versions.ts';

const DIGESTS = 'digests/';
const DAY_OF_NAME = /^digests\/(\d{4}-\d{2}-\d{2})\.json$/;

/** What somebody else has laid there would not fit into the answer that hands it on. */
const LONGEST_DIGEST = 10_000;
/** A list of more than a million heads, unpacked; packed it is never longer. */
const LONGEST_LIST = 200_000_000;

/** Of the calendar: more names than it has days say nothing. */
const isDay = (day: string): boolean => {
  const atMs = Date.parse(day);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
};

const digestName = (day: string): string => `${DIGESTS}${day}.json`;
const listName = ({ which, digest }: HeadsList): string =>
  `${which === 'all' ? 'heads' : 'moved'}/${digest.date}-${digest.headsSha256}.jsonl.gz`;

export class DigestObjects implements DigestStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #first: FirstVersions;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#first = new FirstVersions(client, bucket);
  }

  async days(): Promise<readonly string[]> {
    return (await this.#first.names(DIGESTS)).flatMap((name) => {
      const day = DAY_OF_NAME.exec(name)?.[1];
      return day !== undefined && isDay(day) ? [day] : [];
    });
  }

  async find(day: string): Promise<StoredDigest | undefined> {
    const stored = await this.#first.read(digestName(day), LONGEST_DIGEST);
    return stored && { found: jsonIn(stored.bytes), overwritten: stored.overwritten };
  }

  async heads(list: HeadsList): Promise<readonly ChainHead[] | undefined> {
    const stored = await this.#first.read(listName(list), LONGEST_LIST);
    return stored && headsIn(stored.bytes);
  }

  async put(
    signed: SignedDigest,
    heads: Iterable<ChainHead>,
    moved: Iterable<ChainHead>,
  ): Promise<'put' | 'exists'> {
    const { digest } = signed;
    await this.#putNew(listName({ which: 'all', digest }), linesOf(heads), 'application/gzip');
    await this.#putNew(listName({ which: 'moved', digest }), linesOf(moved), 'application/gzip');
    const text = Buffer.from(canonicalize(signed) as string);
    return this.#putNew(digestName(digest.date), text, 'application/json');
  }

  /** Of two that write one name at once one succeeds. An object that is to be locked needs a checksum of its content. */
  async #putNew(name: string, bytes: Uint8Array, type: string): Promise<'put' | 'exists'> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: name,
          Body: bytes,
          ContentType: type,
          ChecksumAlgorithm: 'SHA256',
          IfNoneMatch: '*',
        }),
      );
      return 'put';
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return 'exists';
      throw error;
    }
  }
}

const linesOf = (heads: Iterable<ChainHead>): Uint8Array => gzipSync([...heads].map(headLine).join(''));

function headsIn(bytes: Uint8Array): readonly ChainHead[] | undefined {
  try {
    const text = gunzipSync(bytes, { maxOutputLength: LONGEST_LIST }).toString('utf8');
    const lines = text.split('\n').slice(0, -1);
    const heads = lines.map((line) => JSON.parse(line) as unknown);
    return heads.every(isChainHead) && isSorted(heads) ? heads : undefined;
  } catch {
    return undefined;
  }
}

/** Each chain once: lists are gone through by the chain that came last. */
const isSorted = (heads: readonly ChainHead[]): boolean =>
  heads.every(({ chain }, index) => index === 0 || (heads[index - 1] as ChainHead).chain < chain);

function jsonIn(bytes: Uint8Array): unknown {
  if (bytes.length > LONGEST_DIGEST) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
