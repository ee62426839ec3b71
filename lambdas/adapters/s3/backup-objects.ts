/** Objects of a bucket under one prefix, by name: what is put there is ciphertext already. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface BackupObjects {
  put(name: string, text: string): Promise<void>;
  /** Undefined: there is none of this name. */
  get(name: string): Promise<string | undefined>;
  /** Name of the one that was put last among those whose names start so. */
  newest(start: string): Promise<string | undefined>;
}

export class S3BackupObjects implements BackupObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(name: string, text: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: name,
        Body: text,
        ContentType: 'application/json',
      }),
    );
  }

  async get(name: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: name }));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async newest(start: string): Promise<string | undefined> {
    let newest: { readonly name: string; readonly atMs: number } | undefined;
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: start,
          ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
        }),
      );
      for (const { Key: name, LastModified } of page.Contents ?? []) {
        const atMs = LastModified?.getTime() ?? 0;
        // Names of one second are told apart by their order, which is that of time where they are times.
        if (
          name !== undefined &&
          (!newest || atMs > newest.atMs || (atMs === newest.atMs && name > newest.name))
        )
          newest = { name, atMs };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return newest?.name;
  }
}
