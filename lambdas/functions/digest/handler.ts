/** Once a day: signs where every chain of events ends, and says which of them do not hold. */
import { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoAuditChains } from '../../adapters/dynamodb/dynamo-audit-chains.ts';
import { DynamoChainReader } from '../../adapters/dynamodb/dynamo-chain-reader.ts';
import { storedDocuments } from '../../adapters/dynamodb/stored-documents.ts';
import { KmsDigestSigner } from '../../adapters/kms-signing/kms-digest-signer.ts';
import { DigestObjects } from '../../adapters/s3/digest-objects.ts';
import { type DigestReport, takeDigest } from '../../core/use-cases/take-digest.ts';
import { readEnvironment } from '../environment.ts';
import { logDigest } from './digest-log.ts';
import type { DigestEnv } from './env.ts';

const logger = new Logger({ serviceName: 'keyturn-digest' });
const env = readEnvironment([
  'TABLE_NAME',
  'AUDIT_BUCKET',
  'AUDIT_KEY_ID',
] as const satisfies readonly (keyof DigestEnv)[]);
const documents = storedDocuments();
const deps = {
  reader: new DynamoChainReader(documents, env.TABLE_NAME, Date.now),
  chains: new DynamoAuditChains(documents, env.TABLE_NAME),
  digests: new DigestObjects(new S3Client({}), env.AUDIT_BUCKET),
  signer: new KmsDigestSigner(new KMSClient({}), env.AUDIT_KEY_ID),
  table: env.TABLE_NAME,
  clock: Date.now,
};

export async function handler(): Promise<DigestReport> {
  const report = await takeDigest(deps);
  logDigest(logger, report, Date.now());
  return report;
}
