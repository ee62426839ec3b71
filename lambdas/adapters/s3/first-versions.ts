/** What was stored first under a name, in a bucket that keeps every version: later ones and deletions do not hide it. */
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface FirstVersion {
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

  async read(name: string): Promise<FirstVersion | undefined> {
    let first: string | undefined;
    let kept = 0;
    for await (const { Versions = [], DeleteMarkers = [] } of this.#pages(name)) {
      // S3 lists the latest version of a name first.
      const own = Versions.filter(({ Key }) => Key === name);
      first = own.at(-1)?.VersionId ?? first;
      kept += own.length + DeleteMarkers.filter(({ Key }) => Key === name).length;
    }
    if (first === undefined) return undefined;
    const { Body } = await this.#client.send(
      new GetObjectCommand({ Bucket: this.#bucket, Key: name, VersionId: first }),
    );
    return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), overwritten: kept > 1 };
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
