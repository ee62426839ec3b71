/** What was stored first under a name, in a bucket that keeps every version: later ones and deletions do not hide it. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface FirstVersion {
  /** None of what is longer than was asked for. */
  readonly bytes: Uint8Array;
  /** There are later versions, or it was deleted. */
  readonly overwritten: boolean;
}

export class FirstVersions {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Names that start so, deleted ones included, sorted. */
  async names(prefix: string): Promise<readonly string[]> {
    const names = new Set<string>();
    for await (const { Versions = [], DeleteMarkers = [] } of this.#pages(prefix))
      for (const { Key } of [...Versions, ...DeleteMarkers]) if (Key !== undefined) names.add(Key);
    return [...names].sort();
  }

  /** @param longest in bytes: whoever may write the bucket may lay more there than memory holds */
  async read(name: string, longest: number): Promise<FirstVersion | undefined> {
    let first: ObjectVersion | undefined;
    let kept = 0;
    for await (const { Versions = [], DeleteMarkers = [] } of this.#pages(name)) {
      // S3 lists the latest version of a name first.
      const own = Versions.filter(({ Key }) => Key === name);
      const deletions = DeleteMarkers.filter(({ Key }) => Key === name);
      first = own.at(-1) ?? first;
      kept += own.length + deletions.length;
      // Names that begin with this one stand behind it, however many somebody has laid there.
      if (own.length + deletions.length < Versions.length + DeleteMarkers.length) break;
    }
    if (first === undefined) return undefined;
    const overwritten = kept > 1;
    if ((first.Size ?? 0) > longest) return { bytes: new Uint8Array(), overwritten };
    const { Body } = await this.#client.send(
      new GetObjectCommand({ Bucket: this.#bucket, Key: name, VersionId: first.VersionId }),
    );
    return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), overwritten };
  }

  async *#pages(prefix: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
    let at: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } = {};
    for (;;) {
      const page = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, ...at }),
      );
      yield page;
      if (!page.IsTruncated || page.NextKeyMarker === undefined) return;
      at = {
        KeyMarker: page.NextKeyMarker,
        ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  }
}
