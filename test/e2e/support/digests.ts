/** The daily digest on the deployed stack, and what is stored of it. */
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { SignedDigest } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import type { DigestReport } from '../../../lambdas/core/use-cases/take-digest.ts';
import { awsConfig, cloud } from './deployment.ts';

const lambda = new LambdaClient(awsConfig);
export const s3 = new S3Client({ ...awsConfig, forcePathStyle: true });
export const auditBucket = cloud.outputs['AuditBucketName'] as string;

async function digestFunction(): Promise<string> {
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const found = Functions?.find(
    ({ Description }) => Description === 'Keyturn: the daily digest of the audit',
  );
  if (!found?.FunctionName) throw new Error('There is no digest function.');
  return found.FunctionName;
}

export async function takeDigest(): Promise<DigestReport> {
  const FunctionName = await digestFunction();
  const { Payload, FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`The digest function failed: ${answer}`);
  return JSON.parse(answer);
}

export const digestName = (day: string): string => `digests/${day}.json`;

export async function storedDigest(day: string): Promise<SignedDigest> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: auditBucket, Key: digestName(day) }));
  return JSON.parse((await Body?.transformToString()) ?? '');
}

/** As somebody who may write the bucket: S3 keeps what was there as an older version. */
export async function overwrite(name: string, text: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: auditBucket, Key: name, Body: text }));
}

export async function versionsOf(name: string): Promise<number> {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: auditBucket, Prefix: name }),
  );
  return Versions.filter(({ Key }) => Key === name).length;
}
