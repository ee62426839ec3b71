/** Objects of every bucket, deleted and overwritten versions included, but for what `cdk bootstrap` and `deploy` put there. */
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  S3Client,
} from '@aws-sdk/client-s3';
import type { AwsConfig } from '../deployment.ts';
import { pagesOf } from './pages.ts';

/** Templates and code, which are the repository's. */
const ASSETS = /^cdk-/;

export async function objects(aws: AwsConfig): Promise<Map<string, string>> {
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const texts = new Map<string, string>();
  for (const { Name: Bucket } of Buckets.filter(({ Name }) => Name && !ASSETS.test(Name))) {
    for (const { Key, VersionId } of await versionsIn(s3, Bucket)) {
      const at = { Bucket, Key, ...(VersionId && VersionId !== 'null' ? { VersionId } : {}) };
      const { Body, Metadata } = await s3.send(new GetObjectCommand(at));
      const text = `${JSON.stringify(Metadata)} ${await Body?.transformToString('latin1')}`;
      texts.set(`${Bucket}/${Key} ${VersionId}`, text);
    }
  }
  return texts;
}

const versionsIn = (s3: S3Client, Bucket: string | undefined): Promise<ObjectVersion[]> =>
  pagesOf((from: { readonly KeyMarker: string; readonly VersionIdMarker: string } | undefined) =>
    s3
      .send(new ListObjectVersionsCommand({ Bucket, ...from }))
      .then(({ Versions = [], IsTruncated, NextKeyMarker, NextVersionIdMarker }) => ({
        items: Versions,
        next: IsTruncated
          ? { KeyMarker: String(NextKeyMarker), VersionIdMarker: String(NextVersionIdMarker) }
          : undefined,
      })),
  );
